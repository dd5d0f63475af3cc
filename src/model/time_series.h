/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time_series.h: sums over the course of a run in bounded memory: buckets of equal width, a power
 * of two of nanoseconds, whose edges are multiples of that width since 1970. When a time lies
 * further away than PT_SERIES_BUCKETS buckets, the width doubles and neighbours are added up.
 *
 * The width is the least at which all times fit, so what a series holds depends on what was added,
 * and neither on the order nor on how it was divided between series that were merged.
 *
 * Zero bytes are an empty series. 12 KB, allocated with the first value; without memory for it
 * values are left out. One thread.
 */
#ifndef PHASETAP_TIME_SERIES_H
#define PHASETAP_TIME_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_SERIES_BUCKETS 256
#define PT_SERIES_VALUES  6
#define PT_SERIES_FINEST  20 /* the narrowest bucket is 2^20 ns, about a millisecond */

struct pt_time_series {
    int64_t (*slots)[PT_SERIES_VALUES]; /* NULL: empty */
    int shift;                          /* the width is 2^shift ns */
    int64_t first, last;                /* numbers of the first and last bucket in use */
    bool highest; /* keeps the highest value of each bucket instead of the sum */
};

/* Adds to the bucket of a moment (nanoseconds since 1970; a negative one counts as 0). `value` is
 * an index below PT_SERIES_VALUES. */
void pt_series_add(struct pt_time_series *series, int64_t t_ns, int value, int64_t amount);
/* Adds the nanoseconds of an interval to the buckets that it covers. */
void pt_series_spread(struct pt_time_series *series, int64_t t_ns, int64_t d_ns, int value);
/* Spreads `amount` (a negative one counts as 0) evenly over an interval; nothing is lost by
 * rounding. */
void pt_series_pour(struct pt_time_series *series, int64_t t_ns, int64_t d_ns, int value,
                    int64_t amount);
void pt_series_merge(struct pt_time_series *to, const struct pt_time_series *from);

/* Buckets from the first to the last one in use, 0 of an empty series; the values of one of them;
 * its begin and width in nanoseconds. */
size_t pt_series_count(const struct pt_time_series *series);
const int64_t *pt_series_at(const struct pt_time_series *series, size_t bucket);
int64_t pt_series_begin(const struct pt_time_series *series, size_t bucket);
int64_t pt_series_width(const struct pt_time_series *series);
/* The bucket that holds the moment, the first one if the moment lies before all, or
 * pt_series_count() behind them. */
size_t pt_series_find(const struct pt_time_series *series, int64_t t_ns);

void pt_series_release(struct pt_time_series *series);

#endif
