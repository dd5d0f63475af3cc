/* SPDX-License-Identifier: Apache-2.0 */
#include "export/otlp_batch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "text/version.h"

#define SCHEMA "https://opentelemetry.io/schemas/1.44.0"

void pt_otlp_number(struct pt_json *json, const char *key, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    pt_json_string(json, key, text);
}

static void open_attribute(struct pt_json *json, const char *key)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "key", key);
    pt_json_open_object(json, "value");
}

static void close_attribute(struct pt_json *json)
{
    pt_json_close_object(json);
    pt_json_close_object(json);
}

void pt_otlp_text(struct pt_json *json, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        open_attribute(json, key);
        pt_json_string(json, "stringValue", text);
        close_attribute(json);
    }
}

void pt_otlp_int(struct pt_json *json, const char *key, int64_t number)
{
    open_attribute(json, key);
    pt_otlp_number(json, "intValue", number);
    close_attribute(json);
}

void pt_otlp_bool(struct pt_json *json, const char *key, bool value)
{
    open_attribute(json, key);
    pt_json_bool(json, "boolValue", value);
    close_attribute(json);
}

/* A name is required of a service; this is the one that the specification gives to a nameless one.
 * The program's own version is not known. */
static void put_resource(struct pt_json *json, const struct pt_process *process)
{
    struct pt_otlp_process id = pt_otlp_process_of(process);
    struct pt_span_id instance =
        pt_otlp_span_id(&id, (struct pt_otlp_event){.kind = PT_OTLP_PROCESS});
    bool named = process->program != NULL && process->program[0] != '\0';
    pt_json_open_object(json, "resource");
    pt_json_open_array(json, "attributes");
    pt_otlp_text(json, "service.name", named ? process->program : "unknown_service");
    pt_otlp_text(json, "service.instance.id", instance.text);
    pt_otlp_text(json, "process.executable.name", process->program);
    pt_otlp_int(json, "process.pid", process->pid);
    pt_otlp_text(json, "host.name", process->host);
    pt_otlp_text(json, "phasetap.run.id", process->run);
    if (process->left_out > 0) {
        pt_otlp_int(json, "phasetap.events_left_out", process->left_out);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}

static void put_scope(struct pt_json *json)
{
    pt_json_open_object(json, "scope");
    pt_json_string(json, "name", "phasetap");
    pt_json_string(json, "version", pt_version());
    pt_json_close_object(json);
    pt_json_string(json, "schemaUrl", SCHEMA);
}

static void open_metric(struct pt_json *json)
{
    pt_json_open_array(json, "metrics");
    pt_json_open_object(json, NULL);
    pt_json_string(json, "name", "db.client.operation.duration");
    pt_json_string(json, "description", "Duration of database client operations.");
    pt_json_string(json, "unit", "s");
    pt_json_open_object(json, "histogram");
    pt_json_int(json, "aggregationTemporality", 2); /* cumulative */
    pt_json_open_array(json, "dataPoints");
}

static bool open_request(struct pt_otlp_batch *batch, const struct pt_process *process)
{
    bool spans = batch->signal == PT_OTLP_TRACES;
    struct pt_json *json = &batch->json;
    batch->stream = open_memstream(&batch->text, &batch->length);
    if (batch->stream == NULL) {
        return false;
    }
    pt_json_init(json, batch->stream, false);
    pt_json_open_object(json, NULL);
    pt_json_open_array(json, spans ? "resourceSpans" : "resourceMetrics");
    pt_json_open_object(json, NULL);
    put_resource(json, process);
    pt_json_open_array(json, spans ? "scopeSpans" : "scopeMetrics");
    pt_json_open_object(json, NULL);
    put_scope(json);
    if (spans) {
        pt_json_open_array(json, "spans");
    } else {
        open_metric(json);
    }
    return true;
}

/* What open_request() and the items opened. */
static void close_request(struct pt_otlp_batch *batch)
{
    struct pt_json *json = &batch->json;
    pt_json_close_array(json);
    if (batch->signal == PT_OTLP_METRICS) {
        pt_json_close_object(json);
        pt_json_close_object(json);
        pt_json_close_array(json);
    }
    pt_json_close_object(json);
    pt_json_close_array(json);
    pt_json_close_object(json);
    pt_json_close_array(json);
    pt_json_close_object(json);
}

struct pt_json *pt_otlp_batch_item(struct pt_otlp_batch *batch, const struct pt_trace *trace)
{
    if (batch->stream == NULL && !open_request(batch, trace->process)) {
        return NULL;
    }
    pt_json_open_object(&batch->json, NULL);
    return &batch->json;
}

bool pt_otlp_batch_done(struct pt_otlp_batch *batch)
{
    pt_json_close_object(&batch->json);
    batch->items++;
    return batch->items < PT_OTLP_ITEMS || pt_otlp_batch_flush(batch);
}

static bool deliver(const struct pt_otlp_batch *batch)
{
    struct pt_export *export = batch->export;
    struct pt_otlp_request request = {batch->signal, batch->text, batch->length, batch->items};
    if (export->deliver == NULL) {
        fwrite(batch->text, 1, batch->length, export->out);
        return true;
    }
    export->given_up = export->given_up || !export->deliver(export->deliver_to, &request);
    return !export->given_up;
}

bool pt_otlp_batch_flush(struct pt_otlp_batch *batch)
{
    if (batch->stream == NULL) {
        return true;
    }
    close_request(batch);
    bool written = ferror(batch->stream) == 0;
    written = fclose(batch->stream) == 0 && written;
    batch->stream = NULL;
    written = written && deliver(batch);
    pt_otlp_batch_drop(batch);
    return written;
}

void pt_otlp_batch_drop(struct pt_otlp_batch *batch)
{
    if (batch->stream != NULL) {
        fclose(batch->stream);
        batch->stream = NULL;
    }
    free(batch->text);
    batch->text = NULL;
    batch->items = 0;
}
