/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/sample.h"

#include <stdlib.h>

#include "base/array.h"

bool pt_sample_add(struct pt_sample *sample, double value, double weight)
{
    struct pt_sample_item *items =
        pt_array_reach(sample->items, &sample->room, sample->count, 16, sizeof *items);
    if (items == NULL) {
        return false;
    }
    sample->items = items;
    items[sample->count++] = (struct pt_sample_item){.value = value, .weight = weight};
    sample->total += weight;
    return true;
}

/* A sample that is being filled. */
struct filling {
    struct pt_sample *sample;
    bool good;
};

static void add_duration(void *context, int64_t value_ns, uint64_t count)
{
    struct filling *filling = context;
    filling->good =
        filling->good && pt_sample_add(filling->sample, (double)value_ns, (double)count);
}

bool pt_sample_add_histogram(struct pt_sample *sample, const struct pt_histogram *histogram)
{
    struct filling filling = {.sample = sample, .good = true};
    pt_histogram_visit(histogram, add_duration, &filling);
    return filling.good;
}

static int smaller_first(const void *a, const void *b)
{
    const struct pt_sample_item *left = a, *right = b;
    return (left->value > right->value) - (left->value < right->value);
}

void pt_sample_sort(struct pt_sample *sample)
{
    if (sample->count > 1) {
        qsort(sample->items, sample->count, sizeof *sample->items, smaller_first);
    }
}

double pt_sample_median(const struct pt_sample *sample)
{
    double seen = 0.0;
    for (size_t i = 0; i < sample->count; i++) {
        seen += sample->items[i].weight;
        if (2.0 * seen > sample->total) {
            return sample->items[i].value;
        }
        if (2.0 * seen >= sample->total && i + 1 < sample->count) {
            return (sample->items[i].value + sample->items[i + 1].value) / 2.0;
        }
    }
    return sample->count > 0 ? sample->items[sample->count - 1].value : 0.0;
}

double pt_sample_spread(const struct pt_sample *sample)
{
    double median = pt_sample_median(sample);
    if (median <= 0.0) {
        return 0.0;
    }
    return (sample->items[sample->count - 1].value - sample->items[0].value) / median;
}

void pt_sample_thin(struct pt_sample *sample, size_t most)
{
    size_t at = 0;
    if (sample->count <= most) {
        return;
    }
    double seen = sample->items[0].weight;
    for (size_t i = 0; i < most; i++) {
        double rank = sample->total * ((double)i + 0.5) / (double)most;
        while (seen < rank && at + 1 < sample->count) {
            seen += sample->items[++at].weight;
        }
        /* never behind the place that is read: most < count */
        sample->items[i].value = sample->items[at > i ? at : i].value;
    }
    for (size_t i = 0; i < most; i++) {
        sample->items[i].weight = sample->total / (double)most;
    }
    sample->count = most;
}

void pt_sample_release(struct pt_sample *sample)
{
    free(sample->items);
    *sample = (struct pt_sample){0};
}
