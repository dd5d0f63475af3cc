/* SPDX-License-Identifier: Apache-2.0 */
/*
 * histogram.h: log-linear histogram of durations: each power of two is divided into 64 equal
 * buckets. A percentile is off by at most 1/128 of its value (PT_HISTOGRAM_ERROR), and exact below
 * 64 ns. 30 KB each, allocated when the first value is added.
 */
#ifndef PHASETAP_HISTOGRAM_H
#define PHASETAP_HISTOGRAM_H

#include <stdint.h>

#define PT_HISTOGRAM_BITS    6
#define PT_HISTOGRAM_PARTS   (1 << PT_HISTOGRAM_BITS)
#define PT_HISTOGRAM_BUCKETS ((63 - PT_HISTOGRAM_BITS + 1) * PT_HISTOGRAM_PARTS)
#define PT_HISTOGRAM_ERROR   (1.0 / (2 * PT_HISTOGRAM_PARTS))

struct pt_histogram {
    uint64_t *buckets; /* NULL: no value yet, or no memory for it */
    uint64_t count;
};

void pt_histogram_add(struct pt_histogram *histogram, int64_t value_ns);
/* Adds `count` values of a bucket, which is below PT_HISTOGRAM_BUCKETS. */
void pt_histogram_add_bucket(struct pt_histogram *histogram, unsigned bucket, uint64_t count);
void pt_histogram_merge(struct pt_histogram *to, const struct pt_histogram *from);
/* Nearest rank: the value at position ceil(percent / 100 * count) of the sorted values. 0 when
 * there is none. */
int64_t pt_histogram_percentile(const struct pt_histogram *histogram, double percent);
void pt_histogram_release(struct pt_histogram *histogram);

#endif
