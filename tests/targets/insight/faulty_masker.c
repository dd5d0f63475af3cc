/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faulty_masker FAULT URI: a masking program with one known fault, whose cause a report must name.
 * `healthy` is the program as it should be. The server's delays, which make a fault cost what it
 * costs, are ordered from the canned peer by the test.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faulty_parts.h"

#define THREADS 4

static const char *uri;

/* Inserts `batches` of `size` with a client of its own. */
static void insert_all(int batches, int size, const char *options)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < batches; i++) {
        insert_batch(target, i * size, size, options);
    }
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
}

static void healthy(void)
{
    insert_all(20, 500, NULL);
}

/* Each takes long where a server has to be found again. */
static void few(void)
{
    insert_all(5, 500, NULL);
}

static void one_document(void)
{
    insert_all(400, 1, NULL);
}

static void small_batches(void)
{
    insert_all(300, 10, NULL);
}

/* 10 to 100 documents, so that the fixed cost shows. */
static void varied_batches(void)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < 30; i++) {
        insert_batch(target, i * 100, 10 + i % 10 * 10, NULL);
    }
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
}

static void small_cursor(void)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *source = open_collection(client, SOURCE);
    read_documents(source, 0, 2000, 10);
    mongoc_collection_destroy(source);
    mongoc_client_destroy(client);
}

static void client_per_operation(void)
{
    for (int i = 0; i < 60; i++) {
        insert_all(1, 100, NULL);
    }
}

static void alternating(void)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < 10; i++) {
        mongoc_bulk_operation_t *bulk =
            mongoc_collection_create_bulk_operation_with_opts(target, NULL);
        for (int at = 0; at < 20; at++) {
            bson_t *document = new_document(i * 20 + at, 100);
            mongoc_bulk_operation_insert(bulk, document);
            mongoc_bulk_operation_remove_one(bulk, document);
            bson_destroy(document);
        }
        mongoc_bulk_operation_execute(bulk, NULL, NULL);
        mongoc_bulk_operation_destroy(bulk);
    }
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
}

static void skips(void)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *source = open_collection(client, SOURCE);
    for (int i = 0; i < 30; i++) {
        read_documents(source, i * 100, 50, 0);
    }
    mongoc_collection_destroy(source);
    mongoc_client_destroy(client);
}

static void indexes_first(void)
{
    mongoc_client_t *client = new_client(uri);
    create_index(client, TARGET, "notes");
    mongoc_client_destroy(client);
    insert_all(20, 500, NULL);
}

static void index_calls(void)
{
    static const char *const fields[] = {"name", "ssn", "email", "phone"};
    insert_all(20, 500, NULL);
    mongoc_client_t *client = new_client(uri);
    for (int i = 0; i < 4; i++) {
        create_index(client, TARGET, fields[i]);
    }
    mongoc_client_destroy(client);
}

/* What `step` does between reading a batch and writing it. */
static void copy(void (*step)(int), int milliseconds)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *source = open_collection(client, SOURCE);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < 20; i++) {
        read_documents(source, 0, 500, 0);
        step(milliseconds);
        insert_batch(target, i * 500, 500, NULL);
    }
    mongoc_collection_destroy(source);
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
}

static void in_turn(void)
{
    copy(compute_ms, 1);
}

static void sleeps(void)
{
    copy(sleep_ms, 60);
}

static void refused(void)
{
    insert_all(20, 500, "{\"ordered\": false}");
}

static void unacknowledged(void)
{
    insert_all(20, 500, "{\"writeConcern\": {\"w\": 0}}");
}

/* Keeps what it masked. */
static void leaks(void)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < 60; i++) {
        insert_batch(target, i * 100, 100, NULL);
        char *kept = malloc(1 << 20);
        memset(kept, i, 1 << 20);
    }
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
}

/* The same memory, but all of it first. */
static void keeps_still(void)
{
    char *kept = malloc(60 << 20);
    memset(kept, 1, 60 << 20);
    insert_all(60, 100, NULL);
    free(kept);
}

static mongoc_client_pool_t *pool;

static void *pooled_worker(void *number)
{
    for (int i = 0; i < 10; i++) {
        mongoc_client_t *client = mongoc_client_pool_pop(pool);
        mongoc_collection_t *target = open_collection(client, TARGET);
        insert_batch(target, (int)(intptr_t)number * 100000 + i * 100, 100, NULL);
        mongoc_collection_destroy(target);
        mongoc_client_pool_push(pool, client);
    }
    return NULL;
}

static void *own_worker(void *batches)
{
    insert_all((int)(intptr_t)batches, 100, NULL);
    return NULL;
}

static void run_threads(void *(*work)(void *), const int numbers[THREADS])
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, work, (void *)(intptr_t)numbers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void with_pool(int size)
{
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    pool = mongoc_client_pool_new(parsed);
    mongoc_client_pool_max_size(pool, (uint32_t)size);
    run_threads(pooled_worker, (const int[THREADS]){1, 2, 3, 4});
    mongoc_client_pool_destroy(pool);
    mongoc_uri_destroy(parsed);
}

static void small_pool(void)
{
    with_pool(1);
}

static void large_pool(void)
{
    with_pool(THREADS);
}

static void uneven(void)
{
    run_threads(own_worker, (const int[THREADS]){5, 5, 5, 40});
}

static void even(void)
{
    run_threads(own_worker, (const int[THREADS]){12, 12, 12, 12});
}

static void *computing_worker(void *number)
{
    mongoc_client_t *client = new_client(uri);
    mongoc_collection_t *target = open_collection(client, TARGET);
    for (int i = 0; i < 10; i++) {
        compute_ms(15);
        insert_batch(target, (int)(intptr_t)number * 100000 + i * 100, 100, NULL);
    }
    mongoc_collection_destroy(target);
    mongoc_client_destroy(client);
    return NULL;
}

/* All threads are bound to the CPU that this one runs on. */
static void one_cpu(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    run_threads(computing_worker, (const int[THREADS]){1, 2, 3, 4});
}

static const struct {
    const char *name;
    void (*run)(void);
} faults[] = {
    {"healthy", healthy},
    {"few", few},
    {"one-document", one_document},
    {"small-batches", small_batches},
    {"varied-batches", varied_batches},
    {"small-cursor", small_cursor},
    {"client-per-operation", client_per_operation},
    {"alternating", alternating},
    {"skips", skips},
    {"indexes-first", indexes_first},
    {"index-calls", index_calls},
    {"in-turn", in_turn},
    {"sleeps", sleeps},
    {"refused", refused},
    {"unacknowledged", unacknowledged},
    {"leaks", leaks},
    {"keeps-still", keeps_still},
    {"small-pool", small_pool},
    {"large-pool", large_pool},
    {"uneven", uneven},
    {"even", even},
    {"one-cpu", one_cpu},
};

int main(int argc, char **argv)
{
    mongoc_init();
    uri = argc == 3 ? argv[2] : "";
    for (size_t i = 0; argc == 3 && i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(argv[1], faults[i].name) == 0) {
            faults[i].run();
            mongoc_cleanup();
            return 0;
        }
    }
    fprintf(stderr, "usage: faulty_masker FAULT URI\n");
    return 2;
}
