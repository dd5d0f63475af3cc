/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_event.h: one event of a log, and how it is made from a document. Texts belong to the names
 * of the process, and are valid until its names change. Any thread.
 */
#ifndef PHASETAP_TRACE_EVENT_H
#define PHASETAP_TRACE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "log/log_layout.h"
#include "model/recorded_process.h"

enum pt_trace_kind {
    PT_TRACE_CALL,       /* a driver call that used the network */
    PT_TRACE_CONNECTION, /* established or refused; within or before its call */
    PT_TRACE_GAP,        /* the application's time between two calls */
    PT_TRACE_COMMAND,    /* of the call with the same thread and number */
    PT_TRACE_ERROR,      /* likewise; of no duration, at the time of the last event before it */
    PT_TRACE_ANNOTATION, /* an annotated phase that has ended */
    PT_TRACE_SAMPLE,     /* `sample` is set */
    PT_TRACE_SYSTEM,     /* `system` is set */
};

struct pt_trace_event {
    enum pt_trace_kind kind;
    int32_t thread; /* number in the log; 0: the process */
    int32_t call;   /* number of the call on its thread; of an annotation its own number; 0: none */
    int32_t inside; /* number of the annotated phase in which it began, on its thread; 0: none. Of a
                       command, connection or error that of its call. Set by the walk (trace.h) */
    int64_t start_ns, duration_ns; /* since 1970 */
    bool failed;
    const char *phase;      /* call, annotation, and a gap with documents; NULL: none */
    const char *function;   /* call; NULL: not known */
    const char *command;    /* of a command; NULL */
    const char *name_space; /* NULL: not known */
    const char *server;     /* of a command: its address; NULL: not known */
    int32_t client;         /* number; 0: not known */
    int64_t documents, bytes;
    int64_t commands;       /* of a call */
    int64_t cpu_ns;         /* of the thread; -1: not read */
    int64_t network_ns;     /* of a call: its commands */
    int64_t server_wait_ns; /* of a call: waiting for a server */
    int64_t connecting_ns;  /* of a call: connections inside it */
    int32_t code;           /* command, error */
    int32_t where, domain;  /* error: enum pt_error_where, and the driver's domain */
    const struct pt_doc_sample *sample;
    const struct pt_doc_system *system;
};

/* "call", "gap", ... */
const char *pt_trace_kind_text(enum pt_trace_kind kind);

/* Fills the event, which the caller has zeroed (cpu_ns -1, start_ns the end of the event before
 * it). False when the document is none, or has a negative time or duration. */
bool pt_trace_event_of(struct pt_process *process, const struct pt_record *record,
                       struct pt_trace_event *event);

#endif
