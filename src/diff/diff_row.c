/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/diff_row.h"

#include <math.h>

#include "diff/rank_range.h"

const char *pt_diff_word(enum pt_verdict_of_row verdict)
{
    static const char *const words[] = {
        [PT_ROW_UNCLEAR] = "unclear", [PT_ROW_SAME] = "same", [PT_ROW_SLOWER] = "slower",
        [PT_ROW_FASTER] = "faster",   [PT_ROW_MORE] = "more", [PT_ROW_LESS] = "less"};
    return words[verdict];
}

/* The value of one run; false: the run does not tell it. */
static bool value_of(const struct pt_diff_row *row, const struct pt_run_figures *run,
                     double *ret_value)
{
    const struct pt_phase_figures *phase;
    int64_t value = PT_NOT_KNOWN;
    switch (row->kind) {
    case PT_ROW_RUN:
        value = run->runtime_ns;
        break;
    case PT_ROW_PHASE:
        phase = pt_run_phase(run, row->name);
        value = phase != NULL ? phase->sum_ns : 0;
        break;
    case PT_ROW_CPU:
        value = run->cpu_ns;
        break;
    case PT_ROW_MEMORY:
        value = run->memory_bytes;
        break;
    case PT_ROW_RATE:
        *ret_value =
            run->runtime_ns > 0 ? (double)run->documents / ((double)run->runtime_ns / 1e9) : 0.0;
        return run->runtime_ns > 0;
    }
    *ret_value = (double)value;
    return value >= 0;
}

/* One value of each run. Empty when one of them does not tell it. False without memory. */
static bool values_of_runs(const struct pt_diff_row *row, const struct pt_side *side,
                           struct pt_sample *sample)
{
    for (size_t i = 0; i < side->count; i++) {
        double value;
        if (!value_of(row, &side->runs[i], &value)) {
            pt_sample_release(sample);
            return true;
        }
        if (!pt_sample_add(sample, value, 1.0)) {
            return false;
        }
    }
    pt_sample_sort(sample);
    return true;
}

/* The durations of all calls of a phase, in all runs. Empty when those of a run are not known. */
static bool values_of_calls(const struct pt_diff_row *row, const struct pt_side *side,
                            struct pt_sample *sample)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct pt_phase_figures *phase = pt_run_phase(&side->runs[i], row->name);
        if (phase == NULL || phase->count == 0) {
            continue;
        }
        if (phase->durations.count == 0) {
            pt_sample_release(sample);
            return true;
        }
        if (!pt_sample_add_histogram(sample, &phase->durations)) {
            return false;
        }
    }
    pt_sample_sort(sample);
    return true;
}

static void take_medians(struct pt_diff_row *row, const struct pt_sample *a,
                         const struct pt_sample *b)
{
    row->has_a = a->count > 0;
    row->has_b = b->count > 0;
    row->a = pt_sample_median(a);
    row->b = pt_sample_median(b);
    row->has_change = row->has_a && row->has_b && row->a > 0.0;
    row->change = row->has_change ? row->b / row->a - 1.0 : 0.0;
}

/* The medians printed may differ by a little more than any ratio of two values: the range then
 * grows up to them, so that it never contradicts them. */
static void take_range(struct pt_diff_row *row, struct pt_sample *a, struct pt_sample *b)
{
    double low;
    double high;
    if (row->has_change && pt_rank_range(a, b, &low, &high)) {
        row->has_range = true;
        row->low = fmin(low - 1.0, row->change);
        row->high = fmax(high - 1.0, row->change);
    }
}

static enum pt_verdict_of_row verdict_of(const struct pt_diff_row *row, bool larger)
{
    switch (row->kind) {
    case PT_ROW_CPU:
    case PT_ROW_MEMORY:
        return larger ? PT_ROW_MORE : PT_ROW_LESS;
    case PT_ROW_RATE:
        return larger ? PT_ROW_FASTER : PT_ROW_SLOWER;
    case PT_ROW_RUN:
    case PT_ROW_PHASE:
        break;
    }
    return larger ? PT_ROW_SLOWER : PT_ROW_FASTER;
}

