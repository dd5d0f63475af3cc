/* SPDX-License-Identifier: Apache-2.0 */
#include "export/prometheus_out.h"

#include <inttypes.h>
#include <string.h>

#include "text/safe_text.h"
#include "text/time_text.h"

void pt_samples_family(struct pt_samples *samples, const char *name, const char *type,
                       const char *help)
{
    samples->family = name;
    fprintf(samples->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void pt_sample_begin(struct pt_samples *samples, const char *suffix)
{
    samples->labelled = false;
    fprintf(samples->out, "%s%s", samples->family, suffix);
    if (samples->program != NULL) {
        pt_sample_label(samples, "program", samples->program);
    }
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' || *text == '"') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
}

static void put_character(FILE *out, const char *at, size_t length, uint32_t point)
{
    char piece[8] = "";
    char safe[PT_SAFE_CHARACTER_BYTES];
    if (point == '\n') {
        fputs("\\n", out);
        return;
    }
    snprintf(piece, sizeof piece, "%.*s", (int)length, at);
    put_escaped(out, point == '\\' ? "\\\\" : pt_safe_text(safe, sizeof safe, piece));
}

void pt_sample_label(struct pt_samples *samples, const char *key, const char *value)
{
    const char *at = value != NULL ? value : "";
    fprintf(samples->out, "%s%s=\"", samples->labelled ? "," : "{", key);
    samples->labelled = true;
    while (*at != '\0') {
        uint32_t point;
        size_t length = pt_utf8_next(at, strlen(at), &point);
        put_character(samples->out, at, length, point);
        at += length;
    }
    fputc('"', samples->out);
}

static void end_labels(struct pt_samples *samples)
{
    fputs(samples->labelled ? "} " : " ", samples->out);
}

void pt_sample_int(struct pt_samples *samples, int64_t number)
{
    end_labels(samples);
    fprintf(samples->out, "%" PRId64 "\n", number);
}

void pt_sample_seconds(struct pt_samples *samples, int64_t ns)
{
    const int64_t second_ns = PT_NS_PER_SECOND;
    int64_t positive_ns = ns < 0 ? 0 : ns;
    end_labels(samples);
    fprintf(samples->out, "%" PRId64 ".%09" PRId64 "\n", positive_ns / second_ns,
            positive_ns % second_ns);
}

void pt_sample_number(struct pt_samples *samples, int64_t number, bool seconds)
{
    if (seconds) {
        pt_sample_seconds(samples, number);
    } else {
        pt_sample_int(samples, number);
    }
}
