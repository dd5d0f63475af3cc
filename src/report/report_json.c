/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON report: the original's keys first and in its order, everything new behind them. */
#include "base/saturate.h"
#include "report/report.h"
#include "text/number_text.h"
#include "text/time_text.h"

#define SCHEMA_VERSION 1

static double average(double sum, int64_t count)
{
    return count > 0 ? pt_round2(sum / (double)count) : 0.0;
}

/* System-wide, as the original meant it: what the process itself used stands under "process". The
 * sampler reads the system's figures at most once a second, those of the process at each sample. */
static void put_resource_usage(struct pt_json *json, const struct pt_system_use *use,
                               int64_t samples)
{
    pt_json_open_object(json, "resource_usage");
    pt_json_double(json, "average_cpu_percent", average(use->cpu_sum, use->cpu_count));
    pt_json_double(json, "average_memory_percent", average(use->memory_sum, use->memory_count));
    pt_json_double(json, "peak_cpu_percent", pt_round2(use->cpu_peak));
    pt_json_double(json, "peak_memory_percent", pt_round2(use->memory_peak));
    pt_json_int(json, "samples_collected", pt_max(use->samples, samples));
    pt_json_close_object(json);
}

static void put_warning(struct pt_json *json, const char *what, int64_t count, int64_t of,
                        double highest)
{
    if (count > 0) {
        pt_json_open_object(json, NULL);
        pt_json_string(json, "what", what);
        pt_json_double(json, "above_percent", PT_PERCENT_HIGH);
        pt_json_int(json, "count", count);
        pt_json_int(json, "of", of);
        pt_json_double(json, "highest_percent", pt_round2(highest));
        pt_json_close_object(json);
    }
}

/* What the original logged as warnings while it ran. */
static void put_resource_warnings(struct pt_json *json, const struct pt_system_use *use)
{
    pt_json_open_array(json, "resource_warnings");
    put_warning(json, "cpu", use->cpu_high, use->cpu_count, use->cpu_peak);
    put_warning(json, "memory", use->memory_high, use->memory_count, use->memory_peak);
    pt_json_close_array(json);
}

static void put_original(struct pt_json *json, const struct pt_model *model)
{
    char text[PT_TIME_BYTES];
    int64_t runtime_ns = pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    pt_local_time_text(text, pt_now_ns());
    pt_json_string(json, "report_timestamp", text);
    pt_json_seconds(json, "total_runtime_seconds", runtime_ns);
    pt_duration_text(text, runtime_ns);
    pt_json_string(json, "total_runtime_formatted", text);
    put_resource_usage(json, &model->resources.system, model->resources.process.samples);
    pt_report_phases(json, model);
}

void pt_report_json(const struct pt_model *model, FILE *out)
{
    struct pt_json json;
    pt_json_init(&json, out, true);
    pt_json_open_object(&json, NULL);
    put_original(&json, model);
    pt_json_int(&json, "schema_version", SCHEMA_VERSION);
    pt_report_insights(&json, model);
    pt_report_run(&json, model);
    pt_report_open_phases(&json, model);
    pt_report_partition(&json, model);
    put_resource_warnings(&json, &model->resources.system);
    pt_report_process(&json, model);
    pt_report_commands(&json, model);
    pt_report_errors(&json, model);
    pt_report_outcome(&json, model);
    pt_report_namespaces(&json, model);
    pt_report_servers(&json, model);
    pt_report_retries(&json, model);
    pt_report_connections(&json, model);
    pt_report_throughput(&json, model);
    pt_report_annotations(&json, model);
    pt_report_profiler(&json, model);
    pt_json_close_object(&json);
    fputc('\n', out);
}
