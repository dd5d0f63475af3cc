/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp_ids.h: ids of traces and spans. They follow from what the log says, so that exporting a log
 * again, whole or grown, gives each event the id that it had, and a backend can tell a repetition.
 *
 * A span id is a hash of 64 bits of the process (boot id, pid namespace, pid, start, and when the
 * recording object was loaded, which tells a program from the one that it replaced by exec), the
 * kind of the event, its thread and number, and where numbers do not tell events apart, its time.
 * Two of n spans have one id by chance with a probability of n * n / 2^65: 3e-6 for 10 million
 * spans.
 *
 * Pure functions; any thread.
 */
#ifndef PHASETAP_OTLP_IDS_H
#define PHASETAP_OTLP_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <phasetap/options.h>

/* What tells a process apart from all others. */
struct pt_otlp_process {
    const char *boot_id; /* NULL: not known */
    int64_t pid_namespace, pid, start_ticks;
    int64_t loaded_ns; /* since 1970 */
};

/* What is hashed with the process. */
struct pt_otlp_event {
    int32_t kind; /* enum pt_trace_kind; -1: the process itself */
    int32_t thread, number;
    int64_t ns; /* 0: the number is enough */
};
#define PT_OTLP_PROCESS (-1)

/* Lower-case hexadecimal digits, final zero included. */
struct pt_trace_id {
    char text[PT_TRACE_ID_CHARS + 1];
};
struct pt_span_id {
    char text[PT_SPAN_ID_CHARS + 1]; /* empty: none */
};

struct pt_span_id pt_otlp_span_id(const struct pt_otlp_process *process,
                                  struct pt_otlp_event event);

/* The first of the two texts that is a valid trace id (a TRACEPARENT's, a run id); without either
 * a hash of the process. */
struct pt_trace_id pt_otlp_trace_id(const char *given, const char *run,
                                    const struct pt_otlp_process *process);

/* True for `chars` lower-case hexadecimal digits that are not all zero. NULL is none. */
bool pt_otlp_is_id(const char *text, size_t chars);

#endif
