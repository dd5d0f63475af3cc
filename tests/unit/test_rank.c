/* SPDX-License-Identifier: Apache-2.0 */
/* The rank test behind `diff`: against its published table, and how often its range holds the ratio
 * that samples were made with. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

#include "diff/rank_range.h"

/* Critical values of U, two-sided, 5 %, from the tables of textbooks; -1: none. */
Test(rank, agrees_with_the_table_of_the_test)
{
    static const struct {
        int a, b, critical;
    } rows[] = {{3, 4, -1},   {3, 5, 0},    {4, 4, 0},     {5, 5, 2},  {6, 6, 5},
                {7, 9, 12},   {8, 8, 13},   {2, 8, 0},     {2, 7, -1}, {1, 20, -1},
                {10, 10, 23}, {12, 15, 49}, {20, 20, 127}, {3, 3, -1}, {19, 20, 119}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double beyond = pt_rank_beyond(rows[i].a, rows[i].b);
        cr_assert(eq(int, (int)beyond, rows[i].critical), "%d and %d", rows[i].a, rows[i].b);
        cr_assert(eq(dbl, beyond, pt_rank_beyond(rows[i].b, rows[i].a)));
    }
}

Test(rank, goes_over_into_the_normal_distribution_without_a_step)
{
    double exact = pt_rank_beyond(PT_RANK_EXACT, PT_RANK_EXACT);
    double normal = pt_rank_beyond(PT_RANK_EXACT, PT_RANK_EXACT + 1);
    double pairs = PT_RANK_EXACT * PT_RANK_EXACT;
    cr_assert(lt(dbl, fabs(exact / pairs - normal / (pairs + PT_RANK_EXACT)), 0.01));
    cr_assert(lt(dbl, pt_rank_beyond(0, 100), 0.0));
}

/* Uniform in (0, 1], the same sequence on every machine. */
static double chance(void)
{
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return ((double)(state >> 12) + 1.0) / 4503599627370496.0;
}

static void fill(struct pt_sample *sample, int count, double scale)
{
    for (int i = 0; i < count; i++) {
        pt_sample_add(sample, scale * (1.0 - 0.5 * log(chance())), 1.0);
    }
    pt_sample_sort(sample);
}

static bool holds(int count, double ratio)
{
    struct pt_sample a = {0};
    struct pt_sample b = {0};
    double low;
    double high;
    fill(&a, count, 100.0);
    fill(&b, count, 100.0 * ratio);
    cr_assert(pt_rank_range(&a, &b, &low, &high));
    pt_sample_release(&a);
    pt_sample_release(&b);
    return low <= ratio && ratio <= high;
}

Test(rank, the_range_holds_the_true_ratio_as_often_as_it_says)
{
    int held = 0;
    for (int i = 0; i < 2000; i++) {
        held += holds(4 + i % 9, 1.3);
    }
    cr_assert(ge(int, held, 1880), "%d", held); /* 94 %: four deviations below 95.5 % or more */
}

Test(rank, tells_nothing_of_too_few_values)
{
    struct pt_sample a = {0};
    struct pt_sample b = {0};
    double low;
    double high;
    fill(&a, 3, 1.0);
    fill(&b, 4, 1.0);
    cr_assert(not(pt_rank_range(&a, &b, &low, &high)));
    pt_sample_release(&a);
    pt_sample_release(&b);
}

Test(rank, weights_count_as_repeated_values)
{
    struct pt_sample a = {0}, b = {0}, c = {0};
    double low[2];
    double high[2];
    for (int i = 1; i <= 10; i++) {
        pt_sample_add(&a, i, 1.0);
        pt_sample_add(&b, i, 3.0);
        for (int times = 0; times < 3; times++) {
            pt_sample_add(&c, i, 1.0);
        }
    }
    cr_assert(eq(dbl, pt_sample_median(&b), pt_sample_median(&c)));
    cr_assert(pt_rank_range(&a, &b, &low[0], &high[0]) && pt_rank_range(&a, &c, &low[1], &high[1]));
    cr_assert(all(eq(dbl, low[0], low[1]), eq(dbl, high[0], high[1])));
    pt_sample_release(&a);
    pt_sample_release(&b);
    pt_sample_release(&c);
}

Test(rank, a_thinned_sample_keeps_its_quantiles)
{
    struct pt_sample sample = {0};
    for (int i = 0; i < 10001; i++) {
        pt_sample_add(&sample, i, 1.0);
    }
    pt_sample_thin(&sample, 100);
    cr_assert(eq(sz, sample.count, 100));
    cr_assert(lt(dbl, fabs(pt_sample_median(&sample) - 5000.0), 51.0));
    for (size_t i = 0; i < sample.count; i++) {
        cr_assert(lt(dbl, fabs(sample.items[i].value - 100.0 * ((double)i + 0.5)), 2.0));
    }
    pt_sample_release(&sample);
}
