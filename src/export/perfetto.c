/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perfetto.c: a trace for ui.perfetto.dev and trace_processor: a track for each thread with its
 * slices, and counters of the process. Numbers of the fields:
 * https://perfetto.dev/docs/reference/trace-packet-proto
 *
 * Times are nanoseconds since 1970, on the trace's default clock, so that traces of several hosts
 * stand side by side.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "export/format_functions.h"
#include "export/protobuf.h"
#include "export/slices.h"

/* Trace and TracePacket */
enum { TRACE_PACKET = 1, PACKET_TIMESTAMP = 8, PACKET_SEQUENCE = 10, PACKET_EVENT = 11 };
enum { PACKET_TRACK = 60 };
/* TrackDescriptor, ProcessDescriptor, ThreadDescriptor, CounterDescriptor */
enum { TRACK_UUID = 1, TRACK_NAME = 2, TRACK_PROCESS = 3, TRACK_THREAD = 4, TRACK_PARENT = 5 };
enum { TRACK_COUNTER = 8, PROCESS_PID = 1, PROCESS_NAME = 6, THREAD_PID = 1, THREAD_TID = 2 };
enum { THREAD_NAME = 5, COUNTER_UNIT = 3, UNIT_COUNT = 2, UNIT_SIZE_BYTES = 3 };
/* TrackEvent, DebugAnnotation */
enum { EVENT_TYPE = 9, EVENT_TRACK = 11, EVENT_NAME = 23, EVENT_COUNTER = 30, EVENT_DEBUG = 4 };
enum { TYPE_SLICE_BEGIN = 1, TYPE_SLICE_END = 2, TYPE_COUNTER = 4 };
enum { DEBUG_NAME = 10, DEBUG_INT = 4, DEBUG_TEXT = 6, DEBUG_BOOL = 2 };

/* Tracks of a log: the process, its counters, its threads. */
enum { TRACKS_PER_LOG = 1 << 20, RSS = 1, CPU, THREADS, COUNTER_END, FIRST_THREAD = 16 };

struct perfetto {
    FILE *out;
    struct pt_slices slices;
    const struct pt_trace *trace;
    uint64_t base;      /* number of the log's first track */
    int32_t thread;     /* whose track was described last; -1: none */
    int64_t cpu_ns, ns; /* of the last sample; ns 0: none */
};

static void put_packet(struct perfetto *state, struct pt_protobuf *packet)
{
    struct pt_protobuf head = {.length = 0};
    pt_protobuf_number(packet, PACKET_SEQUENCE, 1);
    if (!packet->full) {
        pt_protobuf_head(&head, TRACE_PACKET, packet->length);
        fwrite(head.bytes, 1, head.length, state->out);
        fwrite(packet->bytes, 1, packet->length, state->out);
    }
}

static void put_track(struct perfetto *state, const struct pt_protobuf *track)
{
    struct pt_protobuf packet = {.length = 0};
    pt_protobuf_message(&packet, PACKET_TRACK, track);
    put_packet(state, &packet);
}

static void put_event(struct perfetto *state, int64_t at_ns, const struct pt_protobuf *event)
{
    struct pt_protobuf packet = {.length = 0};
    pt_protobuf_number(&packet, PACKET_TIMESTAMP, (uint64_t)pt_max(0, at_ns));
    pt_protobuf_message(&packet, PACKET_EVENT, event);
    put_packet(state, &packet);
}

/* ---- tracks ---- */

static void describe_process(struct perfetto *state, const struct pt_process *process)
{
    struct pt_protobuf track = {.length = 0}, about = {.length = 0};
    pt_protobuf_number(&about, PROCESS_PID, (uint64_t)process->pid);
    pt_protobuf_text(&about, PROCESS_NAME, process->program ? process->program : "process");
    pt_protobuf_number(&track, TRACK_UUID, state->base);
    pt_protobuf_message(&track, TRACK_PROCESS, &about);
    put_track(state, &track);
}

static void describe_counter(struct perfetto *state, int counter, const char *name, int unit)
{
    struct pt_protobuf track = {.length = 0}, about = {.length = 0};
    pt_protobuf_number(&about, COUNTER_UNIT, (uint64_t)unit);
    pt_protobuf_number(&track, TRACK_UUID, state->base + (uint64_t)counter);
    pt_protobuf_text(&track, TRACK_NAME, name);
    pt_protobuf_number(&track, TRACK_PARENT, state->base);
    pt_protobuf_message(&track, TRACK_COUNTER, &about);
    put_track(state, &track);
}

static uint64_t track_of(const struct perfetto *state, int32_t thread)
{
    return state->base + FIRST_THREAD + (uint64_t)thread;
}

static void describe_thread(struct perfetto *state, int32_t thread)
{
    const struct pt_process *process = state->trace->process;
    bool known = (size_t)thread < process->thread_slots && process->threads[thread] != NULL;
    struct pt_protobuf track = {.length = 0}, about = {.length = 0};
    char name[32];
    snprintf(name, sizeof name, "thread %" PRId32, thread);
    pt_protobuf_number(&about, THREAD_PID, (uint64_t)process->pid);
    pt_protobuf_number(&about, THREAD_TID,
                       (uint64_t)(known && process->threads[thread]->tid > 0
                                      ? process->threads[thread]->tid
                                      : thread));
    pt_protobuf_text(&about, THREAD_NAME, name);
    pt_protobuf_number(&track, TRACK_UUID, track_of(state, thread));
    pt_protobuf_number(&track, TRACK_PARENT, state->base);
    pt_protobuf_message(&track, TRACK_THREAD, &about);
    put_track(state, &track);
    state->thread = thread;
}

