/* SPDX-License-Identifier: Apache-2.0 */
/* "run", "process" and "profiler" of the JSON report: who ran, what it used, and what the profiler
 * itself cost. */
#include <string.h>

#include "base/saturate.h"
#include "log/log_texts.h"
#include "model/model_sums.h"
#include "model/process_links.h"
#include "report/report.h"
#include "text/number_text.h"
#include "text/time_text.h"
#include "text/version.h"

/* Where the knowledge of the end comes from. */
static const char *ending_source(const struct pt_process *process)
{
    switch (process->ending) {
    case PT_ENDED_STATUS:
    case PT_ENDED_SIGNAL:
        return "phasetap run";
    case PT_ENDED_EXIT:
    case PT_ENDED_LEFT:
        return "end of the log";
    case PT_ENDED_EXEC:
        return "another log of the process";
    case PT_ENDED_CANNOT_TELL:
        return NULL;
    default:
        return process->asks ? "the process itself" : "process table";
    }
}

static void put_ending(struct pt_json *json, const struct pt_process *process)
{
    char text[PT_ENDING_BYTES];
    pt_process_ending_text(process, text, sizeof text);
    pt_json_string(json, "ended", text);
    bool known = process->ending == PT_ENDED_STATUS;
    pt_json_int_or_null(json, "exit_status", known ? process->exit_status : -1);
    pt_json_int_or_null(json, "signal",
                        process->ending == PT_ENDED_SIGNAL ? process->exit_signal : -1);
    if (process->asks) {
        pt_json_null(json, "in_order");
    } else {
        pt_json_bool(json, "in_order", process->has_end);
    }
    pt_json_string(json, "known_from", ending_source(process));
}

static void put_driver(struct pt_json *json, const char *key, const struct pt_driver *driver)
{
    pt_json_open_object(json, key);
    pt_json_string(json, "version", driver->version);
    pt_json_string(json, "soname", driver->soname);
    pt_json_close_object(json);
}

/* "driver" is the first one; most processes have no other. */
static void put_drivers(struct pt_json *json, const struct pt_process *process)
{
    if (process->driver_count == 0) {
        pt_json_null(json, "driver");
    } else {
        put_driver(json, "driver", &process->drivers[0]);
    }
    if (process->driver_count > 1) {
        pt_json_open_array(json, "drivers");
        for (size_t i = 0; i < process->driver_count; i++) {
            put_driver(json, NULL, &process->drivers[i]);
        }
        pt_json_close_array(json);
    }
}

