/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of phases: those that phasetap recognises, then those that the program annotates. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "render/phase_rows.h"
#include "render/screen_sections.h"
#include "report/report.h"

#define COLUMNS     14
#define FAILED      13 /* the column */
#define RANK_FAILED 4  /* before percentiles, if there is something to say */

static const struct pt_column RECOGNISED[COLUMNS] = {
    {.head = "Phase", .name = true},
    {.head = "calls", .right = true, .after = " calls"},
    {.head = "documents", .right = true, .rank = 1, .base = true, .after = " documents"},
    {.head = "time", .right = true},
    {.head = "share", .right = true},
    {.head = "p50", .right = true, .rank = 3, .base = true, .before = "p50 ", .begins_line = true},
    {.head = "p95", .right = true, .rank = 5, .eager = true, .before = "p95 "},
    {.head = "p99", .right = true, .rank = 11, .before = "p99 "},
    {.head = "max", .right = true, .rank = 2, .base = true, .before = "max "},
    {.head = "min", .right = true, .rank = 6, .before = "min "},
    {.head = "docs/s", .right = true, .rank = 7, .after = " docs/s"},
    {.head = "bytes", .right = true, .rank = 8},
    {.head = "CPU", .right = true, .rank = 9, .before = "CPU "},
    {.head = "failed", .right = true, .rank = 10, .eager = true, .after = " failed"},
};

static void add_durations(const struct pt_screen *screen, struct pt_table *table,
                          const struct pt_phase_stats *phase)
{
    static const double percents[] = {50.0, 95.0, 99.0};
    for (int i = 0; i < 3; i++) {
        pt_table_cell(table, pt_figure_percentile(PT_HUMAN_ROOM, &phase->durations, percents[i],
                                                  screen->clock_ns));
    }
    pt_table_cell(table, pt_figure_single(PT_HUMAN_ROOM, phase->max_ns, screen->clock_ns));
    pt_table_cell(table, pt_figure_single(PT_HUMAN_ROOM, phase->min_ns, screen->clock_ns));
}

/* CPU time of the threads in their calls. */
static const char *cpu_text(char *text, bool known, int64_t cpu_ns)
{
    return known ? pt_human_duration(text, cpu_ns) : strcpy(text, "-");
}

static void add_row(const struct pt_screen *screen, struct pt_table *table,
                    const struct pt_phase_row *row)
{
    const struct pt_phase_stats *phase = row->phase;
    int64_t documents = pt_phase_documents(phase);
    pt_table_name(table, "", phase->name);
    pt_table_cell(table, PT_COUNT(phase->count));
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, documents));
    pt_table_cell(table, pt_human_duration(PT_HUMAN_ROOM, phase->sum_ns));
    pt_table_cell(table, pt_figure_share(PT_HUMAN_ROOM, row->tenths));
    add_durations(screen, table, phase);
    pt_table_cell(table, pt_figure_bare_rate(PT_HUMAN_ROOM, documents, phase->sum_ns));
    pt_table_cell(table, pt_figure_bytes(PT_HUMAN_ROOM, phase->bytes));
    pt_table_cell(table, cpu_text(PT_HUMAN_ROOM, pt_phase_knows_cpu(phase), phase->cpu_ns));
    pt_table_cell(table, PT_COUNT(phase->failed));
}

struct rest {
    int64_t calls, documents, ns, bytes, failed, cpu_ns;
    bool knows_cpu; /* of all of them */
    int tenths;
};

static struct rest rest_of(const struct pt_phase_rows *rows, size_t shown)
{
    struct rest rest = {.knows_cpu = true};
    for (size_t i = shown; i < rows->count; i++) {
        const struct pt_phase_stats *phase = rows->rows[i].phase;
        rest.calls = pt_add(rest.calls, phase->count);
        rest.documents = pt_add(rest.documents, pt_phase_documents(phase));
        rest.ns = pt_add(rest.ns, phase->sum_ns);
        rest.bytes = pt_add(rest.bytes, phase->bytes);
        rest.failed = pt_add(rest.failed, phase->failed);
        rest.cpu_ns = pt_add(rest.cpu_ns, phase->cpu_ns);
        rest.knows_cpu &= pt_phase_knows_cpu(phase);
        rest.tenths += rows->rows[i].tenths;
    }
    return rest;
}

/* `sums`: the phases do not overlap, so that their time can be added. */
static void add_rest(struct pt_table *table, const struct pt_phase_rows *rows, size_t shown,
                     bool sums)
{
    struct rest rest = rest_of(rows, shown);
    char name[32];
    snprintf(name, sizeof name, "%zu more", rows->count - shown);
    pt_table_cell(table, name);
    pt_table_cell(table, PT_COUNT(rest.calls));
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, rest.documents));
    pt_table_cell(table, sums ? PT_DURATION(rest.ns) : "-");
    pt_table_cell(table, sums ? pt_figure_share(PT_HUMAN_ROOM, rest.tenths) : "-");
    for (int i = 0; i < 6; i++) {
        pt_table_cell(table, "");
    }
    pt_table_cell(table, pt_figure_bytes(PT_HUMAN_ROOM, rest.bytes));
    pt_table_cell(table, cpu_text(PT_HUMAN_ROOM, rest.knows_cpu && sums, rest.cpu_ns));
    pt_table_cell(table, PT_COUNT(rest.failed));
}

