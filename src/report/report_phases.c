/* SPDX-License-Identifier: Apache-2.0 */
/* "phases", "phase_order" and "open_phases" of the JSON report. */
#include "report/report.h"

static void put_percentile(struct pt_json *json, const struct pt_phase_stats *phase,
                           const char *key, double percent)
{
    int64_t value_ns;
    if (pt_phase_percentile(phase, percent, &value_ns)) {
        pt_json_seconds(json, key, value_ns);
    }
}

static void put_percentiles(struct pt_json *json, const struct pt_phase_stats *phase)
{
    double error = pt_histogram_error(&phase->durations);
    pt_json_open_object(json, "percentiles");
    put_percentile(json, phase, "p50", 50.0);
    put_percentile(json, phase, "p90", 90.0);
    put_percentile(json, phase, "p95", 95.0);
    put_percentile(json, phase, "p99", 99.0);
    pt_json_string(json, "method",
                   error > 0.0 ? "nearest rank in a log-linear histogram"
                               : "nearest rank of all values");
    pt_json_double(json, "relative_error", error);
    pt_json_close_object(json);
}

static void put_writes(struct pt_json *json, const struct pt_phase_stats *phase)
{
    if (!phase->has_writes) {
        return;
    }
    pt_json_open_object(json, "writes");
    pt_report_put_writes(json, phase->writes);
    pt_json_close_object(json);
}

static void put_outcome(struct pt_json *json, const struct pt_phase_stats *phase)
{
    if (phase->writing) {
        struct pt_outcome outcome = pt_phase_outcome(phase);
        pt_json_open_object(json, "outcome");
        pt_report_put_outcome(json, &outcome);
        pt_json_close_object(json);
    }
}

static void put_masking(struct pt_json *json, const struct pt_phase_stats *phase)
{
    if (phase->masking) {
        pt_json_int(json, "documents_read", phase->documents_read);
        pt_json_int(json, "documents_written", phase->documents_written);
        pt_json_seconds(json, "cpu_seconds", phase->cpu_ns);
        pt_json_seconds(json, "waiting_seconds", phase->waiting_ns);
    }
    if (phase->connection) {
        pt_json_int(json, "established", phase->count - phase->failed);
    }
}

static void put_use(struct pt_json *json, const struct pt_phase_use *use)
{
    pt_json_seconds(json, "seconds", use->told_ns);
    pt_json_seconds(json, "cpu_seconds", use->cpu_ns);
    pt_json_percent(json, "cpu_percent", (double)use->cpu_ns, (double)use->told_ns);
    pt_json_int(json, "minor_faults", use->minor_faults);
    pt_json_int(json, "major_faults", use->major_faults);
    pt_json_seconds(json, "io_seconds", use->io_ns);
    pt_json_int(json, "read_bytes", use->read_bytes);
    pt_json_int(json, "written_bytes", use->written_bytes);
    pt_json_int(json, "resident_bytes", use->resident_bytes);
}

void pt_report_phase_resources(struct pt_json *json, const struct pt_phase_stats *phase)
{
    const char *unknown = pt_phase_use_unknown(&phase->use);
    pt_json_open_object(json, "resources");
    pt_json_seconds_or_null(json, "cpu_seconds", pt_phase_knows_cpu(phase) ? phase->cpu_ns : -1);
    if (unknown == NULL) {
        pt_json_open_object(json, "process");
        put_use(json, &phase->use);
        pt_json_close_object(json);
    } else {
        pt_json_null(json, "process");
        pt_json_string(json, "cannot_tell", unknown);
    }
    pt_json_close_object(json);
}

static void put_new_keys(struct pt_json *json, const struct pt_phase_stats *phase)
{
    pt_json_string(json, "source", phase->annotated ? "annotated" : "recognised");
    pt_json_int(json, "entries_total", (int64_t)phase->entries_total);
    pt_json_bool(json, "entries_truncated", phase->kept < phase->entries_total);
    pt_json_int(json, "failed", phase->failed);
    pt_json_int(json, "documents", pt_phase_documents(phase));
    pt_json_int(json, "bytes", phase->bytes);
    pt_json_int(json, "commands", phase->commands);
    put_masking(json, phase);
    put_writes(json, phase);
    put_outcome(json, phase);
    put_percentiles(json, phase);
    pt_report_phase_resources(json, phase);
}

static void put_phase(struct pt_json *json, const struct pt_phase_stats *phase)
{
    pt_json_open_object(json, phase->name);
    pt_json_int(json, "count", phase->count);
    pt_json_seconds(json, "total_duration", phase->sum_ns);
    pt_json_average(json, "average_duration", phase->sum_ns, phase->count);
    pt_json_seconds(json, "min_duration", phase->min_ns);
    pt_json_seconds(json, "max_duration", phase->max_ns);
    pt_json_open_array(json, "entries");
    for (size_t i = 0; i < phase->kept; i++) {
        pt_report_entry(json, &phase->entries[i]);
    }
    pt_json_close_array(json);
    put_new_keys(json, phase);
    pt_json_close_object(json);
}

void pt_report_phases(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_object(json, "phases");
    for (size_t i = 0; i < model->phase_count; i++) {
        put_phase(json, &model->phases[i]);
    }
    pt_json_close_object(json);
    pt_json_open_array(json, "phase_order");
    for (size_t i = 0; i < model->phase_count; i++) {
        pt_json_string(json, NULL, model->phases[i].name);
    }
    pt_json_close_array(json);
}

void pt_report_open_phases(struct pt_json *json, const struct pt_model *model)
{
    pt_json_open_array(json, "open_phases");
    for (size_t i = 0; i < model->phase_count; i++) {
        if (model->phases[i].open > 0) {
            pt_json_open_object(json, NULL);
            pt_json_string(json, "phase", model->phases[i].name);
            pt_json_int(json, "count", model->phases[i].open);
            pt_json_close_object(json);
        }
    }
    pt_json_close_array(json);
}
