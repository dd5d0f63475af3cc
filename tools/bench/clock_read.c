/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock_read: what a read of a clock costs. (row `clock`)
 *     clock_read time|count ROUNDS
 * `time` calibrates the time-stamp counter as the writer thread does and prints the nanoseconds of
 * one read of CLOCK_MONOTONIC, of the bare counter and of pt_now_ns; `on_counter` is 1 if the
 * latter could use the counter here, `worst_ns` its largest deviation. `count` makes a line from
 * simulated clocks, since under callgrind no read is fast enough to calibrate, and reads; the
 * harness counts the instructions of the two loops.
 */
#include <string.h>

#include "base/clock.h"
#include "measure.h"

#define READS 1000

static __attribute__((noinline)) void read_monotonic(void)
{
    for (int i = 0; i < READS; i++) {
        int64_t now_ns = bench_now_ns();
        __asm__ volatile("" : : "r"(now_ns));
    }
}

static __attribute__((noinline)) void read_counter(void)
{
    for (int i = 0; i < READS; i++) {
        uint64_t counter = pt_clock_counter();
        __asm__ volatile("" : : "r"(counter));
    }
}

static __attribute__((noinline)) void read_now(void)
{
    for (int i = 0; i < READS; i++) {
        int64_t now_ns = pt_now_ns();
        __asm__ volatile("" : : "r"(now_ns));
    }
}

/* The fastest round: the one that the machine's other work disturbed least. */
static double best_ns(void (*read)(void), long rounds)
{
    int64_t best = INT64_MAX;
    for (long i = 0; i < rounds; i++) {
        int64_t start_ns = bench_now_ns();
        read();
        int64_t took_ns = bench_now_ns() - start_ns;
        best = took_ns < best ? took_ns : best;
    }
    return (double)best / READS;
}

static void calibrate(int ticks)
{
    struct timespec pause = {.tv_nsec = 60000000};
    for (int i = 0; i < ticks; i++) {
        pt_clock_tick();
        nanosleep(&pause, NULL);
    }
}

/* Simulated: a counter of 2 GHz that has been read in the recent past. */
static uint64_t simulated_counts;

static uint64_t simulated_counter(void)
{
    return simulated_counts;
}

static int64_t simulated_monotonic(void)
{
    return (int64_t)(simulated_counts / 2);
}

static enum pt_clock_state always(void)
{
    return PT_CLOCK_WAITING;
}

static void simulate(void)
{
    static const struct pt_clock_sources sources = {simulated_counter, simulated_monotonic, always};
    simulated_counts = pt_clock_counter() - 1000000000;
    pt_clock_set_sources(&sources);
    while (pt_clock_state() == PT_CLOCK_WAITING) {
        simulated_counts += 200000000;
        pt_clock_tick();
    }
}

int main(int argc, char **argv)
{
    long rounds = bench_number(argc, argv, 2, "ROUNDS");
    pt_clock_begin(true);
    if (strcmp(argv[1], "count") == 0) {
        simulate();
        read_monotonic();
        read_now();
        printf("calls=%d on_counter=%d\n", READS, pt_clock_state() == PT_CLOCK_COUNTER);
        return 0;
    }
    calibrate(10);
    double monotonic_ns = best_ns(read_monotonic, rounds);
    double counter_ns = best_ns(read_counter, rounds);
    double now_ns = best_ns(read_now, rounds);
    calibrate(10);
    printf("monotonic_ns=%.2f counter_ns=%.2f now_ns=%.2f on_counter=%d worst_ns=%lld\n",
           monotonic_ns, counter_ns, now_ns, pt_clock_state() == PT_CLOCK_COUNTER,
           (long long)pt_clock_worst_ns());
    return 0;
}
