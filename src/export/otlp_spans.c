/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp_spans.c: events as spans, in requests of the OpenTelemetry Protocol (otlp_batch.h):
 *
 *     process > annotated phases > calls and application time > connections and commands
 *
 * A command is a span of kind CLIENT by the conventions for databases (semconv.h), all others are
 * INTERNAL. A call, annotated phase or process that has not ended is no span yet, but for a process
 * and its phases at the end of the log: they last until its latest event. What belongs to a call
 * that never ended has the phase around it, or the process, as its parent.
 *
 * Streams, and keeps one request and what otlp_calls.h keeps.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/format_functions.h"
#include "export/otlp_batch.h"
#include "export/otlp_calls.h"
#include "export/semconv.h"
#include "text/usage.h"

enum kind { INTERNAL = 1, CLIENT = 3 }; /* enum SpanKind of the protocol */
#define STATUS_ERROR 2

struct otlp {
    struct pt_otlp_batch batch;
    struct pt_otlp_calls calls;
    const struct pt_trace *trace; /* of the log */
    struct pt_otlp_process id;
};

struct span {
    struct pt_span_id id, parent;
    const char *name;
    enum kind kind;
    int64_t start_ns, end_ns;
    bool failed;
};

static struct pt_span_id id_of(const struct otlp *state, int32_t kind, int32_t thread,
                               int32_t number, int64_t ns)
{
    return pt_otlp_span_id(&state->id, (struct pt_otlp_event){kind, thread, number, ns});
}

/* The annotated phase around an event, or the process. */
static struct pt_span_id around(const struct otlp *state, const struct pt_trace_event *event)
{
    return event->inside > 0 ? id_of(state, PT_TRACE_ANNOTATION, event->thread, event->inside, 0)
                             : id_of(state, PT_OTLP_PROCESS, 0, 0, 0);
}

/* NULL: memory ran out. The attributes follow, then close_span(). */
static struct pt_json *open_span(struct otlp *state, const struct span *span)
{
    struct pt_json *json = pt_otlp_batch_item(&state->batch, state->trace);
    if (json == NULL) {
        return NULL;
    }
    pt_json_string(json, "traceId", state->batch.export->place.trace.text);
    pt_json_string(json, "spanId", span->id.text);
    if (span->parent.text[0] != '\0') {
        pt_json_string(json, "parentSpanId", span->parent.text);
    }
    pt_json_string(json, "name", span->name);
    pt_json_int(json, "kind", span->kind);
    pt_otlp_number(json, "startTimeUnixNano", pt_max(0, span->start_ns));
    pt_otlp_number(json, "endTimeUnixNano", pt_max(0, pt_max(span->start_ns, span->end_ns)));
    if (span->failed) {
        pt_json_open_object(json, "status");
        pt_json_int(json, "code", STATUS_ERROR);
        pt_json_close_object(json);
    }
    pt_json_open_array(json, "attributes");
    return json;
}

static bool close_span(struct otlp *state, struct pt_json *json)
{
    pt_json_close_array(json);
    return pt_otlp_batch_done(&state->batch);
}

/* ---- attributes ---- */

static void put_thread(struct pt_json *json, const struct otlp *state, int32_t thread)
{
    const struct pt_process *process = state->trace->process;
    bool known = (size_t)thread < process->thread_slots && process->threads[thread] != NULL;
    if (known && process->threads[thread]->tid > 0) {
        pt_otlp_int(json, "thread.id", process->threads[thread]->tid);
    }
}

static void put_count(struct pt_json *json, const char *key, int64_t number)
{
    if (number > 0) {
        pt_otlp_int(json, key, number);
    }
}

static void put_figures(struct pt_json *json, const struct otlp *state,
                        const struct pt_trace_event *event)
{
    put_thread(json, state, event->thread);
    put_count(json, "phasetap.documents", event->documents);
    put_count(json, "phasetap.bytes", event->bytes);
    put_count(json, "phasetap.commands", event->commands);
}

/* ---- spans ---- */

