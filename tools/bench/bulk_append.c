/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk_append: what adding one small document to a bulk costs. (row `append`)
 *     bulk_append insert|replace BULKS [alone]
 * Each bulk takes 201 documents, of which 200 are timed, and is thrown away: no server is needed.
 * Printed are the median of the bulks and the fastest, which other programs on the machine
 * disturbed least. `alone`: in a program that has no other thread.
 */
#include <mongoc/mongoc.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define BULK_DOCUMENTS 200

/* Not inlined: callgrind counts the instructions of these functions alone. */
static __attribute__((noinline)) void append_inserts(mongoc_bulk_operation_t *bulk,
                                                     const bson_t *document)
{
    for (int i = 0; i < BULK_DOCUMENTS; i++) {
        mongoc_bulk_operation_insert_with_opts(bulk, document, NULL, NULL);
    }
}

static __attribute__((noinline)) void append_replacements(mongoc_bulk_operation_t *bulk,
                                                          const bson_t *selector,
                                                          const bson_t *document)
{
    for (int i = 0; i < BULK_DOCUMENTS; i++) {
        mongoc_bulk_operation_replace_one(bulk, selector, document, false);
    }
}

static double time_bulk(mongoc_collection_t *collection, bool insert, const bson_t *selector,
                        const bson_t *document)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    /* The first of a bulk is left out: functions are looked up then, and the bulk is found in the
     * table of objects. */
    if (insert) {
        mongoc_bulk_operation_insert_with_opts(bulk, document, NULL, NULL);
    } else {
        mongoc_bulk_operation_replace_one(bulk, selector, document, false);
    }
    int64_t start_ns = bench_now_ns();
    if (insert) {
        append_inserts(bulk, document);
    } else {
        append_replacements(bulk, selector, document);
    }
    int64_t end_ns = bench_now_ns();
    mongoc_bulk_operation_destroy(bulk);
    return (double)(end_ns - start_ns) / BULK_DOCUMENTS;
}

static void time_bulks(mongoc_collection_t *collection, bool insert, long bulks)
{
    double *per_call_ns = calloc((size_t)bulks, sizeof *per_call_ns);
    bson_t *selector = BCON_NEW("_id", BCON_INT32(1));
    bson_t *document =
        BCON_NEW("_id", BCON_INT32(1), "name", BCON_UTF8("X. Example"), "zip", BCON_INT32(12345));
    for (long i = 0; per_call_ns && i < bulks; i++) {
        per_call_ns[i] = time_bulk(collection, insert, selector, document);
    }
    bson_destroy(document);
    bson_destroy(selector);
    if (per_call_ns) {
        double median_ns = bench_median(per_call_ns, (size_t)bulks);
        printf("ns=%.3f best_ns=%.3f calls=%ld\n", median_ns, per_call_ns[0],
               bulks * BULK_DOCUMENTS);
    }
    free(per_call_ns);
}

static void *stay(void *unused)
{
    pause();
    return unused;
}

/* The C library's malloc is faster in a process of one thread, by some ns. The preload object adds
 * a thread; so that appends are compared and not malloc, all variants have one. */
static void start_idle_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, stay, NULL) != 0) {
        bench_fail("no thread can be started");
    }
}

int main(int argc, char **argv)
{
    long bulks = bench_number(argc, argv, 2, "BULKS");
    if (argc < 4 || strcmp(argv[3], "alone") != 0) {
        start_idle_thread();
    }
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new("mongodb://127.0.0.1:1");
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "bench", "target");
    time_bulks(collection, strcmp(argv[1], "insert") == 0, bulks);
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
    mongoc_cleanup();
    return 0;
}
