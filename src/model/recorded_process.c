/* SPDX-License-Identifier: Apache-2.0 */
#include "model/recorded_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"
#include "log/bson_field.h"
#include "log/names_mode.h"
#include "text/shown_path.h"

struct pt_process *pt_process_new(const char *log_path)
{
    struct pt_process *process = calloc(1, sizeof *process);
    if (process != NULL) {
        process->log_path = strdup(log_path);
        pt_names_init(&process->names);
        pt_resources_init(&process->resources);
    }
    return process;
}

static void free_thread(struct pt_recorded_thread *thread)
{
    if (thread == NULL) {
        return;
    }
    for (size_t i = 0; i < thread->open_count; i++) {
        pt_entry_release(&thread->open[i].entry);
    }
    free(thread->open);
    free(thread->held);
    free(thread);
}

static void free_drivers(struct pt_process *process)
{
    for (size_t i = 0; i < process->driver_count; i++) {
        free(process->drivers[i].version);
        free(process->drivers[i].soname);
    }
    for (size_t i = 0; i < process->unseen_count; i++) {
        free(process->unseen[i].object);
    }
}

void pt_process_free(struct pt_process *process)
{
    if (process == NULL) {
        return;
    }
    for (size_t i = 0; i < process->thread_slots; i++) {
        free_thread(process->threads[i]);
    }
    free(process->threads);
    pt_names_release(&process->names);
    free(process->log_path);
    free(process->program);
    free(process->tool_version);
    free(process->boot_id);
    pt_series_release(&process->activity);
    pt_series_release(&process->memory);
    free(process->host);
    free(process->run);
    free(process->trace_id);
    free(process->parent_span_id);
    free(process->clients);
    for (size_t i = 0; i < process->helper_count; i++) {
        free(process->helpers[i].name);
    }
    free(process->helpers);
    free_drivers(process);
    pt_ignored_release(&process->ignored);
    free(process);
}

static bool make_room(struct pt_process *process, size_t number)
{
    struct pt_recorded_thread **threads = pt_array_reach(
        process->threads, &process->thread_slots, number, 16, sizeof(struct pt_recorded_thread *));
    if (threads == NULL) {
        return false;
    }
    process->threads = threads;
    return true;
}

struct pt_recorded_thread *pt_process_thread(struct pt_process *process, int32_t number)
{
    if (number < 1 || number > PT_THREADS_HIGHEST || !make_room(process, (size_t)number)) {
        return NULL;
    }
    struct pt_recorded_thread **slot = &process->threads[number];
    if (*slot == NULL) {
        *slot = calloc(1, sizeof **slot);
        if (*slot != NULL) {
            (*slot)->number = number;
            (*slot)->pending.first_command = -1;
        }
    }
    return *slot;
}

static void read_texts(struct pt_process *process, const struct pt_record *manifest)
{
    process->program = pt_field_text(manifest, "program");
    process->tool_version = pt_field_text(manifest, "tool");
    process->boot_id = pt_field_text(manifest, "boot_id");
    process->host = pt_field_text(manifest, "host");
    process->run = pt_field_text(manifest, "run");
    process->trace_id = pt_field_text(manifest, "trace_id");
    process->parent_span_id = pt_field_text(manifest, "parent_span_id");
    process->names_mode = pt_names_mode_of(manifest);
}

void pt_process_manifest(struct pt_process *process, const struct pt_record *manifest)
{
    if (process->has_manifest) {
        return; /* only the first one counts */
    }
    process->has_manifest = true;
    read_texts(process, manifest);
    process->pid = pt_field_int(manifest, "pid", 0);
    process->ppid = pt_field_int(manifest, "ppid", 0);
    process->start_ticks = pt_field_int(manifest, "start_ticks", 0);
    process->pid_namespace = pt_field_int(manifest, "pid_ns", 0);
    process->time_namespace = pt_field_int(manifest, "time_ns", 0);
    process->time_offset_ns = pt_field_int(manifest, "time_offset", INT64_MIN);
    process->has_time_offset = process->time_offset_ns != INT64_MIN;
    process->opened_ns = pt_field_int(manifest, "t", 0);
    process->start_ns = pt_field_int(manifest, "start", process->opened_ns);
    process->realtime_ns = pt_field_int(manifest, "realtime_ns", 0);
    process->wall_offset_ns = pt_sub(process->realtime_ns, process->opened_ns);
    process->clock_cost_ns = pt_max(0, pt_field_int(manifest, "clock_ns", 0));
    process->cpu_clock_cost_ns = pt_max(0, pt_field_int(manifest, "cpu_clock_ns", 0));
    process->event_cost_ns = pt_max(0, pt_field_int(manifest, "event_ns", 0));
    process->interval_ns = pt_field_int(manifest, "interval_ns", 0);
    process->limit_bytes = pt_field_int(manifest, "limit_bytes", 0);
    process->last_ns = process->start_ns;
    pt_ignored_read(&process->ignored, manifest);
}

