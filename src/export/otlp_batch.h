/* SPDX-License-Identifier: Apache-2.0 */
/*
 * otlp_batch.h: requests of the OpenTelemetry Protocol as JSON, one after the other, each with at
 * most PT_OTLP_ITEMS spans or data points of one process.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * A finished request goes to export->deliver if there is one, otherwise as a line to export->out,
 * which is the form of OpenTelemetry's file exporter. Memory is that of one request, about 0.5 MiB.
 * Texts go through json_out.h, which escapes them. One thread.
 */
#ifndef PHASETAP_OTLP_BATCH_H
#define PHASETAP_OTLP_BATCH_H

#include "export/format.h"
#include "text/json_out.h"

#define PT_OTLP_ITEMS 512

struct pt_otlp_batch {
    struct pt_export *export;
    enum pt_otlp_signal signal;
    FILE *stream; /* of the request that is open; NULL: none */
    char *text;
    size_t length;
    int64_t items;
    struct pt_json json;
};

/* Where the next span or data point is written, an object of its own; NULL: memory ran out. */
struct pt_json *pt_otlp_batch_item(struct pt_otlp_batch *batch, const struct pt_trace *trace);
/* Behind each item. False when memory ran out or the request was given up; then too the batch is
 * released by pt_otlp_batch_flush(). */
bool pt_otlp_batch_done(struct pt_otlp_batch *batch);
/* Finishes the open request, if any: behind the last item of a process. */
bool pt_otlp_batch_flush(struct pt_otlp_batch *batch);
/* Forgets it instead. */
void pt_otlp_batch_drop(struct pt_otlp_batch *batch);

/* An element of "attributes"; a text that is NULL or empty is left out. */
void pt_otlp_text(struct pt_json *json, const char *key, const char *text);
void pt_otlp_int(struct pt_json *json, const char *key, int64_t number);
void pt_otlp_bool(struct pt_json *json, const char *key, bool value);
/* 64-bit integers are texts in OTLP's JSON. */
void pt_otlp_number(struct pt_json *json, const char *key, int64_t number);

#endif
