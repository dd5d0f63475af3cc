/* SPDX-License-Identifier: Apache-2.0 */
/* What the processes of a program did, as samples: how they ended, where the time of their threads
 * went, what they used. */
#include "export/prometheus_family.h"
#include "model/model_sums.h"

static void put_last_run(struct pt_samples *samples, const struct pt_model *model)
{
    pt_sample_begin(samples, "");
    pt_sample_seconds(samples, model->runtime_end_ns);
}

static void put_runtime(struct pt_samples *samples, const struct pt_model *model)
{
    pt_sample_begin(samples, "");
    pt_sample_seconds(samples, pt_sub(model->runtime_end_ns, model->runtime_start_ns));
}

enum ending { SUCCESS, FAILURE, SIGNAL, EXIT, EXEC, RUNNING, UNKNOWN, ENDINGS };

static enum ending ending_of(const struct pt_process *process)
{
    switch (process->ending) {
    case PT_ENDED_STATUS:
        return process->exit_status == 0 ? SUCCESS : FAILURE;
    case PT_ENDED_SIGNAL:
        return SIGNAL;
    case PT_ENDED_EXIT:
        return EXIT;
    case PT_ENDED_EXEC:
        return EXEC;
    case PT_ENDED_RUNNING:
        return RUNNING;
    default:
        return UNKNOWN;
    }
}

static void put_processes(struct pt_samples *samples, const struct pt_model *model)
{
    static const char *const names[ENDINGS] = {"success", "failure", "signal", "exit",
                                               "exec",    "running", "unknown"};
    int64_t counts[ENDINGS] = {0};
    for (size_t i = 0; i < model->process_count; i++) {
        counts[ending_of(model->processes[i])]++;
    }
    for (int i = 0; i < ENDINGS; i++) {
        pt_sample_begin(samples, "");
        pt_sample_label(samples, "ended", names[i]);
        pt_sample_int(samples, counts[i]);
    }
}

static void put_thread_time(struct pt_samples *samples, const struct pt_model *model)
{
    static const char *const names[PT_PART_COUNT] = {
#define PART_NAME(constant, name) #name,
        PT_PARTS(PART_NAME)};
    struct pt_time_use use = pt_model_time(model);
    for (int part = 0; part < PT_PART_COUNT; part++) {
        pt_sample_begin(samples, "");
        pt_sample_label(samples, "part", names[part]);
        pt_sample_seconds(samples, use.parts_ns[part]);
    }
}

static void put_cpu_of(struct pt_samples *samples, const char *mode, int64_t ns)
{
    if (ns >= 0) {
        pt_sample_begin(samples, "");
        pt_sample_label(samples, "mode", mode);
        pt_sample_seconds(samples, ns);
    }
}

static void put_cpu(struct pt_samples *samples, const struct pt_model *model)
{
    put_cpu_of(samples, "user", model->resources.process.user_cpu_ns);
    put_cpu_of(samples, "system", model->resources.process.system_cpu_ns);
}

static void put_if_known(struct pt_samples *samples, int64_t number)
{
    if (number >= 0) {
        pt_sample_begin(samples, "");
        pt_sample_int(samples, number);
    }
}

static void put_peak(struct pt_samples *samples, const struct pt_model *model)
{
    put_if_known(samples, model->resources.process.peak_bytes);
}

static void put_read(struct pt_samples *samples, const struct pt_model *model)
{
    put_if_known(samples, model->resources.process.read_bytes);
}

static void put_written(struct pt_samples *samples, const struct pt_model *model)
{
    put_if_known(samples, model->resources.process.written_bytes);
}

static void put_dropped(struct pt_samples *samples, const struct pt_model *model)
{
    put_if_known(samples, pt_model_cost(model).dropped);
}

static void put_left_out(struct pt_samples *samples, const struct pt_model *model)
{
    put_if_known(samples, pt_series_left_out(model));
}

const struct pt_family pt_families_run[] = {
    {"phasetap_last_run_timestamp_seconds", "gauge",
     "When the last process of the program ended, or was last seen.", put_last_run},
    {"phasetap_runtime_seconds", "gauge",
     "From the start of the first process to the end of the last one.", put_runtime},
    {"phasetap_processes", "gauge",
     "Processes by how they ended: exit is an ordered end whose status is not known.",
     put_processes},
    {"phasetap_thread_time_seconds_total", "counter",
     "Wall time of the threads that use the driver, by the part where it went.", put_thread_time},
    {"phasetap_process_cpu_seconds_total", "counter", "CPU time of the processes, by mode.",
     put_cpu},
    {"phasetap_process_resident_memory_peak_bytes", "gauge",
     "Highest resident memory of the processes.", put_peak},
    {"phasetap_process_read_bytes_total", "counter", "Bytes that the processes read from storage.",
     put_read},
    {"phasetap_process_written_bytes_total", "counter",
     "Bytes that the processes wrote to storage.", put_written},
    {"phasetap_events_dropped_total", "counter",
     "Events that are neither in a log nor in its totals.", put_dropped},
    {"phasetap_series_left_out", "gauge",
     "Rows that have no series of their own, since the number of series is limited.", put_left_out},
    {.name = NULL},
};