/* The counter costs less than what the manifest measured, before it was calibrated. */
void pt_process_clock(struct pt_process *process, const struct pt_record *clock)
{
    process->clock = (int32_t)pt_field_int(clock, "clk", 0);
    process->clock_deviation_ns = pt_max(0, pt_field_int(clock, "dev", 0));
    process->clock_cost_ns = pt_max(0, pt_field_int(clock, "cost", process->clock_cost_ns));
}

int64_t pt_process_end_ns(const struct pt_process *process)
{
    bool usable = process->has_end && process->clock_back_ns == 0;
    return usable ? pt_max(process->end_ns, process->start_ns) : process->last_ns;
}

const char *pt_process_names_text(const struct pt_process *process)
{
    static const char *const words[] = {
        [PT_NAMES_PLAIN] = "plain", [PT_NAMES_ALIAS] = "alias", [PT_NAMES_HASH] = "hash"};
    return words[process->names_mode];
}

const char *pt_process_log_name(const struct pt_process *process)
{
    const char *path = process->log_path != NULL ? pt_shown_path(process->log_path) : "";
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

int64_t pt_process_gone_ns(const struct pt_process *process)
{
    int64_t end_ns = pt_process_end_ns(process);
    return process->clock_back_ns > 0 ? end_ns : pt_max(end_ns, process->run_end_ns);
}

/* The kernel gives the number of a namespace that is gone to another one: where both logs have the
 * offset, it decides. */
bool pt_process_same_clock(const struct pt_process *a, const struct pt_process *b)
{
    bool offsets = a->has_time_offset && b->has_time_offset;
    return a->boot_id != NULL && b->boot_id != NULL && strcmp(a->boot_id, b->boot_id) == 0 &&
           (offsets ? a->time_offset_ns == b->time_offset_ns
                    : a->time_namespace == b->time_namespace);
}

bool pt_process_same_place(const struct pt_process *a, const struct pt_process *b)
{
    return pt_process_same_clock(a, b) && a->pid_namespace == b->pid_namespace;
}

/* A thread id may be used again: CPU time that went back is another thread's. */
void pt_process_helper(struct pt_process *process, int64_t tid, char *name, int64_t cpu_ns,
                       int64_t ready_ns)
{
    size_t at = process->helper_count;
    for (size_t i = 0; i < process->helper_count; i++) {
        struct pt_helper_thread *known = &process->helpers[i];
        bool same = known->tid == tid && known->cpu_ns <= cpu_ns && strcmp(known->name, name) == 0;
        at = same ? i : at;
    }
    struct pt_helper_thread *helpers =
        at < PT_HELPERS_HIGHEST
            ? pt_array_reach(process->helpers, &process->helper_room, at, 16, sizeof *helpers)
            : NULL;
    if (helpers == NULL) {
        free(name);
        return;
    }
    process->helpers = helpers;
    if (at == process->helper_count) {
        process->helper_count++;
    } else {
        free(helpers[at].name);
    }
    helpers[at] = (struct pt_helper_thread){name, tid, cpu_ns, ready_ns};
}

void pt_process_ending_text(const struct pt_process *process, char *text, size_t room)
{
    const char *abbreviation;
    switch (process->ending) {
    case PT_ENDED_STATUS:
        snprintf(text, room, "exit status %d", (int)process->exit_status);
        break;
    case PT_ENDED_SIGNAL:
        abbreviation = sigabbrev_np(process->exit_signal);
        snprintf(text, room, "signal %d (%s%s)", (int)process->exit_signal,
                 abbreviation != NULL ? "SIG" : "",
                 abbreviation != NULL ? abbreviation : "unknown");
        break;
    case PT_ENDED_EXIT:
        snprintf(text, room, "exit");
        break;
    case PT_ENDED_RUNNING:
        snprintf(text, room, process->asks ? "not yet" : "still running");
        break;
    case PT_ENDED_LEFT:
        snprintf(text, room, "_exit");
        break;
    case PT_ENDED_UNKNOWN:
        snprintf(text, room, "no ordered end: killed, crashed, exec, or an exit past libc");
        break;
    case PT_ENDED_EXEC:
        snprintf(text, room, "replaced by another program (exec)");
        break;
    case PT_ENDED_CANNOT_TELL:
        snprintf(text, room,
                 "cannot tell: no ordered end, and the process is not of this boot or "
                 "container");
        break;
    }
}
