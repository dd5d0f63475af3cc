/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/rank_range.h"

#include <math.h>
#include <stdlib.h>

#define TAIL        0.025 /* of each end */
#define NORMAL_TAIL 1.959964

/*
 * Number of ways to arrange a + b values so that exactly u pairs are out of order, for each u: the
 * coefficients of the Gaussian binomial, product over i = 1..a of (1 - q^(b + i)) / (1 - q^i). All
 * are whole numbers below 2^53 for a, b <= PT_RANK_EXACT.
 */
static void count_ways(double *ways, int a, int b)
{
    int most = a * b;
    for (int u = 0; u <= most; u++) {
        ways[u] = u == 0 ? 1.0 : 0.0;
    }
    for (int i = 1; i <= a; i++) {
        for (int u = most; u >= b + i; u--) {
            ways[u] -= ways[u - b - i];
        }
        for (int u = i; u <= most; u++) {
            ways[u] += ways[u - i];
        }
    }
}

static double exact_beyond(int a, int b)
{
    double ways[PT_RANK_EXACT * PT_RANK_EXACT + 1];
    double all = 0.0;
    double seen = 0.0;
    int beyond = 0;
    count_ways(ways, a, b);
    for (int u = 0; u <= a * b; u++) {
        all += ways[u];
    }
    while (beyond <= a * b && seen + ways[beyond] <= TAIL * all) {
        seen += ways[beyond++];
    }
    return beyond - 1;
}

double pt_rank_beyond(double a, double b)
{
    if (a < 1.0 || b < 1.0) {
        return -1.0;
    }
    if (a <= PT_RANK_EXACT && b <= PT_RANK_EXACT) {
        return exact_beyond((int)a, (int)b);
    }
    double deviation = sqrt(a * b * (a + b + 1.0) / 12.0);
    return floor(fmax(-1.0, a * b / 2.0 - 0.5 - NORMAL_TAIL * deviation));
}

static int smaller_first(const void *a, const void *b)
{
    const struct pt_sample_item *left = a, *right = b;
    return (left->value > right->value) - (left->value < right->value);
}

/* The ratio below which `weight` of the pairs lie; the one at it, from below. */
static double ratio_at(const struct pt_sample_item *pairs, size_t count, double weight)
{
    double seen = 0.0;
    for (size_t i = 0; i < count; i++) {
        seen += pairs[i].weight;
        if (seen > weight) {
            return pairs[i].value;
        }
    }
    return pairs[count - 1].value;
}

static void fill_pairs(struct pt_sample_item *pairs, const struct pt_sample *a,
                       const struct pt_sample *b)
{
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            double below = fmax(a->items[i].value, 1e-9);
            *pairs++ = (struct pt_sample_item){b->items[j].value / below,
                                               a->items[i].weight * b->items[j].weight};
        }
    }
}

bool pt_rank_range(struct pt_sample *a, struct pt_sample *b, double *ret_low, double *ret_high)
{
    double beyond = pt_rank_beyond(a->total, b->total);
    if (beyond < 0.0 || a->items[a->count - 1].value <= 0.0) {
        return false;
    }
    pt_sample_thin(a, PT_RANK_ITEMS_HIGHEST);
    pt_sample_thin(b, PT_RANK_ITEMS_HIGHEST);
    size_t count = a->count * b->count;
    struct pt_sample_item *pairs = malloc(count * sizeof *pairs);
    if (pairs == NULL) {
        return false;
    }
    fill_pairs(pairs, a, b);
    qsort(pairs, count, sizeof *pairs, smaller_first);
    *ret_low = ratio_at(pairs, count, beyond);
    *ret_high = ratio_at(pairs, count, a->total * b->total - beyond - 1.0);
    free(pairs);
    return true;
}
