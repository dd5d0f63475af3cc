/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a run from a JSON report of `phasetap report`, which may have been changed or cut
 * by others. libbson parses the JSON; docs/REPORT.md describes the keys. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "gate/json_view.h"
#include "gate/run_figures.h"

#define PHASES_HIGHEST (PT_PHASES_HIGHEST + 16)

/* All durations or none: those of the first entries alone would be those of the warm-up. */
static void take_durations(struct pt_phase_figures *phase, const bson_t *from)
{
    bson_t entries;
    bson_t entry;
    bson_iter_t iter;
    if (!pt_view_object(from, "entries", &entries) || pt_view_is_true(from, "entries_truncated") ||
        !bson_iter_init(&iter, &entries)) {
        return;
    }
    while (bson_iter_next(&iter)) {
        pt_view_element(&iter, &entry);
        int64_t duration_ns = pt_view_ns(&entry, "duration_seconds", PT_NOT_KNOWN);
        if (duration_ns >= 0) {
            pt_histogram_add(&phase->durations, duration_ns);
        }
    }
    if (phase->durations.count != (uint64_t)phase->count) {
        pt_histogram_release(&phase->durations);
    }
}

static void take_percentiles(struct pt_phase_figures *phase, const bson_t *from)
{
    static const char *const keys[PT_PERCENTILES] = {"p50", "p90", "p95", "p99"};
    bson_t percentiles;
    pt_view_object(from, "percentiles", &percentiles);
    for (int i = 0; i < PT_PERCENTILES; i++) {
        phase->percentiles_ns[i] = pt_view_ns(&percentiles, keys[i], PT_NOT_KNOWN);
    }
}

static bool add_phase(struct pt_run_figures *run, const char *name, const bson_t *from)
{
    const char *source = pt_view_text(from, "source");
    bool annotated = source != NULL && strcmp(source, "annotated") == 0;
    struct pt_phase_figures *phase = pt_run_add_phase(run, name, !annotated);
    if (phase == NULL) {
        return false;
    }
    phase->count = pt_view_count(from, "count", 0);
    phase->failed = pt_view_count(from, "failed", 0);
    phase->documents = pt_view_count(from, "documents", 0);
    phase->bytes = pt_view_count(from, "bytes", 0);
    phase->sum_ns = pt_view_ns(from, "total_duration", 0);
    phase->min_ns = pt_view_ns(from, "min_duration", 0);
    phase->max_ns = pt_view_ns(from, "max_duration", 0);
    take_percentiles(phase, from);
    take_durations(phase, from);
    return true;
}

static bool take_phases(struct pt_run_figures *run, const bson_t *report)
{
    bson_t phases;
    bson_t phase;
    bson_iter_t iter;
    bool good = pt_view_object(report, "phases", &phases) && bson_iter_init(&iter, &phases);
    while (good && bson_iter_next(&iter)) {
        const char *name = bson_iter_key(&iter);
        bool is_new = pt_view_element(&iter, &phase) && pt_run_phase(run, name) == NULL;
        good = !is_new || (run->phase_count < PHASES_HIGHEST && add_phase(run, name, &phase));
    }
    return good;
}

static void add_version(struct pt_run_figures *run, const bson_t *driver)
{
    const char *version = pt_view_text(driver, "version");
    if (version != NULL) {
        pt_run_add_word(&run->drivers, version);
    }
}

static void take_process(struct pt_run_figures *run, const bson_t *process)
{
    bson_t drivers;
    bson_t driver;
    bson_iter_t iter;
    const char *program = pt_view_text(process, "program");
    if (program != NULL) {
        pt_run_add_word(&run->programs, program);
    }
    pt_view_object(process, "driver", &driver);
    add_version(run, &driver);
    if (pt_view_object(process, "drivers", &drivers) && bson_iter_init(&iter, &drivers)) {
        while (bson_iter_next(&iter)) {
            pt_view_element(&iter, &driver);
            add_version(run, &driver);
        }
    }
    if (pt_view_object(process, "unseen_drivers", &drivers)) {
        pt_run_lacks(run, "calls of a driver may be missing");
    }
}