static void judge(struct pt_diff_row *row)
{
    if (!row->has_range) {
        row->verdict = row->small ? PT_ROW_SAME : PT_ROW_UNCLEAR;
    } else if (row->low > row->floor) {
        row->verdict = verdict_of(row, true);
    } else if (row->high < -row->floor) {
        row->verdict = verdict_of(row, false);
    } else {
        bool within = row->low >= -row->floor && row->high <= row->floor;
        row->verdict = within || row->small ? PT_ROW_SAME : PT_ROW_UNCLEAR;
    }
}

/* A phase that one side has and the other has not. */
static void judge_new(struct pt_diff_row *row, const struct pt_sample *a, const struct pt_sample *b,
                      double least)
{
    bool fresh = a->items[a->count - 1].value <= 0.0 && b->items[0].value > least;
    if (fresh && pt_rank_beyond(a->total, b->total) >= 0.0) {
        row->verdict = PT_ROW_SLOWER;
    }
}

static double absolute_floor(const struct pt_diff *diff, const struct pt_diff_row *row)
{
    return row->kind == PT_ROW_MEMORY ? PT_FLOOR_SIZE : diff->floors.ns;
}

/* The floor of the rate is that of the run time it is made of. */
static double floor_of(const struct pt_diff *diff, const struct pt_diff_row *row, double whole)
{
    double base = row->kind == PT_ROW_RATE ? diff->rows[0].a : whole;
    double absolute = base > 0.0 ? absolute_floor(diff, row) / base : 0.0;
    return fmax(diff->floors.ratio, absolute);
}

static void finish_runs(const struct pt_diff *diff, struct pt_diff_row *row, struct pt_sample *a,
                        struct pt_sample *b)
{
    double least = absolute_floor(diff, row);
    take_medians(row, a, b);
    row->floor = floor_of(diff, row, row->a);
    row->small = row->kind == PT_ROW_PHASE && a->count > 0 && b->count > 0 &&
                 a->items[a->count - 1].value < least && b->items[b->count - 1].value < least;
    if (!diff->by_calls) {
        take_range(row, a, b);
    }
    judge(row);
    if (row->kind == PT_ROW_PHASE && a->count > 0 && b->count > 0 && !diff->by_calls) {
        judge_new(row, a, b, least);
    }
}

/* Their sum in a run of the side that takes longer. */
static double calls_total(const struct pt_side *side, const char *name)
{
    double total = 0.0;
    for (size_t i = 0; i < side->count; i++) {
        const struct pt_phase_figures *phase = pt_run_phase(&side->runs[i], name);
        total += phase != NULL ? (double)phase->sum_ns : 0.0;
    }
    return total / (double)side->count;
}

static void finish_calls(const struct pt_diff *diff, struct pt_diff_row *row, struct pt_sample *a,
                         struct pt_sample *b)
{
    double totals[] = {calls_total(diff->a, row->name), calls_total(diff->b, row->name)};
    take_medians(row, a, b);
    row->floor = floor_of(diff, row, fmin(totals[0], totals[1]));
    row->small = fmax(totals[0], totals[1]) < diff->floors.ns;
    if (a->total >= PT_CALLS_LEAST && b->total >= PT_CALLS_LEAST) {
        take_range(row, a, b);
    }
    judge(row);
}

bool pt_diff_fill(const struct pt_diff *diff, struct pt_diff_row *row)
{
    struct pt_sample a = {0};
    struct pt_sample b = {0};
    bool calls = diff->by_calls && row->kind == PT_ROW_PHASE;
    bool good = calls ? values_of_calls(row, diff->a, &a) && values_of_calls(row, diff->b, &b)
                      : values_of_runs(row, diff->a, &a) && values_of_runs(row, diff->b, &b);
    if (good && calls) {
        finish_calls(diff, row, &a, &b);
    } else if (good) {
        finish_runs(diff, row, &a, &b);
    }
    pt_sample_release(&a);
    pt_sample_release(&b);
    return good;
}
