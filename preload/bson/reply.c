/* SPDX-License-Identifier: Apache-2.0 */
#include "bson/reply.h"

#include <string.h>

#include "bson/bson_walk.h"
#include "phasetap/log_format.h"

static int64_t number(const struct pt_element *e)
{
    int64_t value = 0;
    double real;
    switch (e->type) {
    case PT_BSON_INT32:
        return (int32_t)pt_load_u32(e->value);
    case PT_BSON_INT64:
        memcpy(&value, e->value, 8);
        return value;
    case PT_BSON_DOUBLE:
        memcpy(&real, e->value, 8);
        return real > -9e15 && real < 9e15 ? (int64_t)real : 0;
    case PT_BSON_BOOL:
        return e->value[0] != 0;
    default:
        return 0;
    }
}

void pt_errors_add(struct pt_errors *errors, int32_t where, int32_t domain, int32_t code)
{
    for (unsigned i = 0; i < errors->used; i++) {
        struct pt_error_count *row = &errors->rows[i];
        if (row->code == code && row->where == where && row->domain == domain) {
            row->count++;
            return;
        }
    }
    if (errors->used < PT_ERROR_CODES_MAX) {
        errors->rows[errors->used++] = (struct pt_error_count){code, where, domain, 1};
        return;
    }
    struct pt_error_count *last = &errors->rows[PT_ERROR_CODES_MAX - 1];
    last->code = 0;
    last->count++;
}

/* The driver repeats a write when the server says so; the server says so only to an attempt that
 * may be repeated. */
static bool has_retry_label(const struct pt_element *labels)
{
    static const char label[] = "RetryableWriteError";
    struct pt_walk w;
    struct pt_element e;
    if (pt_walk_into(&w, labels)) {
        while (pt_walk_next(&w, &e)) {
            if (e.type == PT_BSON_STRING && e.value_bytes == 4 + sizeof label &&
                memcmp(e.value + 4, label, sizeof label) == 0) {
                return true;
            }
        }
    }
    return false;
}

static int64_t count_elements(const struct pt_element *array)
{
    struct pt_walk w;
    struct pt_element e;
    int64_t count = 0;
    if (pt_walk_into(&w, array)) {
        while (pt_walk_next(&w, &e)) {
            count++;
        }
    }
    return count;
}

/* The elements of a batch are documents with the keys "0", "1", ...: as long as that holds, the
 * key's length is known and one step takes two loads. */
static void walk_documents(struct pt_walk *w, struct pt_reply *reply)
{
    size_t digits = 1;
    int64_t next_digits_at = 10;
    for (;;) {
        if (reply->batch_documents == next_digits_at) {
            digits++;
            next_digits_at *= 10;
        }
        const uint8_t *value = w->at + 1 + digits + 1;
        if (value + 5 > w->end || w->at[0] != PT_BSON_DOCUMENT || value[-1] != 0 ||
            value[-2] == 0) {
            return;
        }
        uint32_t bytes = pt_load_u32(value);
        if (bytes < 5 || bytes > (size_t)(w->end - value)) {
            return;
        }
        reply->batch_documents++;
        reply->batch_bytes += bytes;
        w->at = value + bytes;
    }
}

static void parse_batch(struct pt_reply *reply, const struct pt_element *array)
{
    struct pt_walk w;
    struct pt_element e;
    reply->has_batch = true;
    if (!pt_walk_into(&w, array)) {
        return;
    }
    walk_documents(&w, reply);
    while (pt_walk_next(&w, &e)) {
        reply->batch_documents++;
        reply->batch_bytes += (int64_t)e.value_bytes;
    }
}

/* Its code. */
static int32_t add_code_of(struct pt_errors *errors, int32_t where,
                           const struct pt_element *document)
{
    struct pt_walk w;
    struct pt_element e;
    int32_t code = 0;
    if (pt_walk_into(&w, document)) {
        while (pt_walk_next(&w, &e)) {
            code = pt_key_is(&e, "code") ? (int32_t)number(&e) : code;
        }
    }
    pt_errors_add(errors, where, 0, code);
    return code;
}

static int64_t index_of(const struct pt_element *document, const char *key)
{
    struct pt_walk w;
    struct pt_element e;
    if (pt_walk_into(&w, document)) {
        while (pt_walk_next(&w, &e)) {
            if (pt_key_is(&e, key)) {
                return number(&e);
            }
        }
    }
    return -1;
}

static void note_error_index(struct pt_reply *reply, int64_t index)
{
    reply->last_error_index = index > reply->last_error_index ? index : reply->last_error_index;
}

/* One operation's result of a bulkWrite: { ok, idx, code, n, ... }; `code` is there when it failed.
 */
static void add_operation(struct pt_reply *reply, struct pt_errors *errors,
                          const struct pt_element *result)
{
    struct pt_walk w;
    struct pt_element e;
    bool failed = false;
    int32_t code = 0;
    if (pt_walk_into(&w, result)) {
        while (pt_walk_next(&w, &e)) {
            failed = pt_key_is(&e, "ok") ? number(&e) == 0 : failed;
            code = pt_key_is(&e, "code") ? (int32_t)number(&e) : code;
        }
    }
    if (failed) {
        pt_errors_add(errors, PT_ERROR_WRITE, 0, code);
        note_error_index(reply, index_of(result, "idx"));
    }
}

