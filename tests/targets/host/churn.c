/* SPDX-License-Identifier: Apache-2.0 */
/*
 * churn URI THREADS ROUNDS: THREADS threads at once, each of which makes and destroys ROUNDS
 * clients, every second one from a pool that all share, with sessions, collections of new names,
 * cursors and a bulk. Every tenth round is done by a thread of its own, which ends at once. Prints
 * "failed N", the number of operations that did.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver_work.h"

#define THREADS_HIGHEST 64
#define DOCUMENTS       3

static const char *uri;
static mongoc_client_pool_t *pool;
static int rounds;
static atomic_int failed;

struct turn {
    int thread, round;
};

/* To a cursor's end, or left in the middle. */
static void find(mongoc_collection_t *collection, bool whole)
{
    bson_t *filter = bson_new();
    const bson_t *document;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, NULL, NULL);
    while (mongoc_cursor_next(cursor, &document) && whole) {}
    failed += mongoc_cursor_error(cursor, NULL) ? 1 : 0;
    mongoc_cursor_destroy(cursor);
    bson_destroy(filter);
}

static void write_bulk(mongoc_collection_t *collection)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    for (int i = 0; i < DOCUMENTS; i++) {
        bson_t *document = BCON_NEW("number", BCON_INT64(i));
        mongoc_bulk_operation_insert(bulk, document);
        bson_destroy(document);
    }
    failed += mongoc_bulk_operation_execute(bulk, NULL, NULL) == 0 ? 1 : 0;
    mongoc_bulk_operation_destroy(bulk);
}

static void use(mongoc_client_t *client, const struct turn *turn)
{
    char name[64];
    mongoc_client_session_t *session = mongoc_client_start_session(client, NULL, NULL);
    snprintf(name, sizeof name, "c%d_%d", turn->thread, turn->round);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, WORK_DATABASE, name);
    write_bulk(collection);
    find(collection, turn->round % 3 != 0);
    failed += work_insert(client, turn->round) ? 0 : 1;
    mongoc_collection_destroy(collection);
    if (session != NULL) {
        mongoc_client_session_destroy(session);
    }
}

static void *one_round(void *argument)
{
    const struct turn *turn = argument;
    const bool pooled = turn->round % 2 == 0;
    mongoc_client_t *client = pooled ? mongoc_client_pool_pop(pool) : mongoc_client_new(uri);
    use(client, turn);
    if (pooled) {
        mongoc_client_pool_push(pool, client);
    } else {
        mongoc_client_destroy(client);
    }
    return NULL;
}

static void *work(void *argument)
{
    struct turn turn = {.thread = (int)(intptr_t)argument};
    for (; turn.round < rounds; turn.round++) {
        pthread_t thread;
        if (turn.round % 10 == 0 && pthread_create(&thread, NULL, one_round, &turn) == 0) {
            pthread_join(thread, NULL);
        } else {
            one_round(&turn);
        }
    }
    return NULL;
}

static void run(int threads)
{
    pthread_t started[THREADS_HIGHEST];
    for (int i = 0; i < threads; i++) {
        pthread_create(&started[i], NULL, work, (void *)(intptr_t)i);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(started[i], NULL);
    }
}

int main(int argc, char **argv)
{
    const int threads = argc == 4 ? atoi(argv[2]) : 0;
    if (threads < 1 || threads > THREADS_HIGHEST) {
        fprintf(stderr, "usage: churn URI THREADS ROUNDS\n");
        return 2;
    }
    uri = argv[1];
    rounds = atoi(argv[3]);
    mongoc_init();
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    pool = mongoc_client_pool_new(parsed);
    run(threads);
    mongoc_client_pool_destroy(pool);
    mongoc_uri_destroy(parsed);
    mongoc_cleanup();
    printf("failed %d\n", failed);
    return 0;
}
