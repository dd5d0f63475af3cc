/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotate_loop: what a pair of phasetap_begin and phasetap_end costs, and one with metadata. (row
 * `annotate`) annotate_loop ROUNDS Run with and without the preload object. The empty loop is
 * printed beside it.
 */
#include "measure.h"
#include "phasetap/phasetap.h"

static double empty_ns(long rounds)
{
    int64_t start_ns = bench_now_ns();
    for (long i = 0; i < rounds; i++) {
        __asm__ volatile("" : : : "memory");
    }
    return (double)(bench_now_ns() - start_ns) / (double)rounds;
}

static double pair_ns(long rounds)
{
    int64_t start_ns = bench_now_ns();
    for (long i = 0; i < rounds; i++) {
        phasetap_begin("Mask Batch");
        __asm__ volatile("" : : : "memory");
        phasetap_end(NULL);
        __asm__ volatile("" : : : "memory");
    }
    return (double)(bench_now_ns() - start_ns) / (double)rounds;
}

static double metadata_ns(long rounds)
{
    int64_t start_ns = bench_now_ns();
    for (long i = 0; i < rounds; i++) {
        PHASETAP_BEGIN("Mask Batch", phasetap_int("batch", i),
                       phasetap_text("collection", "patients"));
        __asm__ volatile("" : : : "memory");
        PHASETAP_END("Mask Batch", phasetap_int("documents", 1000));
        __asm__ volatile("" : : : "memory");
    }
    return (double)(bench_now_ns() - start_ns) / (double)rounds;
}

int main(int argc, char **argv)
{
    long rounds = bench_number(argc, argv, 1, "ROUNDS");
    phasetap_begin("Warm Up"); /* starts the recording */
    phasetap_end(NULL);
    double empty = empty_ns(rounds);
    double pair = pair_ns(rounds);
    printf("empty_ns=%.3f ns=%.3f metadata_ns=%.3f\n", empty, pair, metadata_ns(rounds));
    return 0;
}