static bool put_command(struct otlp *state, const struct span *span,
                        const struct pt_trace_event *event, const struct pt_trace_event *call,
                        const char *error)
{
    char name[2 * PT_SEMCONV_BYTES];
    char code[16];
    struct pt_semconv semconv;
    struct span named = *span;
    pt_semconv_of(&semconv, event, call);
    pt_semconv_span_name(&semconv, name, sizeof name);
    named.name = name;
    named.kind = CLIENT;
    struct pt_json *json = open_span(state, &named);
    if (json == NULL) {
        return false;
    }
    pt_semconv_put(json, &semconv, error);
    if (event->code != 0) {
        snprintf(code, sizeof code, "%" PRId32, event->code);
        pt_otlp_text(json, "db.response.status_code", code);
    }
    put_figures(json, state, event);
    return close_span(state, json);
}

static bool put_internal(struct otlp *state, const struct span *span,
                         const struct pt_trace_event *event, const char *error)
{
    struct pt_semconv semconv;
    struct pt_json *json = open_span(state, span);
    if (json == NULL) {
        return false;
    }
    pt_semconv_of(&semconv, event, event);
    if (event->kind == PT_TRACE_CALL || event->kind == PT_TRACE_CONNECTION) {
        pt_semconv_put_namespace(json, &semconv);
    }
    pt_otlp_text(json, "code.function.name", event->function);
    pt_otlp_text(json, "error.type", error);
    put_figures(json, state, event);
    return close_span(state, json);
}

/* A connection can begin before its call, with the construction of the client. */
static struct pt_span_id parent_of(const struct otlp *state, const struct pt_trace_event *event,
                                   const struct pt_trace_event *call)
{
    bool inner = event->kind != PT_TRACE_CALL && call != NULL && event->start_ns >= call->start_ns;
    return inner ? id_of(state, PT_TRACE_CALL, event->thread, event->call, 0)
                 : around(state, event);
}

/* Two connections or commands of a call differ in their time, calls in their number. */
static bool put_joined(void *context, const struct pt_trace_event *event,
                       const struct pt_trace_event *call, const char *error)
{
    struct otlp *state = context;
    bool inner = event->kind != PT_TRACE_CALL;
    struct span span = {
        .id = id_of(state, (int32_t)event->kind, event->thread, event->call,
                    inner ? event->start_ns : 0),
        .parent = parent_of(state, event, call),
        .name = event->phase != NULL ? event->phase : "Driver Call",
        .kind = INTERNAL,
        .start_ns = event->start_ns,
        .end_ns = pt_add(event->start_ns, event->duration_ns),
        .failed = event->failed,
    };
    return event->kind == PT_TRACE_COMMAND ? put_command(state, &span, event, call, error)
                                           : put_internal(state, &span, event, error);
}

/* Application time with documents, and annotated phases that have ended. */
static bool put_phase(struct otlp *state, const struct pt_trace_event *event)
{
    bool gap = event->kind == PT_TRACE_GAP;
    struct span span = {
        .id = id_of(state, (int32_t)event->kind, event->thread, event->call,
                    gap ? event->start_ns : 0),
        .parent = around(state, event),
        .name = event->phase,
        .kind = INTERNAL,
        .start_ns = event->start_ns,
        .end_ns = pt_add(event->start_ns, event->duration_ns),
    };
    return event->phase == NULL || put_internal(state, &span, event, NULL);
}

/* ---- the format ---- */

bool pt_otlp_begin(struct pt_export *export)
{
    struct otlp *state = calloc(1, sizeof *state);
    export->state = state;
    if (state == NULL) {
        return false;
    }
    state->batch.export = export;
    state->batch.signal = PT_OTLP_TRACES;
    state->calls.joined = put_joined;
    state->calls.context = state;
    return true;
}

bool pt_otlp_log_begin(struct pt_export *export, struct pt_trace *trace)
{
    struct otlp *state = export->state;
    state->trace = trace;
    state->id = pt_otlp_process_of(trace->process);
    return true;
}

bool pt_otlp_event(struct pt_export *export, const struct pt_trace *trace,
                   const struct pt_trace_event *event)
{
    struct otlp *state = export->state;
    (void)trace;
    switch (event->kind) {
    case PT_TRACE_CALL:
    case PT_TRACE_CONNECTION:
    case PT_TRACE_COMMAND:
    case PT_TRACE_ERROR:
        return pt_otlp_calls_take(&state->calls, event);
    case PT_TRACE_GAP:
    case PT_TRACE_ANNOTATION:
        return put_phase(state, event);
    default:
        return true;
    }
}

