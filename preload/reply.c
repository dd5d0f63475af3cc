/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include <string.h>

#include "phasetap/log_format.h"

/* One element of a BSON document (https://bsonspec.org/spec.html). */
struct element {
    uint8_t type;
    const char *key;
    const uint8_t *value;
    size_t value_bytes;
};

struct walk {
    const uint8_t *at;
    const uint8_t *end; /* at the document's closing zero */
};

static uint32_t load_u32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

static bool walk_init(struct walk *w, const uint8_t *data, size_t bytes)
{
    if (bytes < 5 || load_u32(data) < 5 || load_u32(data) > bytes) {
        return false;
    }
    w->at = data + 4;
    w->end = data + load_u32(data) - 1;
    return true;
}

/* Bytes that a value takes, SIZE_MAX when it does not fit or the type is not known. */
static size_t value_bytes(uint8_t type, const uint8_t *value, size_t left)
{
    size_t counted = left >= 4 ? load_u32(value) : SIZE_MAX / 2;
    switch (type) {
    case 0x01: case 0x09: case 0x11: case 0x12: return 8;  /* double, date, timestamp, int64 */
    case 0x10: return 4;                                   /* int32 */
    case 0x08: return 1;                                   /* bool */
    case 0x06: case 0x0A: case 0x7F: case 0xFF: return 0;  /* undefined, null, max key, min key */
    case 0x07: return 12;                                  /* ObjectId */
    case 0x13: return 16;                                  /* decimal */
    case 0x02: case 0x0D: case 0x0E: return 4 + counted;   /* string, code, symbol */
    case 0x03: case 0x04: case 0x0F: return counted;       /* document, array, code with scope */
    case 0x05: return 5 + counted;                         /* binary */
    case 0x0C: return 4 + counted + 12;                    /* DBPointer */
    default: return SIZE_MAX;                              /* regular expressions do not occur in replies outside documents */
    }
}

static bool walk_next(struct walk *w, struct element *e)
{
    if (w->at >= w->end) {
        return false;
    }
    e->type = *w->at++;
    e->key = (const char *)w->at;
    const uint8_t *zero = memchr(w->at, 0, (size_t)(w->end - w->at));
    if (zero == NULL) {
        return false;
    }
    e->value = zero + 1;
    size_t left = (size_t)(w->end - e->value);
    e->value_bytes = value_bytes(e->type, e->value, left);
    if (e->value_bytes > left) {
        return false;
    }
    w->at = e->value + e->value_bytes;
    return true;
}

static int64_t number(const struct element *e)
{
    int64_t value = 0;
    double real;
    switch (e->type) {
    case 0x10: return (int32_t)load_u32(e->value);
    case 0x12: memcpy(&value, e->value, 8); return value;
    case 0x01: memcpy(&real, e->value, 8); return real > -9e15 && real < 9e15 ? (int64_t)real : 0;
    case 0x08: return e->value[0] != 0;
    default: return 0;
    }
}

