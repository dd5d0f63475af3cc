/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "log/bson_field.h"
#include "trace/trace_open.h"

/* ---- the first walk ---- */

static void learn_thread(struct pt_process *process, const struct pt_record *record)
{
    struct pt_recorded_thread *thread =
        pt_process_thread(process, (int32_t)pt_field_int(record, "th", 0));
    if (thread != NULL) {
        thread->tid = pt_field_int(record, "tid", thread->tid);
    }
}

/* A later part of the log may know a later end. */
static void learn_end(struct pt_process *process, const struct pt_record *record)
{
    int64_t t_ns = pt_field_int(record, "t", 0);
    if (record->kind == PT_KIND_END) {
        process->has_end = true;
        process->end_ns = t_ns;
    } else {
        process->has_run_end = true;
        process->run_end_ns = t_ns;
        process->exit_status = (int32_t)pt_field_int(record, "status", -1);
        process->exit_signal = (int32_t)pt_field_int(record, "signal", 0);
    }
}

/* Of the totals only the number of documents that they stand for. */
static void learn_total(struct pt_process *process, const struct pt_record *record)
{
    int64_t documents = pt_max(0, pt_field_int(record, "documents", 0));
    char *section = pt_field_text(record, "of");
    if (section != NULL && strcmp(section, "process") == 0) {
        process->left_out = pt_add(process->left_out, documents);
    }
    free(section);
}

static int learn(void *context, const struct pt_record *record)
{
    struct pt_process *process = context;
    if (record->kind == PT_KIND_MANIFEST) {
        pt_process_manifest(process, record);
        pt_names_learn(&process->names, record);
    } else if (record->kind == PT_KIND_NAME) {
        pt_names_learn(&process->names, record);
    } else if (record->kind == PT_KIND_THREAD) {
        learn_thread(process, record);
    } else if (record->kind == PT_KIND_END || record->kind == PT_KIND_RUN_END) {
        learn_end(process, record);
    } else if (record->kind == PT_KIND_TOTAL) {
        learn_total(process, record);
    }
    return 0;
}

int pt_trace_open(struct pt_trace *trace, const char *path)
{
    *trace = (struct pt_trace){0};
    int code = pt_log_open(&trace->log, path);
    if (code != PT_LOG_OK) {
        return code;
    }
    trace->process = pt_process_new(path);
    code = trace->process == NULL ? PT_LOG_MEMORY : pt_log_walk(&trace->log, learn, trace->process);
    if (code != PT_LOG_OK) {
        pt_trace_release(trace);
    }
    return code;
}

void pt_trace_release(struct pt_trace *trace)
{
    pt_process_free(trace->process);
    trace->process = NULL;
    pt_log_release(&trace->log);
}

/* ---- the second walk ---- */

static int hand_out(void *context, const struct pt_record *record)
{
    struct pt_trace *trace = context;
    struct pt_trace_event event = {.cpu_ns = -1, .start_ns = trace->last_ns};
    if (record->kind == PT_KIND_BEGIN) {
        pt_trace_open_begin(trace->process, record);
    } else if (record->kind == PT_KIND_FINISH) {
        pt_trace_open_finish(trace->process, record);
    }
    if (!pt_trace_event_of(trace->process, record, &event)) {
        return 0;
    }
    event.inside = pt_trace_open_inside(trace->process, event.thread, event.start_ns);
    int64_t end_ns = pt_add(event.start_ns, event.duration_ns);
    trace->last_ns = pt_max(trace->last_ns, end_ns);
    return trace->handler(trace->context, &event);
}

int pt_trace_walk(struct pt_trace *trace, pt_trace_handler handler, void *context)
{
    trace->handler = handler;
    trace->context = context;
    trace->last_ns = pt_add(trace->process->start_ns, trace->process->wall_offset_ns);
    return pt_log_walk(&trace->log, hand_out, trace);
}
