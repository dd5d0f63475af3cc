/* SPDX-License-Identifier: Apache-2.0 */
#include "render/phase_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "render/shares.h"

static int by_number(int64_t x, int64_t y)
{
    return (x < y) - (x > y);
}

static int by_name(const struct pt_phase_stats *x, const struct pt_phase_stats *y)
{
    return strcmp(x->name, y->name);
}

static int by_time(const void *a, const void *b)
{
    const struct pt_phase_stats *x = ((const struct pt_phase_row *)a)->phase;
    const struct pt_phase_stats *y = ((const struct pt_phase_row *)b)->phase;
    int order = by_number(x->sum_ns, y->sum_ns);
    return order != 0 ? order : by_name(x, y);
}

static int by_calls(const void *a, const void *b)
{
    int order = by_number(((const struct pt_phase_row *)a)->phase->count,
                          ((const struct pt_phase_row *)b)->phase->count);
    return order != 0 ? order : by_time(a, b);
}

static int by_documents(const void *a, const void *b)
{
    int order = by_number(pt_phase_documents(((const struct pt_phase_row *)a)->phase),
                          pt_phase_documents(((const struct pt_phase_row *)b)->phase));
    return order != 0 ? order : by_time(a, b);
}

static int by_max(const void *a, const void *b)
{
    int order = by_number(((const struct pt_phase_row *)a)->phase->max_ns,
                          ((const struct pt_phase_row *)b)->phase->max_ns);
    return order != 0 ? order : by_time(a, b);
}

static int by_names(const void *a, const void *b)
{
    return by_name(((const struct pt_phase_row *)a)->phase,
                   ((const struct pt_phase_row *)b)->phase);
}

/* Of recognised phases, by largest remainder; the time in no phase takes part. */
static void share_out(struct pt_phase_rows *rows, int64_t wall_ns)
{
    int64_t values[PT_SHARES_HIGHEST] = {0};
    int tenths[PT_SHARES_HIGHEST];
    int64_t rest_ns = wall_ns;
    size_t count = rows->count < PT_SHARES_HIGHEST - 1 ? rows->count : PT_SHARES_HIGHEST - 1;
    for (size_t i = 0; i < count; i++) {
        values[i] = rows->rows[i].phase->sum_ns;
        rest_ns = pt_sub(rest_ns, values[i]);
    }
    values[count] = pt_max(0, rest_ns);
    pt_shares(values, count + 1, PT_TENTHS, tenths);
    for (size_t i = 0; i < count; i++) {
        rows->rows[i].tenths = tenths[i];
    }
}

static void share_each(struct pt_phase_rows *rows, int64_t wall_ns)
{
    for (size_t i = 0; i < rows->count; i++) {
        double share = wall_ns > 0 ? (double)rows->rows[i].phase->sum_ns / (double)wall_ns : 0.0;
        rows->rows[i].tenths = share < 1000.0 ? (int)(share * PT_TENTHS + 0.5) : 1000 * PT_TENTHS;
    }
}

static void sort(struct pt_phase_rows *rows, enum pt_screen_order order)
{
    static int (*const compare[])(const void *,
                                  const void *) = {[PT_ORDER_TIME] = by_time,
                                                   [PT_ORDER_CALLS] = by_calls,
                                                   [PT_ORDER_DOCUMENTS] = by_documents,
                                                   [PT_ORDER_MAX] = by_max,
                                                   [PT_ORDER_NAME] = by_names};
    if (rows->count > 1) {
        qsort(rows->rows, rows->count, sizeof *rows->rows, compare[order]);
    }
    rows->worth = 0;
    while (rows->worth < rows->count && rows->rows[rows->worth].tenths > 0) {
        rows->worth++;
    }
    /* In another order, rows that are worth one stand anywhere. */
    rows->worth = order == PT_ORDER_TIME ? rows->worth : rows->count;
}

void pt_phase_rows_make(struct pt_phase_rows *rows, const struct pt_screen *screen, bool annotated)
{
    const struct pt_model *model = screen->model;
    *rows = (struct pt_phase_rows){.rows = calloc(model->phase_count + 1, sizeof *rows->rows)};
    for (size_t i = 0; rows->rows != NULL && i < model->phase_count; i++) {
        if (model->phases[i].annotated == annotated && model->phases[i].count > 0) {
            rows->rows[rows->count++].phase = &model->phases[i];
        }
    }
    if (annotated) {
        share_each(rows, screen->time.wall_ns);
    } else {
        share_out(rows, screen->time.wall_ns);
    }
    sort(rows, screen->options->order);
}
