/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_loop: what one mongoc_client_get_collection costs among NAMES names. (row `names`)
 *     name_loop NAMES ROUNDS
 * A first pass makes every name known. Then ROUNDS passes over the same names, in an order that
 * jumps; the fastest counts. Nothing is connected. Collections are destroyed outside what is
 * timed. `first_ns`: the pass that made the names known.
 */
#include <mongoc/mongoc.h>

#include "measure.h"

#define NAME_BYTES 48
#define STEP       7919 /* a prime: the passes come to each name once */
#define HELD       64

static char (*names)[NAME_BYTES];

/* Not inlined: callgrind counts the instructions of this function alone. */
static __attribute__((noinline)) void get_each(mongoc_client_t *client, long first, long count,
                                               mongoc_collection_t **got, long held)
{
    for (long i = 0; i < held; i++) {
        long at = (long)((uint64_t)(first + i) * STEP % (uint64_t)count);
        got[i] = mongoc_client_get_collection(client, "clinic", names[at]);
    }
}

/* Nanoseconds for each call; collections are destroyed in between, a few at a time. */
static double time_pass(mongoc_client_t *client, long count)
{
    mongoc_collection_t *got[HELD];
    int64_t took_ns = 0;
    for (long first = 0; first < count; first += HELD) {
        long held = count - first < HELD ? count - first : HELD;
        int64_t start_ns = bench_now_ns();
        get_each(client, first, count, got, held);
        took_ns += bench_now_ns() - start_ns;
        for (long i = 0; i < held; i++) {
            mongoc_collection_destroy(got[i]);
        }
    }
    return (double)took_ns / (double)count;
}

int main(int argc, char **argv)
{
    long count = bench_number(argc, argv, 1, "NAMES");
    long rounds = bench_number(argc, argv, 2, "ROUNDS");
    names = calloc((size_t)count, sizeof *names);
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new("mongodb://127.0.0.1:1/");
    if (names == NULL || client == NULL || count % STEP == 0) {
        bench_fail("NAMES must be no multiple of 7919, and fit into memory");
    }
    for (long i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "patients_of_ward_%ld", i);
    }
    double first_ns = time_pass(client, count), best_ns = first_ns;
    for (long i = 0; i < rounds; i++) {
        double ns = time_pass(client, count);
        best_ns = ns < best_ns ? ns : best_ns;
    }
    printf("ns=%.3f best_ns=%.3f first_ns=%.3f\n", best_ns, best_ns, first_ns);
    mongoc_client_destroy(client);
    mongoc_cleanup();
    return 0;
}
