/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison as JSON. `results` has the shape of hyperfine's export: one element for each side,
 * with its times; everything else stands under keys of its own. Seconds and bytes. */
#include <math.h>

#include "diff/diff_views.h"
#include "text/json_out.h"

static double mean_of(const struct pt_side *side)
{
    double sum = 0.0;
    for (size_t i = 0; i < side->count; i++) {
        sum += (double)side->runs[i].runtime_ns / 1e9;
    }
    return sum / (double)side->count;
}

/* Of the sample; not finite, which is written as null, for a single run. */
static double deviation_of(const struct pt_side *side)
{
    double mean = mean_of(side);
    double squares = 0.0;
    for (size_t i = 0; i < side->count; i++) {
        double off = (double)side->runs[i].runtime_ns / 1e9 - mean;
        squares += off * off;
    }
    return side->count > 1 ? sqrt(squares / (double)(side->count - 1)) : NAN;
}

/* The mean of one part of the CPU time; null where a run does not tell it. */
static void put_cpu(struct pt_json *json, const char *key, const struct pt_side *side, bool user)
{
    double sum = 0.0;
    for (size_t i = 0; i < side->count; i++) {
        int64_t ns = user ? side->runs[i].user_ns : side->runs[i].system_ns;
        if (ns < 0) {
            pt_json_null(json, key);
            return;
        }
        sum += (double)ns / 1e9;
    }
    pt_json_double(json, key, sum / (double)side->count);
}

static void put_times(struct pt_json *json, const struct pt_side *side)
{
    struct pt_sample times = {0};
    for (size_t i = 0; i < side->count; i++) {
        pt_sample_add(&times, (double)side->runs[i].runtime_ns / 1e9, 1.0);
    }
    pt_sample_sort(&times);
    pt_json_double(json, "median", pt_sample_median(&times));
    put_cpu(json, "user", side, true);
    put_cpu(json, "system", side, false);
    pt_json_double(json, "min", times.count > 0 ? times.items[0].value : NAN);
    pt_json_double(json, "max", times.count > 0 ? times.items[times.count - 1].value : NAN);
    pt_sample_release(&times);
    pt_json_open_array(json, "times");
    for (size_t i = 0; i < side->count; i++) {
        pt_json_seconds(json, NULL, side->runs[i].runtime_ns);
    }
    pt_json_close_array(json);
}

static void put_side(struct pt_json *json, const struct pt_side *side)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "command", side->name);
    pt_json_double(json, "mean", mean_of(side));
    pt_json_double(json, "stddev", deviation_of(side));
    put_times(json, side);
    pt_json_open_array(json, "memory_usage_byte");
    for (size_t i = 0; i < side->count; i++) {
        pt_json_int_or_null(json, NULL, side->runs[i].memory_bytes);
    }
    pt_json_close_array(json);
    pt_json_open_array(json, "exit_codes");
    for (size_t i = 0; i < side->count; i++) {
        pt_json_int_or_null(json, NULL, side->runs[i].exit_status);
    }
    pt_json_close_array(json);
    pt_json_string(json, "program", pt_side_programs(side));
    pt_json_string(json, "driver", pt_side_drivers(side));
    pt_json_open_array(json, "documents");
    for (size_t i = 0; i < side->count; i++) {
        pt_json_int(json, NULL, side->runs[i].documents);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}

static void put_value(struct pt_json *json, const char *key, const struct pt_diff_row *row,
                      bool known, double value)
{
    bool time = row->unit == PT_UNIT_TIME;
    if (known) {
        pt_json_double(json, key, time ? value / 1e9 : value);
    } else {
        pt_json_null(json, key);
    }
}

static void put_row(struct pt_json *json, const struct pt_diff_row *row)
{
    static const char *const kinds[] = {[PT_ROW_RUN] = "run",
                                        [PT_ROW_PHASE] = "phase",
                                        [PT_ROW_RATE] = "throughput",
                                        [PT_ROW_CPU] = "cpu",
                                        [PT_ROW_MEMORY] = "memory"};
    static const char *const units[] = {[PT_UNIT_COUNT] = "count",
                                        [PT_UNIT_TIME] = "second",
                                        [PT_UNIT_RATE] = "documents per second",
                                        [PT_UNIT_SIZE] = "byte"};
    pt_json_open_object(json, NULL);
    pt_json_string(json, "what", row->name);
    pt_json_string(json, "kind", kinds[row->kind]);
    pt_json_string(json, "unit", units[row->unit]);
    pt_json_string(json, "verdict", pt_diff_word(row->verdict));
    put_value(json, "a", row, row->has_a, row->a);
    put_value(json, "b", row, row->has_b, row->b);
    pt_json_double(json, "change_percent", row->has_change ? 100.0 * row->change : NAN);
    pt_json_double(json, "low_percent", row->has_range ? 100.0 * row->low : NAN);
    pt_json_double(json, "high_percent", row->has_range ? 100.0 * row->high : NAN);
    pt_json_double(json, "floor_percent", 100.0 * row->floor);
    pt_json_close_object(json);
}

static void put_checks(struct pt_json *json, const struct pt_diff_view *view)
{
    pt_json_open_array(json, "rules");
    for (size_t i = 0; i < view->check_count; i++) {
        const struct pt_check *check = &view->checks[i];
        pt_json_open_object(json, NULL);
        pt_json_string(json, "rule", check->rule->text);
        pt_json_string(json, "result",
                       check->result == PT_CHECK_FAILED ? "failed" : pt_check_word(check->result));
        pt_json_string(json, "found", check->found);
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
}

static void put_sentence(struct pt_json *json, const char *key, const char *text)
{
    pt_json_string(json, key, text[0] != '\0' ? text : NULL);
}

void pt_diff_json(const struct pt_diff_view *view, FILE *out)
{
    struct pt_json json;
    char text[PT_DIFF_SENTENCE_BYTES];
    const struct pt_diff *diff = view->diff;
    pt_json_init(&json, out, true);
    pt_json_open_object(&json, NULL);
    pt_json_open_array(&json, "results");
    put_side(&json, diff->a);
    put_side(&json, diff->b);
    pt_json_close_array(&json);
    pt_json_string(&json, "verdict", pt_diff_word(diff->rows[0].verdict));
    pt_json_string(&json, "compared_by", diff->by_calls ? "calls" : "runs");
    pt_json_double(&json, "floor_percent", 100.0 * diff->floors.ratio);
    pt_json_double(&json, "floor_seconds", diff->floors.ns / 1e9);
    pt_json_open_array(&json, "rows");
    for (size_t i = 0; i < diff->count; i++) {
        put_row(&json, &diff->rows[i]);
    }
    pt_json_close_array(&json);
    pt_diff_cause(diff, text);
    put_sentence(&json, "cause", text);
    pt_diff_advice(diff, text);
    put_sentence(&json, "advice", text);
    put_checks(&json, view);
    pt_json_close_object(&json);
    fputc('\n', out);
}