static void put_unseen(struct pt_json *json, const struct pt_process *process)
{
    if (process->unseen_count == 0) {
        return;
    }
    pt_json_open_array(json, "unseen_drivers");
    for (size_t i = 0; i < process->unseen_count; i++) {
        pt_json_open_object(json, NULL);
        pt_json_string(json, "object", process->unseen[i].object);
        pt_json_string(json, "reason", pt_unseen_reason(process->unseen[i].why));
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
}

static void put_process(struct pt_json *json, const struct pt_process *process)
{
    char text[PT_TIME_BYTES];
    int64_t start_ns = pt_add(process->start_ns, process->wall_offset_ns);
    int64_t end_ns = pt_add(pt_process_gone_ns(process), process->wall_offset_ns);
    pt_json_open_object(json, NULL);
    pt_json_int(json, "pid", process->pid);
    pt_json_int(json, "parent_pid", process->ppid);
    pt_json_string(json, "program", process->program);
    pt_json_string(json, "host", process->host);
    pt_json_string(json, "names", pt_process_names_text(process));
    pt_local_time_text(text, start_ns);
    pt_json_string(json, "start", text);
    pt_local_time_text(text, end_ns);
    pt_json_string(json, "end", text);
    pt_json_seconds(json, "duration_seconds", pt_sub(end_ns, start_ns));
    pt_json_string(json, "log", pt_process_log_name(process));
    pt_json_seconds_or_null(json, "sampling_interval_seconds", process->interval_ns);
    pt_json_int_or_null(json, "log_limit_bytes", process->limit_bytes);
    put_drivers(json, process);
    put_unseen(json, process);
    put_ending(json, process);
    pt_json_close_object(json);
}

void pt_report_run(struct pt_json *json, const struct pt_model *model)
{
    const struct pt_process *root = pt_model_root(model);
    pt_json_open_object(json, "run");
    if (root != NULL) {
        pt_json_string(json, "id", root->run);
        put_ending(json, pt_model_ender(model));
    }
    pt_json_open_array(json, "processes");
    for (size_t i = 0; i < model->process_count; i++) {
        put_process(json, model->processes[i]);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}

static void put_memory(struct pt_json *json, const struct pt_process_use *use)
{
    pt_json_open_object(json, "rss_bytes");
    pt_json_int_or_null(json, "first", use->rss_first_bytes);
    pt_json_int_or_null(json, "last", use->rss_last_bytes);
    pt_json_int_or_null(json, "highest_sample", use->rss_highest_bytes);
    pt_json_int_or_null(json, "peak", use->peak_bytes);
    pt_json_close_object(json);
}

static void put_system(struct pt_json *json, const struct pt_system_use *use)
{
    pt_json_int_or_null(json, "system_cpus", use->cpus > 0 ? use->cpus : -1);
    pt_json_open_object(json, "cgroup");
    pt_json_int_or_null(json, "memory_limit_bytes", use->cgroup_limit_bytes);
    pt_json_int_or_null(json, "memory_highest_bytes", use->cgroup_use_highest_bytes);
    pt_json_seconds_or_null(json, "cpu_throttled_seconds", pt_growth_of(&use->throttled_ns));
    pt_json_close_object(json);
    pt_json_open_object(json, "pressure");
    pt_json_seconds_or_null(json, "cpu_stall_seconds", pt_growth_of(&use->pressure_cpu_ns));
    pt_json_seconds_or_null(json, "memory_stall_seconds", pt_growth_of(&use->pressure_memory_ns));
    pt_json_seconds_or_null(json, "io_stall_seconds", pt_growth_of(&use->pressure_io_ns));
    pt_json_close_object(json);
}

static void put_counters(struct pt_json *json, const struct pt_process_use *use)
{
    pt_json_open_object(json, "io");
    pt_json_int_or_null(json, "read_bytes", use->read_bytes);
    pt_json_int_or_null(json, "written_bytes", use->written_bytes);
    pt_json_close_object(json);
    pt_json_int_or_null(json, "threads_highest", use->samples > 0 ? use->threads_highest : -1);
    pt_json_open_object(json, "page_faults");
    pt_json_int_or_null(json, "minor", use->minor_faults);
    pt_json_int_or_null(json, "major", use->major_faults);
    pt_json_close_object(json);
    pt_json_open_object(json, "context_switches");
    pt_json_int_or_null(json, "voluntary", use->voluntary_switches);
    pt_json_int_or_null(json, "involuntary", use->involuntary_switches);
    pt_json_close_object(json);
}

/* Of all processes together; 100 percent is one core. */
void pt_report_process(struct pt_json *json, const struct pt_model *model)
{
    const struct pt_process_use *use = &model->resources.process;
    double cpu_ns = (double)pt_max(0, use->user_cpu_ns) + (double)pt_max(0, use->system_cpu_ns);
    double runtime_ns = (double)pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    pt_json_open_object(json, "process");
    pt_json_seconds_or_null(json, "user_cpu_seconds", use->user_cpu_ns);
    pt_json_seconds_or_null(json, "system_cpu_seconds", use->system_cpu_ns);
    pt_json_percent(json, "cpu_percent", cpu_ns, use->user_cpu_ns < 0 ? 0.0 : runtime_ns);
    put_memory(json, use);
    put_counters(json, use);
    put_system(json, &model->resources.system);
    pt_json_int(json, "samples", use->samples);
    pt_json_close_object(json);
}

static void put_losses(struct pt_json *json, const struct pt_profiler_cost *cost)
{
    const struct pt_process *process = cost->dropped_by;
    const char *reason = process != NULL
                             ? pt_names_find(&process->names, PT_NAME_REASON, cost->dropped_reason)
                             : NULL;
    pt_json_int(json, "events", cost->events);
    pt_json_int(json, "events_dropped", cost->dropped);
    pt_json_int(json, "events_only_in_totals", cost->left_out);
    pt_json_string(json, "dropped_reason", reason);
    pt_json_int(json, "handles_not_followed", cost->handles);
    pt_json_int(json, "torn_events", cost->torn);
    pt_json_int(json, "damaged_bytes", cost->damaged_bytes);
    pt_json_int(json, "damaged_places", cost->damaged_places);
    pt_json_int(json, "implausible_events", cost->implausible);
    pt_json_int(json, "log_bytes", cost->log_bytes);
}

static void put_costs(struct pt_json *json, const struct pt_process *root)
{
    pt_json_int(json, "event_cost_ns", root != NULL ? root->event_cost_ns : 0);
    pt_json_string(json, "clock", pt_clock_text(root != NULL ? root->clock : 0));
    pt_json_int(json, "clock_deviation_ns", root != NULL ? root->clock_deviation_ns : 0);
    pt_json_int(json, "clock_cost_ns", root != NULL ? root->clock_cost_ns : 0);
    pt_json_int(json, "cpu_clock_cost_ns", root != NULL ? root->cpu_clock_cost_ns : 0);
}

void pt_report_profiler(struct pt_json *json, const struct pt_model *model)
{
    struct pt_profiler_cost cost = pt_model_cost(model);
    const struct pt_process *root = pt_model_root(model);
    double runtime_ns = (double)pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    pt_json_open_object(json, "profiler");
    pt_json_string(json, "version", pt_version());
    pt_json_string(json, "recorded_by", root != NULL ? root->tool_version : NULL);
    put_losses(json, &cost);
    put_costs(json, root);
    pt_json_int(json, "clock_reads", cost.clocks);
    pt_json_int(json, "cpu_clock_reads", cost.cpus);
    pt_json_bool(json, "clock_reads_estimated", cost.clocks_estimated);
    pt_json_seconds(json, "overhead_seconds", cost.overhead_ns);
    pt_json_percent(json, "overhead_percent_of_wall", (double)cost.overhead_ns, runtime_ns);
    pt_json_seconds(json, "sampler_cpu_seconds", cost.sampler_ns);
    pt_json_open_array(json, "notes");
    for (size_t i = 0; i < model->note_count; i++) {
        pt_json_string(json, NULL, model->notes[i]);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}
