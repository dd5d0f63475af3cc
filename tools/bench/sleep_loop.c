/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sleep_loop: a thread that only sleeps: what the kernel alone charges for so many wake-ups.
 * (row `sampler`)
 *     sleep_loop INTERVAL_MICROSECONDS LENGTH_MILLISECONDS
 * Prints its CPU time in percent of one core.
 */
#include <stdio.h>
#include <time.h>

#include "measure.h"

static int64_t cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int main(int argc, char **argv)
{
    long interval_us = bench_number(argc, argv, 1, "INTERVAL_MICROSECONDS");
    long length_ms = bench_number(argc, argv, 2, "LENGTH_MILLISECONDS");
    const struct timespec nap = {interval_us / 1000000, interval_us % 1000000 * 1000};
    int64_t start_ns = bench_now_ns();
    int64_t start_cpu_ns = cpu_ns();
    int64_t end_ns = start_ns + length_ms * 1000000;
    while (bench_now_ns() < end_ns) {
        nanosleep(&nap, NULL);
    }
    double share = 100.0 * (double)(cpu_ns() - start_cpu_ns) / (double)(bench_now_ns() - start_ns);
    printf("share=%.4f\n", share);
    return 0;
}
