/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows there are, and in which order. */
#include "diff/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "diff/rank_range.h"

static bool add_row(struct pt_diff *diff, enum pt_row_kind kind, const char *name,
                    enum pt_unit unit)
{
    struct pt_diff_row *rows =
        pt_array_reach(diff->rows, &diff->room, diff->count, 16, sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    diff->rows = rows;
    rows[diff->count] = (struct pt_diff_row){.kind = kind, .name = name, .unit = unit};
    return pt_diff_fill(diff, &rows[diff->count++]);
}

static bool has_row(const struct pt_diff *diff, const char *phase)
{
    for (size_t i = 0; i < diff->count; i++) {
        if (diff->rows[i].kind == PT_ROW_PHASE && strcmp(diff->rows[i].name, phase) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_phases(struct pt_diff *diff, const struct pt_side *side)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct pt_run_figures *run = &side->runs[i];
        for (size_t phase = 0; phase < run->phase_count; phase++) {
            const char *name = run->phases[phase].name;
            if (!has_row(diff, name) && !add_row(diff, PT_ROW_PHASE, name, PT_UNIT_TIME)) {
                return false;
            }
        }
    }
    return true;
}

/* What calls for attention first, and of that what takes the longest. */
static int more_important_first(const void *a, const void *b)
{
    static const int ranks[] = {[PT_ROW_SLOWER] = 0, [PT_ROW_FASTER] = 1, [PT_ROW_UNCLEAR] = 2,
                                [PT_ROW_SAME] = 3,   [PT_ROW_MORE] = 3,   [PT_ROW_LESS] = 3};
    const struct pt_diff_row *left = a, *right = b;
    double left_ns = left->a > left->b ? left->a : left->b;
    double right_ns = right->a > right->b ? right->a : right->b;
    if (ranks[left->verdict] != ranks[right->verdict]) {
        return ranks[left->verdict] - ranks[right->verdict];
    }
    if (left_ns != right_ns) {
        return left_ns > right_ns ? -1 : 1;
    }
    return strcmp(left->name, right->name);
}

static double spread_of(const struct pt_side *side)
{
    struct pt_sample sample = {0};
    for (size_t i = 0; i < side->count; i++) {
        pt_sample_add(&sample, (double)side->runs[i].runtime_ns, 1.0);
    }
    pt_sample_sort(&sample);
    double spread = sample.count > 0 ? pt_sample_spread(&sample) : 0.0;
    pt_sample_release(&sample);
    return spread;
}

bool pt_diff_make(struct pt_diff *diff, const struct pt_side *a, const struct pt_side *b,
                  const struct pt_diff_floors *floors)
{
    *diff = (struct pt_diff){.a = a, .b = b, .floors = *floors};
    diff->by_calls = pt_rank_beyond((double)a->count, (double)b->count) < 0.0;
    if (floors->ratio < 0.0) {
        diff->floors.ratio = diff->by_calls ? PT_FLOOR_CALLS_DEFAULT : PT_FLOOR_DEFAULT;
    }
    double spreads[] = {spread_of(a), spread_of(b)};
    diff->spread = spreads[spreads[1] > spreads[0]];
    if (!add_row(diff, PT_ROW_RUN, "whole run", PT_UNIT_TIME) || !add_phases(diff, a) ||
        !add_phases(diff, b)) {
        return false;
    }
    qsort(diff->rows + 1, diff->count - 1, sizeof *diff->rows, more_important_first);
    return add_row(diff, PT_ROW_RATE, "documents/s", PT_UNIT_RATE) &&
           add_row(diff, PT_ROW_CPU, "CPU time", PT_UNIT_TIME) &&
           add_row(diff, PT_ROW_MEMORY, "peak memory", PT_UNIT_SIZE);
}

void pt_diff_release(struct pt_diff *diff)
{
    free(diff->rows);
    *diff = (struct pt_diff){0};
}
