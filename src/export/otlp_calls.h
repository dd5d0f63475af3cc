/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp_calls.h: joins the commands, connections and errors of a call with the call, which stands
 * behind them in a log and alone knows the namespace.
 *
 * Keeps what belongs to the call that each thread is in, at most PT_OTLP_PENDING events of a
 * thread; further ones, and those whose call never ended, are handed out without a call. Texts of
 * the events stay valid during the walk of the log (log_names.h). One thread.
 */
#ifndef PHASETAP_OTLP_CALLS_H
#define PHASETAP_OTLP_CALLS_H

#include "trace/trace_event.h"

#define PT_OTLP_PENDING 4096

/* The event is a command, a connection or a call itself. `error` is the public name of what failed,
 * or its number as text; NULL: it did not fail, or nobody knows why. `call` NULL: there is none.
 * False ends the walk. */
typedef bool (*pt_otlp_joined)(void *context, const struct pt_trace_event *event,
                               const struct pt_trace_event *call, const char *error);

struct pt_otlp_call_errors {
    struct pt_otlp_call_error {
        int32_t where, domain, code;
    } items[8];
    size_t count;
};

/* Zero bytes and the first two fields. */
struct pt_otlp_calls {
    pt_otlp_joined joined;
    void *context;
    struct pt_otlp_pending {
        int32_t call;
        struct pt_trace_event *events;
        size_t count, room;
        struct pt_otlp_call_errors errors;
    } *threads; /* by number */
    size_t room;
};

/* Takes a command, connection, error or call. False when memory ran out, or what `joined` said. */
bool pt_otlp_calls_take(struct pt_otlp_calls *calls, const struct pt_trace_event *event);
/* Hands out what is left at the end of a log, and forgets it. */
bool pt_otlp_calls_flush(struct pt_otlp_calls *calls);
void pt_otlp_calls_release(struct pt_otlp_calls *calls);

#endif
