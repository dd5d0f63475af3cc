/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.h: what the benchmark programs share: clocks, medians, arguments. Times are nanoseconds.
 * Results go to standard output as `name=number` words on one line, which tools/bench/run reads. A
 * program that cannot measure says why on standard error and exits with 1.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline int64_t bench_clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t bench_now_ns(void)
{
    return bench_clock_ns(CLOCK_MONOTONIC);
}

static inline int64_t bench_thread_cpu_ns(void)
{
    return bench_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static inline _Noreturn void bench_fail(const char *what)
{
    fprintf(stderr, "benchmark: %s\n", what);
    exit(1);
}

static inline int bench_compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Sorts `values`. */
static inline double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, bench_compare_doubles);
    return count == 0 ? 0.0 : (values[count / 2] + values[(count - 1) / 2]) / 2;
}

/* Argument `index` as a number of at least 1. */
static inline long bench_number(int argc, char **argv, int index, const char *name)
{
    char *end = NULL;
    long number = index < argc ? strtol(argv[index], &end, 10) : 0;
    if (number < 1 || end == NULL || *end != '\0') {
        fprintf(stderr, "%s: argument %d (%s) must be a number of at least 1\n", argv[0], index,
                name);
        exit(2);
    }
    return number;
}

#endif
