/* SPDX-License-Identifier: Apache-2.0 */
/* What verdicts are drawn from: lines through points, sums over the course of a run, calls by
 * namespace, the growth of memory. Merging in any order gives what one pass gives. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "model/activity.h"
#include "model/call_group.h"

#define SECOND 1000000000LL
#define MIB    (1024LL * 1024)
#define POINTS 3000

static uint64_t seed = 88172645463325252ULL;

static int64_t draw(int64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)(seed % (uint64_t)below);
}

static void expect_same(const struct pt_time_series *a, const struct pt_time_series *b)
{
    cr_assert(eq(i32, a->shift, b->shift));
    cr_assert(eq(i64, a->first, b->first));
    cr_assert(eq(i64, a->last, b->last));
    for (size_t i = 0; i < pt_series_count(a); i++) {
        size_t bytes = PT_SERIES_VALUES * sizeof(int64_t);
        cr_assert(eq(i32, memcmp(pt_series_at(a, i), pt_series_at(b, i), bytes), 0));
    }
}

Test(fit, finds_the_line_and_how_well_it_holds)
{
    struct pt_fit fit = {0};
    struct pt_line line;
    cr_assert(not(pt_fit_line(&fit, &line)));
    for (int64_t x = 1; x <= 50; x++) {
        pt_fit_add(&fit, x, 2100000 + 43000 * x);
    }
    cr_assert(pt_fit_line(&fit, &line));
    cr_assert(epsilon_eq(dbl, line.intercept, 2100000.0, 0.01));
    cr_assert(epsilon_eq(dbl, line.slope, 43000.0, 0.0001));
    cr_assert(epsilon_eq(dbl, line.r2, 1.0, 1e-9));
}

Test(fit, one_size_alone_has_no_line)
{
    struct pt_fit fit = {0};
    struct pt_line line;
    for (int i = 0; i < 50; i++) {
        pt_fit_add(&fit, 500, 1000 + i);
    }
    cr_assert(not(pt_fit_line(&fit, &line)));
}

Test(series, does_not_depend_on_order_or_division)
{
    struct pt_time_series whole = {0}, parts[3] = {{0}}, merged = {0};
    for (int i = 0; i < POINTS; i++) {
        int64_t t_ns = 1700000000 * SECOND + draw(5000 * SECOND), d_ns = draw(SECOND);
        struct pt_time_series *part = &parts[draw(3)];
        pt_series_add(&whole, t_ns, 0, 7);
        pt_series_spread(&whole, t_ns, d_ns, 1);
        pt_series_add(part, t_ns, 0, 7);
        pt_series_spread(part, t_ns, d_ns, 1);
    }
    for (int i = 2; i >= 0; i--) {
        pt_series_merge(&merged, &parts[i]);
        pt_series_release(&parts[i]);
    }
    expect_same(&whole, &merged);
    pt_series_release(&whole);
    pt_series_release(&merged);
}

Test(series, keeps_every_nanosecond)
{
    struct pt_time_series series = {0};
    int64_t spent = 0, kept = 0;
    for (int i = 0; i < POINTS; i++) {
        int64_t d_ns = draw(100 * SECOND);
        pt_series_spread(&series, draw(1000 * SECOND), d_ns, 2);
        spent += d_ns;
    }
    for (size_t i = 0; i < pt_series_count(&series); i++) {
        kept += pt_series_at(&series, i)[2];
    }
    cr_assert(eq(i64, kept, spent));
    pt_series_release(&series);
}

/* Times that no log can mean must not overflow anything. */
Test(series, takes_any_time)
{
    struct pt_time_series series = {0};
    pt_series_spread(&series, INT64_MIN, INT64_MAX, 0);
    pt_series_spread(&series, INT64_MAX, INT64_MAX, 0);
    pt_series_add(&series, INT64_MAX, 1, INT64_MAX);
    pt_series_add(&series, 0, 1, INT64_MAX);
    cr_assert(pt_series_count(&series) <= PT_SERIES_BUCKETS);
    pt_series_release(&series);
}

static struct pt_group_call a_call(int i)
{
    return (struct pt_group_call){.at = {.t_ns = i * SECOND,
                                         .d_ns = 1 + draw(SECOND),
                                         .documents = draw(500),
                                         .thread = i % 4},
                                  .commands = 1 + draw(2),
                                  .failed = draw(50) == 0};
}

Test(groups, merge_to_what_one_pass_gives)
{
    struct pt_call_group whole = {0}, parts[2] = {{0}};
    for (int i = 0; i < POINTS; i++) {
        struct pt_group_call call = a_call(i);
        pt_group_add(&whole, &call);
        pt_group_add(&parts[i % 2], &call);
    }
    pt_group_merge(&parts[1], &parts[0]);
    expect_same(&whole.series, &parts[1].series);
    cr_assert(eq(i64, whole.calls, parts[1].calls));
    cr_assert(eq(i64, whole.sum_ns, parts[1].sum_ns));
    cr_assert(eq(i64, whole.min_ns, parts[1].min_ns));
    cr_assert(eq(i64, whole.single, parts[1].single));
    cr_assert(whole.by_documents.xy == parts[1].by_documents.xy);
    cr_assert(whole.by_documents.yy == parts[1].by_documents.yy);
    for (int i = 0; i < PT_SLOW_CALLS; i++) {
        cr_assert(eq(i64, whole.slow[i].t_ns, parts[1].slow[i].t_ns));
        cr_assert(eq(i64, whole.slow[i].d_ns, parts[1].slow[i].d_ns));
    }
    pt_group_release(&whole);
    pt_group_release(&parts[1]);
}

/* 100 documents and one sample of memory each second. */
static struct pt_memory_growth grow(int64_t (*bytes)(int second))
{
    struct pt_time_series activity = {0}, memory = {.highest = true};
    for (int second = 0; second < 60; second++) {
        pt_series_add(&activity, second * SECOND, PT_ACTIVITY_WRITTEN, 100);
        pt_series_add(&memory, second * SECOND, PT_MEMORY_RESIDENT, bytes(second));
    }
    struct pt_memory_growth growth = pt_memory_growth_of(&activity, &memory);
    pt_series_release(&activity);
    pt_series_release(&memory);
    return growth;
}

static int64_t ramp(int second)
{
    return 20 * MIB + 4 * MIB * second;
}

static int64_t plateau(int second)
{
    return second < 6 ? 20 * MIB + 40 * MIB * second : 260 * MIB;
}

static int64_t sawtooth(int second)
{
    return 20 * MIB + 10 * MIB * (second % 10);
}

static int64_t late_plateau(int second)
{
    return 20 * MIB + 4 * MIB * (second < 38 ? second : 38);
}

Test(memory, a_ramp_is_told_from_a_plateau_and_a_sawtooth)
{
    struct pt_memory_growth growth = grow(ramp);
    cr_assert(eq(i32, growth.shape, PT_MEMORY_RAMP));
    cr_assert(epsilon_eq(dbl, growth.bytes_per_document, 4.0 * MIB / 100, 1.0));
    cr_assert(eq(i32, grow(plateau).shape, PT_MEMORY_PLATEAU));
    cr_assert(eq(i32, grow(sawtooth).shape, PT_MEMORY_PLATEAU));
    cr_assert(eq(i32, grow(late_plateau).shape, PT_MEMORY_PLATEAU));
}
