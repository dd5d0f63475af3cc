/* SPDX-License-Identifier: Apache-2.0 */
#include "model/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

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

static bool make_buckets(struct pt_histogram *histogram)
{
    if (histogram->buckets == NULL) {
        histogram->buckets = calloc(PT_HISTOGRAM_BUCKETS, sizeof *histogram->buckets);
    }
    return histogram->buckets != NULL;
}

/* From kept values to buckets. False without memory: the values stay as they are. */
static bool spread(struct pt_histogram *histogram)
{
    if (!make_buckets(histogram)) {
        return false;
    }
    for (uint64_t i = 0; histogram->values != NULL && i < histogram->count; i++) {
        histogram->buckets[bucket_of(histogram->values[i])]++;
    }
    free(histogram->values);
    histogram->values = NULL;
    histogram->room = 0;
    return true;
}

static bool keep(struct pt_histogram *histogram, int64_t value_ns)
{
    int64_t *values =
        pt_array_reach(histogram->values, &histogram->room, histogram->count, 8, sizeof *values);
    if (values == NULL) {
        return false;
    }
    histogram->values = values;
    values[histogram->count++] = value_ns < 0 ? 0 : value_ns;
    return true;
}

static void add_first(struct pt_histogram *histogram, int64_t value_ns)
{
    if (histogram->count < PT_HISTOGRAM_KEPT) {
        keep(histogram, value_ns);
    } else if (spread(histogram)) {
        histogram->buckets[bucket_of(value_ns)]++;
        histogram->count++;
    }
}

void pt_histogram_add(struct pt_histogram *histogram, int64_t value_ns)
{
    if (histogram->buckets == NULL) {
        add_first(histogram, value_ns);
        return;
    }
    histogram->buckets[bucket_of(value_ns)]++;
    histogram->count++;
}

void pt_histogram_add_bucket(struct pt_histogram *histogram, unsigned bucket, uint64_t count)
{
    if (count > 0 && spread(histogram)) {
        histogram->buckets[bucket] += count;
        histogram->count += count;
    }
}

static void merge_buckets(struct pt_histogram *to, const struct pt_histogram *from)
{
    if (!spread(to)) {
        return;
    }
    for (unsigned i = 0; i < PT_HISTOGRAM_BUCKETS; i++) {
        to->buckets[i] += from->buckets[i];
    }
    to->count += from->count;
}

void pt_histogram_merge(struct pt_histogram *to, const struct pt_histogram *from)
{
    if (from->buckets != NULL) {
        merge_buckets(to, from);
        return;
    }
    for (uint64_t i = 0; i < from->count; i++) {
        pt_histogram_add(to, from->values[i]);
    }
}

static int smaller_first(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* In integers: 0.07 * 100 is more than 7 as a double. */
static uint64_t rank_of(double percent, uint64_t count)
{
    unsigned __int128 thousandths = (unsigned __int128)count * (uint64_t)lround(percent * 10.0);
    uint64_t rank = (uint64_t)((thousandths + 999) / 1000);
    return rank < 1 ? 1 : rank;
}

int64_t pt_histogram_percentile(const struct pt_histogram *histogram, double percent)
{
    uint64_t rank = rank_of(percent, histogram->count);
    uint64_t seen = 0;
    if (histogram->count == 0) {
        return 0;
    }
    if (histogram->buckets == NULL) {
        qsort(histogram->values, histogram->count, sizeof *histogram->values, smaller_first);
        return histogram->values[rank < histogram->count ? rank - 1 : histogram->count - 1];
    }
    for (unsigned i = 0; i < PT_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank) {
            return value_of(i);
        }
    }
    return value_of(PT_HISTOGRAM_BUCKETS - 1);
}

uint64_t pt_histogram_up_to(const struct pt_histogram *histogram, int64_t bound_ns)
{
    uint64_t count = 0;
    if (histogram->buckets == NULL) {
        for (uint64_t i = 0; i < histogram->count; i++) {
            count += histogram->values[i] <= bound_ns;
        }
        return count;
    }
    for (unsigned i = 0; i < PT_HISTOGRAM_BUCKETS && value_of(i) <= bound_ns; i++) {
        count += histogram->buckets[i];
    }
    return count;
}

double pt_histogram_error(const struct pt_histogram *histogram)
{
    return histogram->buckets == NULL ? 0.0 : PT_HISTOGRAM_ERROR;
}

uint64_t pt_histogram_least(double percent)
{
    long above = 1000 - lround(percent * 10.0);
    uint64_t least = above <= 0 ? 1000 : (uint64_t)((1000 + above - 1) / above);
    return least < 5 ? 5 : least;
}

void pt_histogram_visit(const struct pt_histogram *histogram, pt_histogram_visitor visit,
                        void *context)
{
    for (uint64_t i = 0; histogram->values != NULL && i < histogram->count; i++) {
        visit(context, histogram->values[i], 1);
    }
    for (unsigned i = 0; histogram->buckets != NULL && i < PT_HISTOGRAM_BUCKETS; i++) {
        if (histogram->buckets[i] > 0) {
            visit(context, value_of(i), histogram->buckets[i]);
        }
    }
}

void pt_histogram_release(struct pt_histogram *histogram)
{
    free(histogram->values);
    free(histogram->buckets);
    *histogram = (struct pt_histogram){0};
}
