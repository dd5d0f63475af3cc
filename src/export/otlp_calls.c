/* SPDX-License-Identifier: Apache-2.0 */
#include "export/otlp_calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "log/error_names.h"

#define ERRORS_KEPT                                                                                \
    (sizeof((struct pt_otlp_call_errors *)0)->items / sizeof(struct pt_otlp_call_error))

/* The error document of that code says whose code it is; without one it is the server's. */
static const char *error_of(const struct pt_otlp_pending *pending, int32_t code, char text[16])
{
    struct pt_otlp_call_error error = {PT_ERROR_SERVER, 0, code};
    for (size_t i = 0; i < pending->errors.count; i++) {
        if (code == 0 || pending->errors.items[i].code == code) {
            error = pending->errors.items[i];
            break;
        }
    }
    if (error.code == 0) {
        return NULL;
    }
    const char *name = pt_error_name(error.where, error.domain, error.code);
    snprintf(text, 16, "%" PRId32, error.code);
    return name != NULL ? name : text;
}

static bool hand_out(struct pt_otlp_calls *calls, const struct pt_otlp_pending *pending,
                     const struct pt_trace_event *event, const struct pt_trace_event *call)
{
    char text[16];
    const char *error = event->failed ? error_of(pending, event->code, text) : NULL;
    return calls->joined(calls->context, event, call, error);
}

static bool hand_out_all(struct pt_otlp_calls *calls, struct pt_otlp_pending *pending,
                         const struct pt_trace_event *call)
{
    bool going = true;
    for (size_t i = 0; i < pending->count && going; i++) {
        going = hand_out(calls, pending, &pending->events[i], call);
    }
    pending->count = 0;
    return going;
}

static bool keep(struct pt_otlp_calls *calls, struct pt_otlp_pending *pending,
                 const struct pt_trace_event *event)
{
    if (pending->count == PT_OTLP_PENDING) {
        return hand_out(calls, pending, event, NULL);
    }
    struct pt_trace_event *events =
        pt_array_reach(pending->events, &pending->room, pending->count, 8, sizeof *events);
    if (events == NULL) {
        return false;
    }
    pending->events = events;
    events[pending->count++] = *event;
    return true;
}

static void keep_error(struct pt_otlp_pending *pending, const struct pt_trace_event *event)
{
    if (pending->errors.count < ERRORS_KEPT) {
        pending->errors.items[pending->errors.count++] =
            (struct pt_otlp_call_error){event->where, event->domain, event->code};
    }
}

/* What a thread has pending, begun anew where the event is of another call. NULL: no memory. */
static struct pt_otlp_pending *pending_of(struct pt_otlp_calls *calls,
                                          const struct pt_trace_event *event, bool *ret_going)
{
    struct pt_otlp_pending *threads =
        pt_array_reach(calls->threads, &calls->room, (size_t)event->thread, 16, sizeof *threads);
    if (threads == NULL) {
        return NULL;
    }
    calls->threads = threads;
    struct pt_otlp_pending *pending = &threads[event->thread];
    *ret_going = true;
    if (pending->call != event->call) {
        *ret_going = hand_out_all(calls, pending, NULL);
        pending->errors.count = 0;
        pending->call = event->call;
    }
    return pending;
}

bool pt_otlp_calls_take(struct pt_otlp_calls *calls, const struct pt_trace_event *event)
{
    bool going = false;
    struct pt_otlp_pending *pending = pending_of(calls, event, &going);
    if (pending == NULL || !going) {
        return false;
    }
    if (event->kind == PT_TRACE_ERROR) {
        keep_error(pending, event);
        return true;
    }
    if (event->kind != PT_TRACE_CALL) {
        return keep(calls, pending, event);
    }
    going = hand_out_all(calls, pending, event) && hand_out(calls, pending, event, event);
    pending->errors.count = 0;
    pending->call = 0;
    return going;
}

bool pt_otlp_calls_flush(struct pt_otlp_calls *calls)
{
    bool going = true;
    for (size_t i = 0; i < calls->room; i++) {
        going = hand_out_all(calls, &calls->threads[i], NULL) && going;
        calls->threads[i].call = 0;
        calls->threads[i].errors.count = 0;
    }
    return going;
}

void pt_otlp_calls_release(struct pt_otlp_calls *calls)
{
    for (size_t i = 0; i < calls->room; i++) {
        free(calls->threads[i].events);
    }
    free(calls->threads);
    calls->threads = NULL;
    calls->room = 0;
}