/* ---- slices ---- */

static void annotate_number(struct pt_protobuf *event, const char *name, int64_t number)
{
    struct pt_protobuf debug = {.length = 0};
    if (number > 0) {
        pt_protobuf_text(&debug, DEBUG_NAME, name);
        pt_protobuf_number(&debug, DEBUG_INT, (uint64_t)number);
        pt_protobuf_message(event, EVENT_DEBUG, &debug);
    }
}

static void annotate_text(const struct perfetto *state, struct pt_protobuf *event, const char *name,
                          int32_t frame)
{
    struct pt_protobuf debug = {.length = 0};
    if (frame >= 0) {
        pt_protobuf_text(&debug, DEBUG_NAME, name);
        pt_protobuf_text(&debug, DEBUG_TEXT, state->slices.frames.texts[frame]);
        pt_protobuf_message(event, EVENT_DEBUG, &debug);
    }
}

static void annotate_failure(struct pt_protobuf *event, bool failed)
{
    struct pt_protobuf debug = {.length = 0};
    if (failed) {
        pt_protobuf_text(&debug, DEBUG_NAME, "failed");
        pt_protobuf_number(&debug, DEBUG_BOOL, 1);
        pt_protobuf_message(event, EVENT_DEBUG, &debug);
    }
}

static void open_slice(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    struct perfetto *state = context;
    struct pt_protobuf event = {.length = 0};
    if (slice->thread != state->thread) {
        describe_thread(state, slice->thread);
    }
    pt_protobuf_number(&event, EVENT_TYPE, TYPE_SLICE_BEGIN);
    pt_protobuf_number(&event, EVENT_TRACK, track_of(state, slice->thread));
    pt_protobuf_text(&event, EVENT_NAME, state->slices.frames.texts[slice->name]);
    annotate_text(state, &event, "namespace", slice->name_space);
    annotate_text(state, &event, "function", slice->detail);
    annotate_number(&event, "documents", slice->documents);
    annotate_number(&event, "bytes", slice->bytes);
    annotate_failure(&event, slice->failed);
    put_event(state, at_ns, &event);
}

static void close_slice(void *context, const struct pt_slice *slice, int64_t at_ns)
{
    struct perfetto *state = context;
    struct pt_protobuf event = {.length = 0};
    pt_protobuf_number(&event, EVENT_TYPE, TYPE_SLICE_END);
    pt_protobuf_number(&event, EVENT_TRACK, track_of(state, slice->thread));
    put_event(state, at_ns, &event);
}

/* ---- counters ---- */

static void put_counter(struct perfetto *state, int counter, int64_t at_ns, int64_t value)
{
    struct pt_protobuf event = {.length = 0};
    if (value >= 0) {
        pt_protobuf_number(&event, EVENT_TYPE, TYPE_COUNTER);
        pt_protobuf_number(&event, EVENT_TRACK, state->base + (uint64_t)counter);
        pt_protobuf_number(&event, EVENT_COUNTER, (uint64_t)value);
        put_event(state, at_ns, &event);
    }
}

static void take_sample(struct perfetto *state, int64_t at_ns, const struct pt_doc_sample *sample)
{
    int64_t cpu_ns = pt_add(pt_max(0, sample->ucpu), pt_max(0, sample->scpu));
    put_counter(state, RSS, at_ns, sample->rss);
    put_counter(state, THREADS, at_ns, sample->thr);
    if (state->ns > 0 && at_ns > state->ns && cpu_ns >= state->cpu_ns) {
        double percent = 100.0 * (double)(cpu_ns - state->cpu_ns) / (double)(at_ns - state->ns);
        put_counter(state, CPU, state->ns, (int64_t)(percent + 0.5));
    }
    state->ns = at_ns;
    state->cpu_ns = cpu_ns;
}

/* ---- the format ---- */

bool pt_perfetto_begin(struct pt_export *export)
{
    struct perfetto *state = calloc(1, sizeof *state);
    export->state = state;
    if (state != NULL) {
        state->out = export->out;
    }
    return state != NULL;
}

bool pt_perfetto_log_begin(struct pt_export *export, struct pt_trace *trace)
{
    struct perfetto *state = export->state;
    state->base += TRACKS_PER_LOG;
    state->ns = 0;
    describe_process(state, trace->process);
    describe_counter(state, RSS, "RSS", UNIT_SIZE_BYTES);
    describe_counter(state, CPU, "CPU, % of one core", UNIT_COUNT);
    describe_counter(state, THREADS, "threads", UNIT_COUNT);
    return true;
}

bool pt_perfetto_event(struct pt_export *export, const struct pt_trace *trace,
                       const struct pt_trace_event *event)
{
    struct perfetto *state = export->state;
    (void)trace;
    if (event->kind == PT_TRACE_SAMPLE) {
        take_sample(state, event->start_ns, event->sample);
        return true;
    }
    return pt_slices_add(&state->slices, event);
}

bool pt_perfetto_log_end(struct pt_export *export, const struct pt_trace *trace)
{
    struct perfetto *state = export->state;
    struct pt_slice_visitor visitor = {open_slice, close_slice, state};
    state->trace = trace;
    state->thread = -1;
    pt_slices_visit(&state->slices, &visitor);
    pt_slices_tell(&state->slices, trace->process->log_path);
    pt_slices_clear(&state->slices);
    return true;
}

bool pt_perfetto_end(struct pt_export *export)
{
    struct perfetto *state = export->state;
    pt_slices_release(&state->slices);
    free(state);
    return true;
}