/* bulkWrite answers by a cursor over the results of its operations, which may need getMore: what
 * they hold is no batch of documents. */
static void parse_results(struct pt_reply *reply, struct pt_errors *errors,
                          const struct pt_element *batch)
{
    struct pt_walk w;
    struct pt_element e;
    reply->has_batch = false;
    reply->n = reply->batch_documents;
    if (pt_walk_into(&w, batch)) {
        while (pt_walk_next(&w, &e)) {
            add_operation(reply, errors, &e);
        }
    }
}

static bool is_of_results(const struct pt_element *ns)
{
    static const char name[] = "admin.$cmd.bulkWrite";
    return ns->type == PT_BSON_STRING && ns->value_bytes == 4 + sizeof name &&
           memcmp(ns->value + 4, name, sizeof name) == 0;
}

static void parse_cursor(struct pt_reply *reply, struct pt_errors *errors,
                         const struct pt_element *document)
{
    struct pt_walk w;
    struct pt_element e;
    struct pt_element batch = {0};
    bool results = false;
    if (!pt_walk_into(&w, document)) {
        return;
    }
    while (pt_walk_next(&w, &e)) {
        if (e.type == PT_BSON_ARRAY &&
            (pt_key_is(&e, "firstBatch") || pt_key_is(&e, "nextBatch"))) {
            parse_batch(reply, &e);
            batch = e;
        } else if (e.type == PT_BSON_INT64 && pt_key_is(&e, "id")) {
            reply->is_open = memcmp(e.value, "\0\0\0\0\0\0\0", 8) != 0;
        } else if (pt_key_is(&e, "ns")) {
            results = is_of_results(&e);
        }
    }
    if (results && batch.value) {
        parse_results(reply, errors, &batch);
    }
}

static void parse_write_errors(struct pt_reply *reply, struct pt_errors *errors,
                               const struct pt_element *array)
{
    struct pt_walk w;
    struct pt_element e;
    if (!pt_walk_into(&w, array)) {
        return;
    }
    while (pt_walk_next(&w, &e)) {
        reply->write_errors++;
        (void)add_code_of(errors, PT_ERROR_WRITE, &e);
        note_error_index(reply, index_of(&e, "index"));
    }
}

/* findAndModify: { lastErrorObject: { n, updatedExisting, upserted }, value } */
static void parse_last_error(struct pt_reply *reply, const struct pt_element *document)
{
    struct pt_walk w;
    struct pt_element e;
    if (!pt_walk_into(&w, document)) {
        return;
    }
    while (pt_walk_next(&w, &e)) {
        if (pt_key_is(&e, "n")) {
            reply->n = number(&e);
        } else if (pt_key_is(&e, "updatedExisting")) {
            reply->modified = number(&e);
        } else if (pt_key_is(&e, "upserted")) {
            reply->upserted = 1;
        }
    }
}

static void parse_number(struct pt_reply *reply, const struct pt_element *e)
{
    struct {
        const char *key;
        int64_t *value;
    } fields[] = {
        {"n", &reply->n},
        {"nModified", &reply->updated},
        {"nInserted", &reply->inserted},
        {"nMatched", &reply->matched},
        {"nUpserted", &reply->upserts},
        {"nDeleted", &reply->deleted},
        {"nErrors", &reply->write_errors},
    };
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (pt_key_is(e, fields[i].key)) {
            *fields[i].value = number(e);
            reply->counted |= i == 0 || fields[i].value == &reply->inserted;
        }
    }
}

void pt_reply_parse(struct pt_reply *reply, struct pt_errors *errors, const uint8_t *data,
                    size_t bytes)
{
    struct pt_walk w;
    struct pt_element e;
    memset(reply, 0, sizeof *reply);
    reply->last_error_index = -1;
    if (data == NULL || !pt_walk_init(&w, data, bytes)) {
        return;
    }
    while (pt_walk_next(&w, &e)) {
        if (e.type == PT_BSON_DOCUMENT && pt_key_is(&e, "cursor")) {
            parse_cursor(reply, errors, &e);
        } else if (e.type == PT_BSON_ARRAY && pt_key_is(&e, "writeErrors")) {
            parse_write_errors(reply, errors, &e);
        } else if (e.type == PT_BSON_DOCUMENT && pt_key_is(&e, "writeConcernError")) {
            reply->concern_failed = true;
            reply->concern_code = add_code_of(errors, PT_ERROR_WRITE_CONCERN, &e);
        } else if (e.type == PT_BSON_ARRAY && pt_key_is(&e, "upserted")) {
            reply->upserted = count_elements(&e);
        } else if (e.type == PT_BSON_DOCUMENT && pt_key_is(&e, "lastErrorObject")) {
            parse_last_error(reply, &e);
            reply->counted = true;
        } else if (e.type == PT_BSON_ARRAY && pt_key_is(&e, "errorLabels")) {
            reply->retryable = has_retry_label(&e);
        } else if (e.type == PT_BSON_INT32 || e.type == PT_BSON_INT64 || e.type == PT_BSON_DOUBLE) {
            parse_number(reply, &e);
        }
    }
    reply->modified = reply->modified ? reply->modified : reply->updated;
}
