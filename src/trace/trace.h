/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h: the single events of one log as a stream, with names resolved and times since 1970, for
 * exports and timelines. Totals come from the model; what the log holds as totals only is not here.
 *
 * A log is walked twice: once for the names, threads and the process, since a name may stand
 * behind its first use, and once for the events. Memory is that of the names and threads, whatever
 * the length of the log.
 *
 * Order: that of the file. Events of one thread come in the order of their ends; those of several
 * threads are mixed. Commands, errors and the connection of a call precede the call.
 *
 * One thread per struct pt_trace. Texts of an event are valid during the call of the handler.
 */
#ifndef PHASETAP_TRACE_H
#define PHASETAP_TRACE_H

#include "log/log_reader.h"
#include "model/recorded_process.h"
#include "trace/trace_event.h"

/* Returns 0 to go on; anything else ends the walk and is returned by it. */
typedef int (*pt_trace_handler)(void *context, const struct pt_trace_event *event);

struct pt_trace {
    struct pt_log log;
    struct pt_process *process; /* identity, names, threads (tid, and behind the walk the phases
                                   that are still open), end, left_out; owned */
    int64_t last_ns;            /* of the walk: end of the latest event */
    pt_trace_handler handler;
    void *context;
};

/* 0, or a code of PT_LOG_CODES (log_reader.h); then nothing needs to be released. */
int pt_trace_open(struct pt_trace *trace, const char *path);
void pt_trace_release(struct pt_trace *trace);

/* Hands each event to the handler. A code of PT_LOG_CODES, or what the handler returned. */
int pt_trace_walk(struct pt_trace *trace, pt_trace_handler handler, void *context);

#endif
