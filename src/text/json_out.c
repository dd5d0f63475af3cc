/* SPDX-License-Identifier: Apache-2.0 */
#include "text/json_out.h"

#include <math.h>
#include <string.h>

#include "text/number_text.h"
#include "text/safe_text.h"

/* The stream belongs to one thread, so it is used without locking, which would cost more than most
 * characters do. */

#define REPLACEMENT 0xFFFDu

void pt_json_init(struct pt_json *json, FILE *out, bool pretty)
{
    *json = (struct pt_json){.out = out, .pretty = pretty};
}

static void new_line(struct pt_json *json)
{
    putc_unlocked('\n', json->out);
    for (int i = 0; i < json->depth; i++) {
        fputs_unlocked("  ", json->out);
    }
}

static void put_escape(FILE *out, uint32_t point)
{
    static const char special[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = point < 0x80 ? memchr(special, (int)point, sizeof special - 1) : NULL;
    if (found != NULL) {
        fprintf(out, "\\%c", letters[found - special]);
    } else if (point >= 0x10000) {
        fprintf(out, "\\u%04x\\u%04x", 0xD800 + ((point - 0x10000) >> 10),
                0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
        fprintf(out, "\\u%04x", point);
    }
}

static void put_text(FILE *out, const char *text, size_t length)
{
    putc_unlocked('"', out);
    for (size_t i = 0; i < length;) {
        uint32_t point;
        i += pt_utf8_next(text + i, length - i, &point);
        if (point >= 0x20 && point < 0x7F && point != '"' && point != '\\') {
            putc_unlocked((int)point, out);
        } else {
            put_escape(out, point != PT_UTF8_INVALID ? point : REPLACEMENT);
        }
    }
    putc_unlocked('"', out);
}

/* Everything that stands before a value: comma, line, key. */
static void start_value(struct pt_json *json, const char *key)
{
    if (json->depth > 0) {
        if (json->used[json->depth]) {
            fputs_unlocked(json->pretty ? "," : ", ", json->out);
        }
        if (json->pretty) {
            new_line(json);
        }
    }
    json->used[json->depth] = true;
    if (key != NULL) {
        put_text(json->out, key, strlen(key));
        fputs_unlocked(": ", json->out);
    }
}

static void open_level(struct pt_json *json, const char *key, char bracket)
{
    start_value(json, key);
    putc_unlocked(bracket, json->out);
    json->depth++;
    json->used[json->depth] = false;
}

static void close_level(struct pt_json *json, char bracket)
{
    bool used = json->used[json->depth];
    json->depth--;
    if (used && json->pretty) {
        new_line(json);
    }
    putc_unlocked(bracket, json->out);
    if (json->depth == 0 && !json->pretty) {
        putc_unlocked('\n', json->out);
        json->used[0] = false;
    }
}

void pt_json_open_object(struct pt_json *json, const char *key)
{
    open_level(json, key, '{');
}

void pt_json_close_object(struct pt_json *json)
{
    close_level(json, '}');
}

void pt_json_open_array(struct pt_json *json, const char *key)
{
    open_level(json, key, '[');
}

void pt_json_close_array(struct pt_json *json)
{
    close_level(json, ']');
}

void pt_json_bytes(struct pt_json *json, const char *key, const char *text, size_t length)
{
    start_value(json, key);
    put_text(json->out, text, length);
}

void pt_json_string(struct pt_json *json, const char *key, const char *text)
{
    if (text == NULL) {
        pt_json_null(json, key);
    } else {
        pt_json_bytes(json, key, text, strlen(text));
    }
}

void pt_json_int(struct pt_json *json, const char *key, int64_t number)
{
    char text[PT_NUMBER_BYTES];
    size_t length = pt_integer_text(text, number);
    start_value(json, key);
    fwrite_unlocked(text, 1, length, json->out);
}

void pt_json_double(struct pt_json *json, const char *key, double number)
{
    if (!isfinite(number)) {
        pt_json_null(json, key);
        return;
    }
    char text[PT_NUMBER_BYTES];
    size_t length = pt_number_text(text, number);
    start_value(json, key);
    fwrite_unlocked(text, 1, length, json->out);
}

void pt_json_bool(struct pt_json *json, const char *key, bool value)
{
    start_value(json, key);
    fputs_unlocked(value ? "true" : "false", json->out);
}

void pt_json_null(struct pt_json *json, const char *key)
{
    start_value(json, key);
    fputs_unlocked("null", json->out);
}

static void put_scaled(struct pt_json *json, const char *key, int64_t value, int decimals)
{
    char text[PT_NUMBER_BYTES];
    size_t length = pt_scaled_text(text, value, decimals);
    start_value(json, key);
    fwrite_unlocked(text, 1, length, json->out);
}

void pt_json_seconds(struct pt_json *json, const char *key, int64_t duration_ns)
{
    put_scaled(json, key, duration_ns, 9);
}

void pt_json_epoch(struct pt_json *json, const char *key, int64_t epoch_ns)
{
    put_scaled(json, key, epoch_ns / 1000, 6);
}

void pt_json_percent(struct pt_json *json, const char *key, double part, double whole)
{
    if (whole > 0.0) {
        pt_json_double(json, key, pt_round2(100.0 * part / whole));
    } else {
        pt_json_null(json, key);
    }
}

void pt_json_average(struct pt_json *json, const char *key, int64_t sum_ns, int64_t count)
{
    pt_json_double(json, key, count > 0 ? (double)sum_ns / (double)count / 1e9 : 0.0);
}

void pt_json_seconds_or_null(struct pt_json *json, const char *key, int64_t duration_ns)
{
    if (duration_ns < 0) {
        pt_json_null(json, key);
    } else {
        pt_json_seconds(json, key, duration_ns);
    }
}

void pt_json_int_or_null(struct pt_json *json, const char *key, int64_t number)
{
    if (number < 0) {
        pt_json_null(json, key);
    } else {
        pt_json_int(json, key, number);
    }
}
