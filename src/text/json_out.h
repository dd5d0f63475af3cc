/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_out.h: a streaming JSON writer. Pretty output equals that of Python's json.dump(indent=2)
 * byte for byte: one element per line, `{}` and `[]` for empty containers, non-ASCII characters as
 * \uXXXX. One difference: DEL is escaped too, so that output is printable ASCII whatever a log
 * holds, safe for a terminal. The other style is a single line. Nothing is buffered beyond the
 * stream.
 *
 * The caller opens at most PT_JSON_DEPTH levels. `key` is NULL in arrays and at the top level.
 * Invalid UTF-8 becomes U+FFFD; a double that is not finite becomes null. The caller checks
 * ferror(). Not thread-safe.
 */
#ifndef PHASETAP_JSON_OUT_H
#define PHASETAP_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PT_JSON_DEPTH 64

struct pt_json {
    FILE *out;
    bool pretty;
    int depth;                    /* open objects and arrays, at most PT_JSON_DEPTH */
    bool used[PT_JSON_DEPTH + 1]; /* per level: something was written in it */
};

void pt_json_init(struct pt_json *json, FILE *out, bool pretty);

void pt_json_open_object(struct pt_json *json, const char *key);
void pt_json_close_object(struct pt_json *json);
void pt_json_open_array(struct pt_json *json, const char *key);
void pt_json_close_array(struct pt_json *json);

void pt_json_string(struct pt_json *json, const char *key, const char *text); /* NULL text: null */
void pt_json_bytes(struct pt_json *json, const char *key, const char *text, size_t length);
void pt_json_int(struct pt_json *json, const char *key, int64_t number);
void pt_json_double(struct pt_json *json, const char *key, double number);
void pt_json_bool(struct pt_json *json, const char *key, bool value);
void pt_json_null(struct pt_json *json, const char *key);

/* Nanoseconds as seconds. */
void pt_json_seconds(struct pt_json *json, const char *key, int64_t duration_ns);
/* A point in time as seconds since 1970, to the microsecond. */
void pt_json_epoch(struct pt_json *json, const char *key, int64_t epoch_ns);
/* 100 * part / whole with two decimals, null when whole is 0. */
void pt_json_percent(struct pt_json *json, const char *key, double part, double whole);
/* sum / count nanoseconds as seconds, 0.0 when count is 0. */
void pt_json_average(struct pt_json *json, const char *key, int64_t sum_ns, int64_t count);
/* The same for values that may be unknown: a negative number becomes null. */
void pt_json_seconds_or_null(struct pt_json *json, const char *key, int64_t duration_ns);
void pt_json_int_or_null(struct pt_json *json, const char *key, int64_t number);

#endif
