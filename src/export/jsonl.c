/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonl.c: JSON lines, one object for each event and sample. What does not apply or is not known is
 * left out. Times are seconds since 1970 to the microsecond, durations seconds, sizes bytes.
 * Streams; keeps nothing.
 */
#include "export/format_functions.h"
#include "text/json_out.h"

static void put_text(struct pt_json *json, const char *key, const char *text)
{
    if (text != NULL) {
        pt_json_string(json, key, text);
    }
}

static void put_count(struct pt_json *json, const char *key, int64_t number)
{
    if (number > 0) {
        pt_json_int(json, key, number);
    }
}

static void put_time(struct pt_json *json, const char *key, int64_t ns)
{
    if (ns > 0) {
        pt_json_seconds(json, key, ns);
    }
}

static void put_event(struct pt_json *json, const struct pt_trace_event *event)
{
    put_count(json, "call", event->call);
    if (event->kind != PT_TRACE_ERROR) {
        pt_json_seconds(json, "duration_seconds", event->duration_ns);
    }
    put_text(json, "phase", event->phase);
    put_text(json, "function", event->function);
    put_text(json, "command", event->command);
    put_text(json, "namespace", event->name_space);
    put_count(json, "client", event->client);
    if (event->failed) {
        pt_json_bool(json, "failed", true);
    }
    put_count(json, "code", event->code);
    put_count(json, "documents", event->documents);
    put_count(json, "bytes", event->bytes);
    put_count(json, "commands", event->commands);
    put_time(json, "cpu_seconds", event->cpu_ns);
    put_time(json, "network_seconds", event->network_ns);
    put_time(json, "waiting_for_server_seconds", event->server_wait_ns);
    put_time(json, "connecting_seconds", event->connecting_ns);
}

static void put_sample(struct pt_json *json, const struct pt_doc_sample *sample)
{
    pt_json_seconds_or_null(json, "user_cpu_seconds", sample->ucpu);
    pt_json_seconds_or_null(json, "system_cpu_seconds", sample->scpu);
    pt_json_int_or_null(json, "rss_bytes", sample->rss);
    pt_json_int_or_null(json, "peak_rss_bytes", sample->peak);
    pt_json_int_or_null(json, "read_bytes", sample->rd);
    pt_json_int_or_null(json, "written_bytes", sample->wr);
    pt_json_int_or_null(json, "minor_faults", sample->minf);
    pt_json_int_or_null(json, "major_faults", sample->majf);
    pt_json_int(json, "threads", sample->thr);
}

static void put_system(struct pt_json *json, const struct pt_doc_system *system)
{
    pt_json_int(json, "cpus", system->ncpu);
    pt_json_int_or_null(json, "busy_ticks", system->busy);
    pt_json_int_or_null(json, "all_ticks", system->all);
    pt_json_int_or_null(json, "memory_total_bytes", system->mtot);
    pt_json_int_or_null(json, "memory_available_bytes", system->mavl);
    pt_json_seconds_or_null(json, "throttled_seconds", system->cthr);
}

bool pt_jsonl_event(struct pt_export *export, const struct pt_trace *trace,
                    const struct pt_trace_event *event)
{
    struct pt_json json;
    pt_json_init(&json, export->out, false);
    pt_json_open_object(&json, NULL);
    pt_json_string(&json, "kind", pt_trace_kind_text(event->kind));
    pt_json_int(&json, "pid", trace->process->pid);
    put_count(&json, "thread", event->thread);
    pt_json_epoch(&json, "start_time", event->start_ns);
    if (event->kind == PT_TRACE_SAMPLE) {
        put_sample(&json, event->sample);
    } else if (event->kind == PT_TRACE_SYSTEM) {
        put_system(&json, event->system);
    } else {
        put_event(&json, event);
    }
    pt_json_close_object(&json);
    return true;
}