/* ---- the end of a log ---- */

static int64_t since_1970(const struct pt_process *process, int64_t ns)
{
    return pt_add(ns, process->wall_offset_ns);
}

/* The phase with that position among those that are still open on the thread. */
static bool put_open_phase(struct otlp *state, const struct pt_recorded_thread *thread, size_t at)
{
    struct pt_process *process = state->trace->process;
    int32_t outer = at > 0 ? thread->open[at - 1].q : 0;
    struct pt_trace_event event = {.kind = PT_TRACE_ANNOTATION,
                                   .thread = thread->number,
                                   .call = thread->open[at].q,
                                   .inside = outer};
    struct span span = {
        .id = id_of(state, PT_TRACE_ANNOTATION, thread->number, thread->open[at].q, 0),
        .parent = around(state, &event),
        .name = pt_names_text(&process->names, PT_NAME_PHASE, thread->open[at].phase),
        .kind = INTERNAL,
        .start_ns = since_1970(process, thread->open[at].entry.start_ns),
        .end_ns = state->trace->last_ns,
    };
    struct pt_json *json = open_span(state, &span);
    if (json == NULL) {
        return false;
    }
    pt_otlp_bool(json, "phasetap.end_seen", false);
    put_thread(json, state, thread->number);
    return close_span(state, json);
}

static bool put_open_phases(struct otlp *state)
{
    const struct pt_process *process = state->trace->process;
    for (size_t i = 0; i < process->thread_slots; i++) {
        const struct pt_recorded_thread *thread = process->threads[i];
        for (size_t at = 0; thread != NULL && at < thread->open_count; at++) {
            if (!put_open_phase(state, thread, at)) {
                return false;
            }
        }
    }
    return true;
}

static void put_end(struct pt_json *json, const struct pt_process *process)
{
    if (process->has_run_end && process->exit_status >= 0) {
        pt_otlp_int(json, "process.exit.code", process->exit_status);
    }
    if (process->has_run_end && process->exit_signal > 0) {
        pt_otlp_int(json, "phasetap.exit_signal", process->exit_signal);
    }
    if (!process->has_run_end && !process->has_end) {
        pt_otlp_bool(json, "phasetap.end_seen", false);
    }
}

static int64_t end_of(const struct pt_trace *trace)
{
    const struct pt_process *process = trace->process;
    int64_t end_ns = process->has_end ? since_1970(process, process->end_ns) : 0;
    if (process->has_run_end && process->run_end_ns > 0) {
        end_ns = pt_max(end_ns, since_1970(process, process->run_end_ns));
    }
    return pt_max(end_ns, trace->last_ns);
}

static bool put_process(struct otlp *state)
{
    const struct pt_process *process = state->trace->process;
    bool bad = process->exit_status > 0 || process->exit_signal > 0;
    struct span span = {
        .id = id_of(state, PT_OTLP_PROCESS, 0, 0, 0),
        .parent = state->batch.export->place.parent,
        .name = process->program != NULL ? process->program : "process",
        .kind = INTERNAL,
        .start_ns = since_1970(process, process->start_ns),
        .end_ns = end_of(state->trace),
        .failed = process->has_run_end && bad,
    };
    struct pt_json *json = open_span(state, &span);
    if (json == NULL) {
        return false;
    }
    put_end(json, process);
    return close_span(state, json);
}

bool pt_otlp_log_end(struct pt_export *export, const struct pt_trace *trace)
{
    struct otlp *state = export->state;
    bool done = pt_otlp_calls_flush(&state->calls) && put_open_phases(state) &&
                put_process(state) && pt_otlp_batch_flush(&state->batch);
    if (done && trace->process->left_out > 0) {
        pt_warn("'%s': %" PRId64 " events are in the log's totals only, and not among the spans",
                trace->process->log_path, trace->process->left_out);
    }
    return done;
}

bool pt_otlp_end(struct pt_export *export)
{
    struct otlp *state = export->state;
    pt_otlp_batch_drop(&state->batch);
    pt_otlp_calls_release(&state->calls);
    free(state);
    return true;
}