static bool has_failed(const struct pt_phase_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].phase->failed > 0) {
            return true;
        }
    }
    return false;
}

static void put_table(const struct pt_screen *screen, const struct pt_phase_rows *rows,
                      const char *head, bool sums)
{
    struct pt_table table;
    struct pt_column columns[COLUMNS];
    size_t shown = pt_screen_rows(screen, rows->count, rows->worth);
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = RECOGNISED[i];
    }
    columns[0].head = head;
    columns[FAILED].rank = has_failed(rows) ? RANK_FAILED : columns[FAILED].rank;
    pt_table_init(&table, columns, COLUMNS);
    for (size_t i = 0; i < shown; i++) {
        add_row(screen, &table, &rows->rows[i]);
    }
    if (shown < rows->count) {
        add_rest(&table, rows, shown, sums);
    }
    pt_table_plan(&table, screen->page);
    pt_table_print(&table, screen->page, NULL, NULL);
    pt_table_release(&table);
    pt_screen_blank(screen);
}

/* Figures that the program passed to phasetap_throughput(). */
static void put_throughputs(const struct pt_screen *screen)
{
    const struct pt_model *model = screen->model;
    size_t shown = pt_screen_rows(screen, model->throughput_count, model->throughput_count);
    char text[160];
    for (size_t i = 0; i < shown; i++) {
        const struct pt_throughput *told = &model->throughputs[i];
        int64_t ns =
            told->seconds > 0.0 && told->seconds < 9e9 ? (int64_t)(told->seconds * 1e9) : 0;
        snprintf(text, sizeof text, "%s documents in %s, %s, as the program reports",
                 PT_COUNT(told->documents), PT_DURATION(ns),
                 pt_figure_rate(PT_HUMAN_ROOM, told->documents, ns));
        pt_screen_line(screen, "Rate", text);
    }
    if (shown < model->throughput_count) {
        snprintf(text, sizeof text, "%zu more reported by the program",
                 model->throughput_count - shown);
        pt_screen_line(screen, "Rate", text);
    }
}

void pt_screen_phases(const struct pt_screen *screen)
{
    static const char *const heads[] = {"Phase", "Annotated phase"};
    for (int annotated = 0; annotated < 2; annotated++) {
        struct pt_phase_rows rows;
        pt_phase_rows_make(&rows, screen, annotated == 1);
        if (rows.count > 0) {
            put_table(screen, &rows, heads[annotated], annotated == 0);
        }
        free(rows.rows);
    }
    put_throughputs(screen);
}

static void put_percentile(struct pt_json *json, const char *key,
                           const struct pt_histogram *durations, double percent)
{
    bool known = durations->count >= pt_histogram_least(percent);
    pt_json_seconds_or_null(json, key, known ? pt_histogram_percentile(durations, percent) : -1);
}

static void put_phase_json(struct pt_json *json, const struct pt_phase_row *row)
{
    const struct pt_phase_stats *phase = row->phase;
    pt_json_open_object(json, NULL);
    pt_json_string(json, "phase", phase->name);
    pt_json_string(json, "source", phase->annotated ? "annotated" : "recognised");
    pt_json_int(json, "calls", phase->count);
    pt_json_int(json, "documents", pt_phase_documents(phase));
    pt_json_seconds(json, "seconds", phase->sum_ns);
    pt_json_double(json, "percent", row->tenths / 10.0);
    put_percentile(json, "p50_seconds", &phase->durations, 50.0);
    put_percentile(json, "p95_seconds", &phase->durations, 95.0);
    put_percentile(json, "p99_seconds", &phase->durations, 99.0);
    pt_json_seconds(json, "max_seconds", phase->max_ns);
    pt_json_seconds(json, "min_seconds", phase->min_ns);
    pt_json_int(json, "bytes", phase->bytes);
    pt_json_int(json, "failed", phase->failed);
    pt_report_phase_resources(json, phase);
    pt_json_close_object(json);
}

void pt_screen_phases_json(const struct pt_screen *screen, struct pt_json *json)
{
    pt_json_open_array(json, "phases");
    for (int annotated = 0; annotated < 2; annotated++) {
        struct pt_phase_rows rows;
        pt_phase_rows_make(&rows, screen, annotated == 1);
        for (size_t i = 0; i < rows.count; i++) {
            put_phase_json(json, &rows.rows[i]);
        }
        free(rows.rows);
    }
    pt_json_close_array(json);
}
