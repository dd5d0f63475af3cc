/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor_loop: what one mongoc_cursor_next costs that stays inside a batch. (row `cursor`)
 *     cursor_loop URI DATABASE COLLECTION DOCUMENTS_PER_BATCH BATCHES
 * The first call of each batch, which uses the network, is left out; the others are timed together.
 * Printed are the median of the batches and the fastest, which other programs on the machine
 * disturbed least.
 */
#include <mongoc/mongoc.h>

#include "measure.h"

/* Not inlined: callgrind counts the instructions of this function alone. */
static __attribute__((noinline)) long walk_batch(mongoc_cursor_t *cursor, long documents)
{
    const bson_t *document;
    long seen = 0;
    while (seen < documents && mongoc_cursor_next(cursor, &document)) {
        seen++;
    }
    return seen;
}

/* Nanoseconds for each call behind the first of a batch. */
static double time_batch(mongoc_cursor_t *cursor, long documents)
{
    const bson_t *document;
    if (!mongoc_cursor_next(cursor, &document)) {
        bench_fail("the collection has too few documents, or the server cannot be reached");
    }
    int64_t start_ns = bench_now_ns();
    long seen = walk_batch(cursor, documents - 1);
    int64_t end_ns = bench_now_ns();
    if (seen != documents - 1) {
        bench_fail("the cursor ended inside a batch");
    }
    return (double)(end_ns - start_ns) / (double)seen;
}

static void time_batches(mongoc_collection_t *collection, long documents, long batches)
{
    double *per_call_ns = calloc((size_t)batches, sizeof *per_call_ns);
    bson_t filter = BSON_INITIALIZER;
    bson_t *opts = BCON_NEW("batchSize", BCON_INT64(documents));
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &filter, opts, NULL);
    for (long i = 0; per_call_ns && i < batches; i++) {
        per_call_ns[i] = time_batch(cursor, documents);
    }
    mongoc_cursor_destroy(cursor);
    bson_destroy(opts);
    bson_destroy(&filter);
    if (per_call_ns) {
        double median_ns = bench_median(per_call_ns, (size_t)batches);
        printf("ns=%.3f best_ns=%.3f calls=%ld\n", median_ns, per_call_ns[0],
               (documents - 1) * batches);
    }
    free(per_call_ns);
}

int main(int argc, char **argv)
{
    long documents = bench_number(argc, argv, 4, "DOCUMENTS_PER_BATCH");
    long batches = bench_number(argc, argv, 5, "BATCHES");
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new(argv[1]);
    if (client == NULL) {
        bench_fail("the URI is not valid");
    }
    mongoc_collection_t *collection = mongoc_client_get_collection(client, argv[2], argv[3]);
    time_batches(collection, documents, batches);
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
    mongoc_cleanup();
    return 0;
}
