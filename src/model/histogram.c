/* SPDX-License-Identifier: Apache-2.0 */
#include "model/histogram.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static unsigned bucket_of(int64_t value)
{
    if (value < PT_HISTOGRAM_PARTS) {
        return value < 0 ? 0 : (unsigned)value;
    }
    unsigned shift = 63u - (unsigned)__builtin_clzll((unsigned long long)value) - PT_HISTOGRAM_BITS;
    return shift * PT_HISTOGRAM_PARTS + (unsigned)(value >> shift);
}

/* The middle of a bucket. */
static int64_t value_of(unsigned bucket)
{
    if (bucket < 2 * PT_HISTOGRAM_PARTS) {
        return bucket;
    }
    unsigned shift = bucket / PT_HISTOGRAM_PARTS - 1;
    int64_t lowest = (int64_t)(bucket % PT_HISTOGRAM_PARTS + PT_HISTOGRAM_PARTS) << shift;
    return lowest + ((INT64_C(1) << shift) >> 1);
}

static bool ready(struct pt_histogram *histogram)
{
    if (histogram->buckets == NULL) {
        histogram->buckets = calloc(PT_HISTOGRAM_BUCKETS, sizeof *histogram->buckets);
    }
    return histogram->buckets != NULL;
}

void pt_histogram_add(struct pt_histogram *histogram, int64_t value_ns)
{
    if (ready(histogram)) {
        histogram->buckets[bucket_of(value_ns)]++;
        histogram->count++;
    }
}

void pt_histogram_add_bucket(struct pt_histogram *histogram, unsigned bucket, uint64_t count)
{
    if (ready(histogram)) {
        histogram->buckets[bucket] += count;
        histogram->count += count;
    }
}

void pt_histogram_merge(struct pt_histogram *to, const struct pt_histogram *from)
{
    if (from->buckets == NULL || !ready(to)) {
        return;
    }
    for (unsigned i = 0; i < PT_HISTOGRAM_BUCKETS; i++) {
        to->buckets[i] += from->buckets[i];
    }
    to->count += from->count;
}

int64_t pt_histogram_percentile(const struct pt_histogram *histogram, double percent)
{
    if (histogram->count == 0) {
        return 0;
    }
    uint64_t rank = (uint64_t)ceil(percent / 100.0 * (double)histogram->count);
    uint64_t seen = 0;
    for (unsigned i = 0; i < PT_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank && seen > 0) {
            return value_of(i);
        }
    }
    return value_of(PT_HISTOGRAM_BUCKETS - 1);
}

void pt_histogram_release(struct pt_histogram *histogram)
{
    free(histogram->buckets);
    *histogram = (struct pt_histogram){0};
}
