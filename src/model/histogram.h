/* SPDX-License-Identifier: Apache-2.0 */
/*
 * histogram.h: the distribution of durations in bounded memory, for percentiles.
 *
 * Up to PT_HISTOGRAM_KEPT values are kept as they are, and percentiles are exact. With more values,
 * or when a log gives only counts of buckets (its totals), it becomes a log-linear histogram: each
 * power of two is divided into 64 equal buckets. A percentile is then off by at most 1/128 of its
 * value (PT_HISTOGRAM_ERROR), and exact below 128 ns.
 *
 * What it holds depends on the set of values alone, not on their order or on how they were divided
 * between histograms that were merged: percentiles of several merged logs equal those of one log
 * with the same values. At most 8 KB while values are kept, then 30 KB. One thread.
 */
#ifndef PHASETAP_HISTOGRAM_H
#define PHASETAP_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_HISTOGRAM_KEPT    1000
#define PT_HISTOGRAM_BITS    6
#define PT_HISTOGRAM_PARTS   (1 << PT_HISTOGRAM_BITS)
#define PT_HISTOGRAM_BUCKETS ((63 - PT_HISTOGRAM_BITS + 1) * PT_HISTOGRAM_PARTS)
#define PT_HISTOGRAM_ERROR   (1.0 / (2 * PT_HISTOGRAM_PARTS))

/* Zero bytes are an empty one. */
struct pt_histogram {
    int64_t *values;   /* all of them, in no order; NULL: none, or in `buckets` */
    size_t room;       /* of `values` */
    uint64_t *buckets; /* NULL: the values are kept, or memory ran out */
    uint64_t count;    /* values that it holds */
};

/* Negative values count as 0. Without memory for it a value is left out of `count` too. */
void pt_histogram_add(struct pt_histogram *histogram, int64_t value_ns);
/* Adds `count` values of a bucket, which is below PT_HISTOGRAM_BUCKETS. */
void pt_histogram_add_bucket(struct pt_histogram *histogram, unsigned bucket, uint64_t count);
void pt_histogram_merge(struct pt_histogram *to, const struct pt_histogram *from);

/* Nearest rank: the value at position ceil(percent / 100 * count) of the sorted values; `percent`
 * in steps of 0.1. 0 when there is none. Sorts the values that are kept. */
int64_t pt_histogram_percentile(const struct pt_histogram *histogram, double percent);
/* How many of the values are at most `bound_ns`. Of a bucket its middle counts, so that values
 * within 1/128 of the bound may be on its wrong side. */
uint64_t pt_histogram_up_to(const struct pt_histogram *histogram, int64_t bound_ns);
/* The largest relative error of a percentile: 0 while all values are kept. */
double pt_histogram_error(const struct pt_histogram *histogram);
/* The fewest values from which a percentile says something: 5, and for high percentiles so many
 * that one value in the sample lies above it on average (10 for p90, 20 for p95, 100 for p99). */
uint64_t pt_histogram_least(double percent);

/* Hands out each value that is kept, or the middle of each bucket that is not empty, with how many
 * there are of it. In no order. */
typedef void (*pt_histogram_visitor)(void *context, int64_t value_ns, uint64_t count);
void pt_histogram_visit(const struct pt_histogram *histogram, pt_histogram_visitor visit,
                        void *context);

void pt_histogram_release(struct pt_histogram *histogram);

#endif