static void take_run(struct pt_run_figures *run, const bson_t *report)
{
    bson_t about;
    bson_t processes;
    bson_t process;
    bson_iter_t iter;
    pt_view_object(report, "run", &about);
    const char *ended = pt_view_text(&about, "ended");
    int64_t signal = pt_view_count(&about, "signal", PT_NOT_KNOWN);
    run->ended = strdup(ended != NULL ? ended : "unknown");
    run->complete = ended != NULL && strncmp(ended, "exit", 4) == 0;
    run->exit_status = signal >= 0 && signal < 128
                           ? 128 + signal
                           : pt_view_count(&about, "exit_status", PT_NOT_KNOWN);
    if (ended != NULL && (strcmp(ended, "still running") == 0 || strcmp(ended, "not yet") == 0)) {
        pt_run_lacks(run, "the run has not ended");
    }
    if (pt_view_object(&about, "processes", &processes) && bson_iter_init(&iter, &processes)) {
        while (bson_iter_next(&iter)) {
            pt_view_element(&iter, &process);
            take_process(run, &process);
        }
    }
}

static int64_t counts_in(const bson_t *report, const char *key)
{
    bson_t list;
    bson_t element;
    bson_iter_t iter;
    int64_t sum = 0;
    if (pt_view_object(report, key, &list) && bson_iter_init(&iter, &list)) {
        while (bson_iter_next(&iter)) {
            pt_view_element(&iter, &element);
            sum = pt_add(sum, pt_view_count(&element, "count", 0));
        }
    }
    return sum;
}

static void take_use(struct pt_run_figures *run, const bson_t *report)
{
    bson_t process;
    bson_t rss;
    pt_view_object(report, "process", &process);
    pt_view_object(&process, "rss_bytes", &rss);
    int64_t user_ns = pt_view_ns(&process, "user_cpu_seconds", PT_NOT_KNOWN);
    int64_t system_ns = pt_view_ns(&process, "system_cpu_seconds", PT_NOT_KNOWN);
    pt_run_set_cpu(run, user_ns, system_ns);
    run->memory_bytes = pt_view_count(&rss, "peak", PT_NOT_KNOWN);
}

static void take_sums(struct pt_run_figures *run, const bson_t *report)
{
    bson_t outcome;
    bson_t profiler;
    pt_view_object(report, "outcome", &outcome);
    pt_view_object(report, "profiler", &profiler);
    run->runtime_ns = pt_view_ns(report, "total_runtime_seconds", PT_NOT_KNOWN);
    run->not_written =
        pt_add(pt_view_count(&outcome, "refused", 0), pt_view_count(&outcome, "not_attempted", 0));
    run->unknown =
        pt_add(pt_view_count(&outcome, "unacknowledged", 0), pt_view_count(&outcome, "unknown", 0));
    run->errors = pt_add(counts_in(report, "write_errors"), counts_in(report, "errors"));
    run->retries = counts_in(report, "retries");
    run->dropped = pt_view_count(&profiler, "events_dropped", 0);
    if (run->dropped > 0) {
        pt_run_lacks(run, "%" PRId64 " events were dropped", run->dropped);
    }
    if (pt_view_count(&profiler, "damaged_bytes", 0) > 0 ||
        pt_view_count(&profiler, "implausible_events", 0) > 0) {
        pt_run_lacks(run, "parts of its log are damaged");
    }
}

/* False, with `why`, for JSON that is no report of one run. */
static bool is_report(const bson_t *report, char *why, size_t room)
{
    bson_t part;
    if (pt_view_object(report, "runs", &part)) {
        snprintf(why, room, "it lists several runs; give the report or the logs of one run each");
        return false;
    }
    int64_t version = pt_view_count(report, "schema_version", 0);
    if (version != 1 || !pt_view_object(report, "phases", &part) ||
        !pt_view_object(report, "run", &part)) {
        snprintf(why, room, "it is no report that this version of phasetap can read");
        return false;
    }
    return true;
}

bool pt_run_figures_of_report(struct pt_run_figures *run, const char *json, size_t length,
                              const char *source, char *why, size_t room)
{
    bson_error_t error;
    bson_t report;
    *run = (struct pt_run_figures){.source = strdup(source), .exit_status = PT_NOT_KNOWN};
    if (run->source == NULL || !bson_init_from_json(&report, json, (ssize_t)length, &error)) {
        snprintf(why, room, "it is no complete JSON document");
        return false;
    }
    bool good = is_report(&report, why, room);
    if (good && !take_phases(run, &report)) {
        snprintf(why, room, "it has too many phases");
        good = false;
    }
    if (good) {
        take_run(run, &report);
        take_use(run, &report);
        take_sums(run, &report);
        pt_run_figures_sum(run);
    }
    bson_destroy(&report);
    return good;
}
