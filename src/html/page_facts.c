/* SPDX-License-Identifier: Apache-2.0 */
#include "html/page_facts.h"

#include <math.h>

#include "base/saturate.h"
#include "model/cannot_tell.h"
#include "render/screen_sections.h"
#include "report/report.h"

/* Bins of the latencies: so many for each power of ten, from 1 ns on. */
#define BINS_PER_DECADE 12
#define BINS            (19 * BINS_PER_DECADE)

/* ---- latency ---- */

struct bins {
    uint64_t counts[BINS];
};

static void count(void *context, int64_t value_ns, uint64_t times)
{
    struct bins *bins = context;
    double at = value_ns > 0 ? floor(log10((double)value_ns) * BINS_PER_DECADE) : 0.0;
    bins->counts[at < BINS ? (int)at : BINS - 1] += times;
}

static void put_counts(struct pt_json *json, const struct bins *bins)
{
    int first = 0, last = BINS - 1;
    while (first < last && bins->counts[first] == 0) {
        first++;
    }
    while (last > first && bins->counts[last] == 0) {
        last--;
    }
    pt_json_int(json, "first", first);
    pt_json_open_array(json, "counts");
    for (int i = first; i <= last; i++) {
        pt_json_int(json, NULL, (int64_t)bins->counts[i]);
    }
    pt_json_close_array(json);
}

static void put_latency(struct pt_json *json, const struct pt_phase_stats *phase)
{
    struct bins bins = {{0}};
    if (phase->durations.count == 0) {
        return;
    }
    pt_histogram_visit(&phase->durations, count, &bins);
    pt_json_open_object(json, NULL);
    pt_json_string(json, "phase", phase->name);
    pt_json_int(json, "calls", (int64_t)phase->durations.count);
    put_counts(json, &bins);
    pt_json_close_object(json);
}

static void put_latencies(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_object(json, "latency");
    pt_json_int(json, "bins_per_decade", BINS_PER_DECADE);
    pt_json_open_array(json, "phases");
    for (size_t i = 0; i < model->phase_count; i++) {
        put_latency(json, &model->phases[i]);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}

/* ---- collections and servers ---- */

static void put_percentile(struct pt_json *json, const char *key, const struct pt_work *work,
                           double percent)
{
    int64_t value = pt_work_percentile(work, percent);
    pt_json_seconds_or_null(json, key, value == PT_WORK_NO_DURATION ? -1 : value);
}

static void put_work(struct pt_json *json, const struct pt_work *work)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "namespace", work->name_space);
    pt_json_string(json, "phase", work->phase);
    pt_json_int(json, "calls", work->calls);
    pt_json_int(json, "failed", work->failed);
    pt_json_int(json, "documents", work->documents);
    pt_json_int(json, "bytes", work->bytes);
    pt_json_int(json, "not_done", pt_add(work->outcome.refused, work->outcome.not_attempted));
    pt_json_seconds(json, "seconds", work->sum_ns);
    put_percentile(json, "p50_seconds", work, 50.0);
    put_percentile(json, "p95_seconds", work, 95.0);
    pt_json_seconds(json, "max_seconds", work->max_ns);
    pt_json_close_object(json);
}

static void put_works(struct pt_json *json, const struct pt_model *model)
{
    const struct pt_works *works = &model->works;
    size_t shown = works->count < PT_FACTS_WORKS ? works->count : PT_FACTS_WORKS;
    pt_json_open_array(json, "collections");
    for (size_t i = 0; i < shown; i++) {
        put_work(json, &works->rows[i]);
    }
    pt_json_close_array(json);
    pt_json_int(json, "collections_left_out", (int64_t)(works->count - shown));
}

static void put_server(struct pt_json *json, const struct pt_server_use *server)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "address", server->address);
    pt_json_int(json, "commands", server->commands);
    pt_json_int(json, "failed", server->failed);
    pt_json_seconds(json, "seconds", server->sum_ns);
    pt_json_seconds_or_null(json, "fastest_seconds", server->floor_ns > 0 ? server->floor_ns : -1);
    pt_json_seconds(json, "max_seconds", server->max_ns);
    pt_json_close_object(json);
}

static void put_servers(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "servers");
    for (size_t i = 0; i < model->servers.count; i++) {
        put_server(json, &model->servers.rows[i]);
    }
    pt_json_close_array(json);
}

/* ---- what the summary leaves to the report ---- */

static void put_checks(struct pt_json *json, const struct pt_insights *insights)
{
    pt_json_open_array(json, "checks");
    for (size_t i = 0; i < insights->silent_count; i++) {
        pt_json_string(json, NULL, insights->silent[i].asks);
    }
    pt_json_close_array(json);
}

static void put_cannot_tell(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "cannot_tell");
    for (int why = 0; why < PT_CANNOT_TELL_COUNT; why++) {
        int64_t threads = pt_model_cannot_tell(model, (enum pt_cannot_tell)why);
        if (threads > 0) {
            pt_json_open_object(json, NULL);
            pt_json_int(json, "threads", threads);
            pt_json_string(json, "what", pt_cannot_tell_text((enum pt_cannot_tell)why));
            pt_json_close_object(json);
        }
    }
    pt_json_close_array(json);
}

static void put_process(struct pt_json *json, const struct pt_model *model)
{
    const struct pt_process_use *use = &model->resources.process;
    int64_t cpu_ns = use->user_cpu_ns < 0 || use->system_cpu_ns < 0
                         ? -1
                         : pt_add(use->user_cpu_ns, use->system_cpu_ns);
    pt_json_open_object(json, "process");
    pt_json_int_or_null(json, "peak_bytes", use->peak_bytes);
    pt_json_seconds_or_null(json, "cpu_seconds", cpu_ns);
    pt_json_int(json, "samples", use->samples);
    pt_json_int(json, "cpus", model->resources.system.cpus);
    pt_json_close_object(json);
}

void pt_page_facts(struct pt_json *json, const struct pt_model *model)
{
    struct pt_screen_options options = {.all = false};
    struct pt_screen screen = {.page = NULL};
    pt_screen_prepare(&screen, model, &options);
    pt_screen_head_json(&screen, json);
    pt_screen_alarms_json(&screen, json);
    pt_report_insights(json, model);
    put_checks(json, &screen.insights);
    pt_screen_partition_json(&screen, json);
    put_cannot_tell(json, model);
    pt_screen_threads_json(&screen, json);
    pt_screen_phases_json(&screen, json);
    put_latencies(json, model);
    put_works(json, model);
    put_servers(json, model);
    pt_screen_errors_json(&screen, json);
    pt_screen_log_json(&screen, json);
    put_process(json, model);
}
