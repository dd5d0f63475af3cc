/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer.h: what a collector says to a request of the OpenTelemetry Protocol.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 *
 * The text is untrusted: parsed as JSON with a limit of bytes, and what is no such answer says
 * nothing. Pure functions; any thread.
 */
#ifndef PHASETAP_ANSWER_H
#define PHASETAP_ANSWER_H

#include <stddef.h>
#include <stdint.h>

enum pt_answer_kind {
    PT_ANSWER_TAKEN,   /* 2xx; perhaps without some items */
    PT_ANSWER_AGAIN,   /* 429, 502, 503, 504: the same request may succeed later */
    PT_ANSWER_REFUSED, /* this request can never succeed, another one may */
    PT_ANSWER_WRONG,   /* no request can: a wrong address or missing credentials */
};

enum pt_answer_kind pt_answer_kind(long http_status);

/* Items that an answer 2xx declares as rejected (partialSuccess): from 0 to `items`. */
int64_t pt_answer_rejected(const char *text, size_t length, int64_t items);

#endif
