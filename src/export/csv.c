/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c: comma-separated values by RFC 4180, a head line and a line for each event but samples. A
 * field is empty where it does not apply. Streams; keeps nothing.
 *
 * A spreadsheet takes a text that begins with = + - or @ for a formula, and a collection can be
 * named so. Such a text gets an apostrophe in front.
 */
#include <inttypes.h>
#include <string.h>

#include "export/format_functions.h"
#include "text/safe_text.h"

#define NS_PER_S 1000000000

bool pt_csv_begin(struct pt_export *export)
{
    fputs("kind,pid,thread,tid,start_time,duration_seconds,phase,function,command,namespace,client,"
          "call,failed,code,documents,bytes,commands,cpu_seconds,network_seconds,"
          "waiting_for_server_seconds,connecting_seconds\n",
          export->out);
    return true;
}

static void put_text(FILE *out, const char *text)
{
    fputc(',', out);
    if (text == NULL || text[0] == '\0') {
        return;
    }
    fputc('"', out);
    if (strchr("=+-@\t\r", text[0]) != NULL) {
        fputc('\'', out);
    }
    for (const char *at = text; *at != '\0';) {
        uint32_t point;
        char escaped[PT_SAFE_CHARACTER_BYTES];
        char piece[8] = "";
        size_t length = pt_utf8_next(at, strlen(at), &point);
        snprintf(piece, sizeof piece, "%.*s", (int)length, at);
        fputs(point == '"' ? "\"\"" : pt_safe_text(escaped, sizeof escaped, piece), out);
        at += length;
    }
    fputc('"', out);
}

static void put_int(FILE *out, bool applies, int64_t number)
{
    if (applies) {
        fprintf(out, ",%" PRId64, number);
    } else {
        fputc(',', out);
    }
}

static void put_seconds(FILE *out, bool applies, int64_t ns)
{
    if (applies && ns >= 0) {
        fprintf(out, ",%" PRId64 ".%09" PRId64, ns / NS_PER_S, ns % NS_PER_S);
    } else {
        fputc(',', out);
    }
}

static int64_t tid_of(const struct pt_trace *trace, int32_t thread)
{
    const struct pt_process *process = trace->process;
    bool known = (size_t)thread < process->thread_slots && process->threads[thread] != NULL;
    return known ? process->threads[thread]->tid : 0;
}

static void put_names(FILE *out, const struct pt_trace_event *event)
{
    put_text(out, event->phase);
    put_text(out, event->function);
    put_text(out, event->command);
    put_text(out, event->name_space);
}

static void put_figures(FILE *out, const struct pt_trace_event *event)
{
    bool call = event->kind == PT_TRACE_CALL;
    bool counts = event->kind != PT_TRACE_CONNECTION && event->kind != PT_TRACE_ANNOTATION;
    put_int(out, event->client > 0, event->client);
    put_int(out, event->call > 0, event->call);
    put_int(out, event->kind != PT_TRACE_GAP, event->failed);
    put_int(out, event->code != 0, event->code);
    put_int(out, counts, event->documents);
    put_int(out, counts, event->bytes);
    put_int(out, call, event->commands);
    put_seconds(out, true, event->cpu_ns);
    put_seconds(out, call, event->network_ns);
    put_seconds(out, call, event->server_wait_ns);
    put_seconds(out, call, event->connecting_ns);
}

bool pt_csv_event(struct pt_export *export, const struct pt_trace *trace,
                  const struct pt_trace_event *event)
{
    FILE *out = export->out;
    int64_t tid = tid_of(trace, event->thread);
    if (event->kind == PT_TRACE_SAMPLE || event->kind == PT_TRACE_SYSTEM) {
        return true;
    }
    fputs(pt_trace_kind_text(event->kind), out);
    put_int(out, true, trace->process->pid);
    put_int(out, true, event->thread);
    put_int(out, tid > 0, tid);
    put_seconds(out, true, event->start_ns);
    put_seconds(out, event->kind != PT_TRACE_ERROR, event->duration_ns);
    put_names(out, event);
    put_figures(out, event);
    fputc('\n', out);
    return true;
}
