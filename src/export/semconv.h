/* SPDX-License-Identifier: Apache-2.0 */
/*
 * semconv.h: a command of the driver by OpenTelemetry's conventions for database clients.
 * https://opentelemetry.io/docs/specs/semconv/database/ (attributes of status "stable")
 *
 * Texts are cut where they do not fit. Any thread.
 */
#ifndef PHASETAP_SEMCONV_H
#define PHASETAP_SEMCONV_H

#include "text/json_out.h"
#include "trace/trace_event.h"

#define PT_SEMCONV_BYTES 512

struct pt_semconv {
    const char *operation; /* name of the command; NULL: one that a log does not name */
    char database[PT_SEMCONV_BYTES], collection[PT_SEMCONV_BYTES]; /* empty: not known */
    char address[PT_SEMCONV_BYTES]; /* host, or path of a socket; empty: not known */
    int port;                       /* 0: none */
};

/* Of a call without a command `event` is the call. `call` NULL: nobody knows. */
void pt_semconv_of(struct pt_semconv *ret, const struct pt_trace_event *event,
                   const struct pt_trace_event *call);

/* "insert patients": the operation and what it is done to. */
void pt_semconv_span_name(const struct pt_semconv *semconv, char *text, size_t room);

/* Attributes of spans and metrics; `error` NULL: it succeeded. */
void pt_semconv_put(struct pt_json *json, const struct pt_semconv *semconv, const char *error);
/* The database and the collection alone. */
void pt_semconv_put_namespace(struct pt_json *json, const struct pt_semconv *semconv);

#endif
