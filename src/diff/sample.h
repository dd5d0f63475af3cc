/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample.h: measured values of one side, all of them positive or 0, each with a weight: how often
 * it was seen. Zero bytes are an empty one; release with pt_sample_release(). One thread.
 */
#ifndef PHASETAP_SAMPLE_H
#define PHASETAP_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/histogram.h"

struct pt_sample_item {
    double value, weight;
};

struct pt_sample {
    struct pt_sample_item *items; /* ascending, once pt_sample_sort() was called */
    size_t count, room;
    double total; /* weight */
};

/* False without memory. */
bool pt_sample_add(struct pt_sample *sample, double value, double weight);
/* The durations of a histogram. */
bool pt_sample_add_histogram(struct pt_sample *sample, const struct pt_histogram *histogram);
void pt_sample_sort(struct pt_sample *sample);

/* Of a sorted sample that is not empty: the middle value, or between the two in the middle. */
double pt_sample_median(const struct pt_sample *sample);
/* (Largest - smallest) / median of a sorted sample; 0 where the median is 0. */
double pt_sample_spread(const struct pt_sample *sample);

/* Replaces a sorted sample by at most `most` items of equal weight at equal steps of its rank. */
void pt_sample_thin(struct pt_sample *sample, size_t most);

void pt_sample_release(struct pt_sample *sample);

#endif
