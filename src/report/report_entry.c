/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of a phase, its keys in the original's order: start, end, duration, metadata, result
 * metadata; new keys behind. */
#include <stdio.h>
#include <string.h>

#include "base/saturate.h"
#include "model/recorded_process.h"
#include "report/json_bson.h"
#include "report/report.h"
#include "text/time_text.h"

static const char *const write_names[PT_WRITE_COUNTS] = {"inserted", "matched",  "modified",
                                                         "removed",  "upserted", "write_errors"};

static const char *find_name(const struct pt_entry *entry, enum pt_name_class class, int32_t id)
{
    return pt_names_find(&entry->process->names, class, id);
}

static void put_moment(struct pt_json *json, const char *time_key, const char *text_key,
                       int64_t epoch_ns)
{
    char text[PT_TIME_BYTES];
    pt_local_time_text(text, epoch_ns);
    pt_json_epoch(json, time_key, epoch_ns);
    pt_json_string(json, text_key, text);
}

static void put_embedded(struct pt_json *json, const char *key, const uint8_t *data)
{
    uint32_t length = 0;
    if (data != NULL) {
        memcpy(&length, data, sizeof length);
    }
    pt_json_bson_document(json, key, data, length);
}

/* The command on the wire; for a call that sent none that is known, the function. */
static void put_operation(struct pt_json *json, const struct pt_entry *entry)
{
    const char *function =
        entry->function > 0 ? find_name(entry, PT_NAME_FUNCTION, entry->function) : NULL;
    const char *command =
        entry->command > 0 ? find_name(entry, PT_NAME_COMMAND, entry->command) : NULL;
    pt_json_string(json, "operation", command != NULL ? command : function);
    pt_json_string(json, "function", function);
}

static void put_metadata(struct pt_json *json, const struct pt_entry *entry)
{
    if (entry->kind == PT_ENTRY_ANNOTATED) {
        put_embedded(json, "metadata", entry->metadata);
        return;
    }
    pt_json_open_object(json, "metadata");
    pt_json_int(json, "thread", entry->thread);
    if (entry->kind == PT_ENTRY_CALL) {
        const char *name =
            entry->name_space > 0 ? find_name(entry, PT_NAME_NAMESPACE, entry->name_space) : NULL;
        pt_json_string(json, "namespace", name);
        put_operation(json, entry);
    }
    pt_json_close_object(json);
}

/* Errors of one code may be of several kinds: a JSON key stands once. */
static bool first_of_its_code(const struct pt_call_detail *detail, int at)
{
    for (int i = 0; i < at; i++) {
        if (detail->codes[i].code == detail->codes[at].code) {
            return false;
        }
    }
    return true;
}

static int64_t sum_of_code(const struct pt_call_detail *detail, int32_t code)
{
    int64_t sum = 0;
    for (int i = 0; i < detail->code_count; i++) {
        if (detail->codes[i].code == code) {
            sum = pt_add(sum, detail->codes[i].count);
        }
    }
    return sum;
}

static void put_codes(struct pt_json *json, const struct pt_call_detail *detail)
{
    char key[16];
    pt_json_open_object(json, "errors");
    for (int i = 0; i < detail->code_count; i++) {
        if (first_of_its_code(detail, i)) {
            snprintf(key, sizeof key, "%d", (int)detail->codes[i].code);
            pt_json_int(json, key, sum_of_code(detail, detail->codes[i].code));
        }
    }
    pt_json_close_object(json);
}

static void put_outcome(struct pt_json *json, const struct pt_outcome *outcome)
{
    pt_json_int(json, "refused", outcome->refused);
    pt_json_int(json, "not_attempted", outcome->not_attempted);
    pt_json_int(json, "unacknowledged", outcome->unacknowledged);
    pt_json_int(json, "unknown", outcome->unknown);
}

