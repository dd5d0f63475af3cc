/* SPDX-License-Identifier: Apache-2.0 */
/* Percentiles against sorted values, of one histogram and of any division that is merged. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/phase.h"

#define MOST 20000

static int64_t values[MOST];

static int smaller_first(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Durations from 1 ns to 18 minutes, each power of two about as often as another. */
static void fill(size_t count, unsigned seed)
{
    srandom(seed);
    for (size_t i = 0; i < count; i++) {
        int64_t wide = ((int64_t)random() << 20) ^ random();
        values[i] = (wide >> (random() % 41)) & 0xFFFFFFFFFF;
    }
}

static void add_all(struct pt_histogram *histogram, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        pt_histogram_add(histogram, values[i]);
    }
}

/* Position ceil(permille / 1000 * count), by counting. */
static int64_t truth(const int64_t *sorted, size_t count, unsigned permille)
{
    size_t rank = 1;
    while (rank * 1000 < permille * count) {
        rank++;
    }
    return sorted[rank - 1];
}

static void check_all(const struct pt_histogram *histogram, size_t count)
{
    static int64_t sorted[MOST];
    double error = pt_histogram_error(histogram);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, smaller_first);
    for (unsigned permille = 1; permille <= 1000; permille++) {
        int64_t expected = truth(sorted, count, permille);
        int64_t found = pt_histogram_percentile(histogram, permille / 10.0);
        cr_assert(le(dbl, fabs((double)(found - expected)), error * (double)expected),
                  "count %zu permille %u: %ld for %ld", count, permille, (long)found,
                  (long)expected);
    }
}

Test(histogram, is_exact_while_values_are_kept)
{
    static const size_t counts[] = {1, 2, 5, 7, 100, 999, PT_HISTOGRAM_KEPT};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct pt_histogram histogram = {0};
        fill(counts[i], 1);
        add_all(&histogram, 0, counts[i]);
        cr_assert(eq(dbl, pt_histogram_error(&histogram), 0.0));
        check_all(&histogram, counts[i]);
        pt_histogram_release(&histogram);
    }
}

Test(histogram, stays_within_its_error_behind_that)
{
    static const size_t counts[] = {PT_HISTOGRAM_KEPT + 1, 5000, MOST};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct pt_histogram histogram = {0};
        fill(counts[i], 2);
        add_all(&histogram, 0, counts[i]);
        cr_assert(eq(dbl, pt_histogram_error(&histogram), PT_HISTOGRAM_ERROR));
        check_all(&histogram, counts[i]);
        pt_histogram_release(&histogram);
    }
}

static void expect_same(const struct pt_histogram *a, const struct pt_histogram *b)
{
    cr_assert(eq(u64, a->count, b->count));
    cr_assert(eq(dbl, pt_histogram_error(a), pt_histogram_error(b)));
    for (unsigned permille = 1; permille <= 1000; permille++) {
        cr_assert(eq(i64, pt_histogram_percentile(a, permille / 10.0),
                     pt_histogram_percentile(b, permille / 10.0)));
    }
}

/* Below, at and above the number of values that are kept. */
Test(histogram, merged_parts_equal_the_whole)
{
    static const size_t counts[] = {40, 999, PT_HISTOGRAM_KEPT, PT_HISTOGRAM_KEPT + 1, 3000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (size_t parts = 2; parts <= 7; parts++) {
            struct pt_histogram whole = {0}, merged = {0};
            fill(counts[i], (unsigned)(i + parts));
            add_all(&whole, 0, counts[i]);
            for (size_t part = 0; part < parts; part++) {
                struct pt_histogram one = {0};
                add_all(&one, counts[i] * part / parts, counts[i] * (part + 1) / parts);
                pt_histogram_merge(&merged, &one);
                pt_histogram_release(&one);
            }
            expect_same(&whole, &merged);
            pt_histogram_release(&whole);
            pt_histogram_release(&merged);
        }
    }
}

/* Counts of buckets, as a log's totals give them, before or behind the values. */
Test(histogram, totals_and_values_merge_in_any_order)
{
    struct pt_histogram before = {0}, behind = {0};
    fill(500, 9);
    pt_histogram_add_bucket(&before, 70, 30);
    add_all(&before, 0, 500);
    add_all(&behind, 0, 500);
    pt_histogram_add_bucket(&behind, 70, 30);
    expect_same(&before, &behind);
    cr_assert(eq(u64, before.count, 530));
    pt_histogram_release(&before);
    pt_histogram_release(&behind);
}

Test(histogram, small_samples_have_no_percentile)
{
    struct pt_phase_stats phase = {.min_ns = 1, .max_ns = 200};
    int64_t value = -1;
    for (int n = 1; n <= 100; n++) {
        pt_histogram_add(&phase.durations, n);
        phase.max_ns = n;
        cr_assert(eq(int, pt_phase_percentile(&phase, 50.0, &value), n >= 5));
        cr_assert(eq(int, pt_phase_percentile(&phase, 90.0, &value), n >= 10));
        cr_assert(eq(int, pt_phase_percentile(&phase, 95.0, &value), n >= 20));
        cr_assert(eq(int, pt_phase_percentile(&phase, 99.0, &value), n >= 100));
    }
    cr_assert(eq(i64, value, 99));
    pt_histogram_release(&phase.durations);
}