static bool is(const struct element *e, const char *key)
{
    return strcmp(e->key, key) == 0;
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

static int64_t count_elements(const struct element *array)
{
    struct walk w;
    struct element e;
    int64_t count = 0;
    if (walk_init(&w, array->value, array->value_bytes)) {
        while (walk_next(&w, &e)) {
            count++;
        }
    }
    return count;
}

/* The elements of a batch are documents with the keys "0", "1", ...: as long as that holds, the key's length is known and one step takes two loads. */
static void walk_documents(struct walk *w, struct pt_reply *reply)
{
    size_t digits = 1;
    int64_t next_digits_at = 10;
    for (;;) {
        if (reply->batch_documents == next_digits_at) {
            digits++;
            next_digits_at *= 10;
        }
        const uint8_t *value = w->at + 1 + digits + 1;
        if (value + 5 > w->end || w->at[0] != 0x03 || value[-1] != 0 || value[-2] == 0) {
            return;
        }
        uint32_t bytes = load_u32(value);
        if (bytes < 5 || bytes > (size_t)(w->end - value)) {
            return;
        }
        reply->batch_documents++;
        reply->batch_bytes += bytes;
        w->at = value + bytes;
    }
}

static void parse_batch(struct pt_reply *reply, const struct element *array)
{
    struct walk w;
    struct element e;
    reply->has_batch = true;
    if (!walk_init(&w, array->value, array->value_bytes)) {
        return;
    }
    walk_documents(&w, reply);
    while (walk_next(&w, &e)) {
        reply->batch_documents++;
        reply->batch_bytes += (int64_t)e.value_bytes;
    }
}

static void parse_cursor(struct pt_reply *reply, const struct element *document)
{
    struct walk w;
    struct element e;
    if (!walk_init(&w, document->value, document->value_bytes)) {
        return;
    }
    while (walk_next(&w, &e)) {
        if (e.type == 0x04 && (is(&e, "firstBatch") || is(&e, "nextBatch"))) {
            parse_batch(reply, &e);
        }
    }
}

static void add_code_of(struct pt_errors *errors, int32_t where, const struct element *document)
{
    struct walk w;
    struct element e;
    int32_t code = 0;
    if (walk_init(&w, document->value, document->value_bytes)) {
        while (walk_next(&w, &e)) {
            code = is(&e, "code") ? (int32_t)number(&e) : code;
        }
    }
    pt_errors_add(errors, where, 0, code);
}

static void parse_write_errors(struct pt_reply *reply, struct pt_errors *errors, const struct element *array)
{
    struct walk w;
    struct element e;
    if (!walk_init(&w, array->value, array->value_bytes)) {
        return;
    }
    while (walk_next(&w, &e)) {
        reply->write_errors++;
        add_code_of(errors, PT_ERROR_WRITE, &e);
    }
}

/* findAndModify: { lastErrorObject: { n, updatedExisting, upserted }, value } */
static void parse_last_error(struct pt_reply *reply, const struct element *document)
{
    struct walk w;
    struct element e;
    if (!walk_init(&w, document->value, document->value_bytes)) {
        return;
    }
    while (walk_next(&w, &e)) {
        if (is(&e, "n")) {
            reply->n = number(&e);
        } else if (is(&e, "updatedExisting")) {
            reply->modified = number(&e);
        } else if (is(&e, "upserted")) {
            reply->upserted = 1;
        }
    }
}

static void parse_number(struct pt_reply *reply, const struct element *e)
{
    struct {
        const char *key;
        int64_t *value;
    } fields[] = {
        {"n", &reply->n},                 {"nModified", &reply->updated}, {"nInserted", &reply->inserted}, {"nMatched", &reply->matched},
        {"nUpserted", &reply->upserts},   {"nDeleted", &reply->deleted},  {"nErrors", &reply->write_errors},
    };
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (is(e, fields[i].key)) {
            *fields[i].value = number(e);
        }
    }
}

void pt_reply_parse(struct pt_reply *reply, struct pt_errors *errors, const uint8_t *data, size_t bytes)
{
    struct walk w;
    struct element e;
    memset(reply, 0, sizeof *reply);
    if (data == NULL || !walk_init(&w, data, bytes)) {
        return;
    }
    while (walk_next(&w, &e)) {
        if (e.type == 0x03 && is(&e, "cursor")) {
            parse_cursor(reply, &e);
        } else if (e.type == 0x04 && is(&e, "writeErrors")) {
            parse_write_errors(reply, errors, &e);
        } else if (e.type == 0x03 && is(&e, "writeConcernError")) {
            add_code_of(errors, PT_ERROR_WRITE_CONCERN, &e);
        } else if (e.type == 0x04 && is(&e, "upserted")) {
            reply->upserted = count_elements(&e);
        } else if (e.type == 0x03 && is(&e, "lastErrorObject")) {
            parse_last_error(reply, &e);
        } else if (e.type == 0x10 || e.type == 0x12 || e.type == 0x01) {
            parse_number(reply, &e);
        }
    }
    reply->modified = reply->modified ? reply->modified : reply->updated;
}