static void put_detail(struct pt_json *json, const struct pt_call_detail *detail)
{
    if (detail == NULL) {
        return;
    }
    for (int i = 0; detail->has_writes && i < PT_WRITE_COUNTS; i++) {
        pt_json_int(json, write_names[i], detail->writes[i]);
    }
    if (detail->outcome.in_transaction > 0) {
        pt_json_bool(json, "in_transaction", true);
    }
    if (pt_outcome_open(&detail->outcome) > 0) {
        put_outcome(json, &detail->outcome);
    }
    if (detail->code_count > 0) {
        put_codes(json, detail);
    }
}

static void put_masking_result(struct pt_json *json, const struct pt_entry *entry)
{
    int64_t wall_ns = pt_sub(entry->end_ns, entry->start_ns);
    pt_json_int(json, "documents", pt_max(entry->documents, entry->documents_written));
    pt_json_int(json, "documents_read", entry->documents);
    pt_json_int(json, "documents_written", entry->documents_written);
    pt_json_int(json, "bytes", entry->bytes);
    pt_json_seconds(json, "cpu_seconds", entry->duration_ns);
    pt_json_seconds(json, "waiting_seconds", pt_sub(wall_ns, entry->duration_ns));
}

/* What the driver spent on connecting again inside the call, and on commands of other phases, are
 * entries of their own, and not part of this duration. */
static void put_other(struct pt_json *json, const struct pt_entry *entry)
{
    if (entry->connecting_ns > 0) {
        pt_json_seconds(json, "connecting_seconds", entry->connecting_ns);
    }
    if (entry->other_ns > 0) {
        pt_json_seconds(json, "other_phases_seconds", entry->other_ns);
    }
}

/* Of a write those that the server acknowledged, and the operations that were asked for. */
static void put_documents(struct pt_json *json, const struct pt_entry *entry)
{
    bool has_writes = entry->detail != NULL && entry->detail->has_writes;
    if (entry->writing) {
        pt_json_int(json, "documents", has_writes ? pt_writes_done(entry->detail->writes) : 0);
        pt_json_int(json, "requested", entry->documents);
    } else {
        pt_json_int(json, "documents", entry->documents);
    }
}

/* A write that nobody asked the server about is no success. */
static const char *status_of(const struct pt_entry *entry)
{
    bool unknown = entry->detail != NULL && entry->detail->outcome.unacknowledged > 0;
    return entry->failed ? "failed" : unknown ? "unacknowledged" : "success";
}

static void put_result(struct pt_json *json, const struct pt_entry *entry)
{
    if (entry->kind == PT_ENTRY_ANNOTATED) {
        put_embedded(json, "result_metadata", entry->result_metadata);
        return;
    }
    pt_json_open_object(json, "result_metadata");
    pt_json_string(json, "status", status_of(entry));
    if (entry->kind == PT_ENTRY_MASKING) {
        put_masking_result(json, entry);
    } else if (entry->kind == PT_ENTRY_CALL) {
        put_documents(json, entry);
        pt_json_int(json, "bytes", entry->bytes);
        pt_json_int(json, "commands", entry->commands);
        put_other(json, entry);
    } else {
        int64_t wall_ns = pt_sub(entry->end_ns, entry->start_ns);
        pt_json_seconds(json, "construction_seconds", pt_sub(entry->duration_ns, wall_ns));
    }
    put_detail(json, entry->detail);
    pt_json_close_object(json);
}

static void put_annotation(struct pt_json *json, const struct pt_entry *entry)
{
    const char *parent = entry->parent > 0 ? find_name(entry, PT_NAME_PHASE, entry->parent) : NULL;
    pt_json_int(json, "thread", entry->thread);
    pt_json_string(json, "parent", parent);
}

void pt_report_entry(struct pt_json *json, const struct pt_entry *entry)
{
    pt_json_open_object(json, NULL);
    put_moment(json, "start_time", "start_timestamp", entry->start_ns);
    if (!entry->open) {
        put_moment(json, "end_time", "end_timestamp", entry->end_ns);
        pt_json_seconds(json, "duration_seconds", entry->duration_ns);
    }
    put_metadata(json, entry);
    if (entry->open) {
        pt_json_bool(json, "open", true);
    } else {
        put_result(json, entry);
    }
    if (entry->kind == PT_ENTRY_ANNOTATED) {
        put_annotation(json, entry);
    }
    pt_json_close_object(json);
}
