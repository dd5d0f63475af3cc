/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crowd MODE COUNT URI: as many objects of the driver as COUNT says, in the way of MODE.
 *
 *   clients      8 threads, each makes COUNT clients one after another, pings and destroys each
 *   pools        the same with pools, of which each pops one client
 *   sessions     COUNT sessions, 500 of a client, all open at once
 *   collections  COUNT collections of different names, one after another
 *   leaked       COUNT collection objects that are never destroyed, then one more that is used
 *
 * Prints how many calls failed. Exit status: 0 none, 1 some, 2 usage.
 */
#include "driver_work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS       8
#define SESSIONS_EACH 500

static const char *uri_text;
static long count;
static atomic_int failed;

static void *churn_clients(void *unused)
{
    for (long i = 0; i < count; i++) {
        mongoc_client_t *client = mongoc_client_new(uri_text);
        failed += work_ping(client) ? 0 : 1;
        mongoc_client_destroy(client);
    }
    return unused;
}

static void *churn_pools(void *unused)
{
    mongoc_uri_t *uri = mongoc_uri_new(uri_text);
    for (long i = 0; i < count; i++) {
        mongoc_client_pool_t *pool = mongoc_client_pool_new(uri);
        mongoc_client_t *client = mongoc_client_pool_pop(pool);
        failed += work_ping(client) ? 0 : 1;
        mongoc_client_pool_push(pool, client);
        mongoc_client_pool_destroy(pool);
    }
    mongoc_uri_destroy(uri);
    return unused;
}

static void in_threads(void *(*work)(void *))
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        failed += pthread_create(&threads[i], NULL, work, NULL) == 0 ? 0 : 1;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* The driver's own cost of a session grows with those that its client has open. */
static void hold_sessions(void)
{
    const long client_count = (count + SESSIONS_EACH - 1) / SESSIONS_EACH;
    mongoc_client_t **clients = calloc((size_t)client_count, sizeof(void *));
    mongoc_client_session_t **sessions = calloc((size_t)count, sizeof(void *));
    for (long i = 0; i < count; i++) {
        mongoc_client_t **client = &clients[i / SESSIONS_EACH];
        *client = *client ? *client : mongoc_client_new(uri_text);
        sessions[i] = mongoc_client_start_session(*client, NULL, NULL);
        failed += sessions[i] ? 0 : 1;
    }
    failed += work_insert(clients[0], 1) ? 0 : 1;
    for (long i = 0; i < count; i++) {
        mongoc_client_session_destroy(sessions[i]);
    }
    for (long i = 0; i < client_count; i++) {
        mongoc_client_destroy(clients[i]);
    }
    free(clients);
    free(sessions);
}

static mongoc_collection_t *numbered(mongoc_client_t *client, long number)
{
    char name[32];
    snprintf(name, sizeof name, "crowd%ld", number);
    return mongoc_client_get_collection(client, WORK_DATABASE, name);
}

static void pass_collections(mongoc_client_t *client)
{
    for (long i = 0; i < count; i++) {
        mongoc_collection_destroy(numbered(client, i));
    }
    failed += work_insert(client, 1) ? 0 : 1;
}

static void leak_collections(mongoc_client_t *client)
{
    for (long i = 0; i < count; i++) {
        failed += mongoc_client_get_collection(client, WORK_DATABASE, WORK_COLLECTION) ? 0 : 1;
    }
    failed += work_insert(client, 1) ? 0 : 1;
}

static void with_client(void (*work)(mongoc_client_t *))
{
    mongoc_client_t *client = mongoc_client_new(uri_text);
    failed += work_ping(client) ? 0 : 1;
    work(client);
    mongoc_client_destroy(client);
}

static bool run(const char *mode)
{
    if (strcmp(mode, "clients") == 0) {
        in_threads(churn_clients);
    } else if (strcmp(mode, "pools") == 0) {
        in_threads(churn_pools);
    } else if (strcmp(mode, "sessions") == 0) {
        hold_sessions();
    } else if (strcmp(mode, "collections") == 0) {
        with_client(pass_collections);
    } else if (strcmp(mode, "leaked") == 0) {
        with_client(leak_collections);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    count = argc == 4 ? atol(argv[2]) : 0;
    uri_text = argc == 4 ? argv[3] : "";
    mongoc_init();
    if (count <= 0 || !run(argv[1])) {
        fputs("usage: crowd clients|pools|sessions|collections|leaked COUNT URI\n", stderr);
        return 2;
    }
    mongoc_cleanup();
    printf("%d failed\n", failed);
    return failed ? 1 : 0;
}
