/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bson_walk.h: iterates over the elements of a BSON document without copying.
 * (https://bsonspec.org/spec.html)
 *
 * libbson is not linked: the preload object must load into programs without it, and must not enter
 * the wrappers of its own functions. The bytes come from a server or an application and are
 * untrusted: every length is checked against what is left, and iteration ends early at damage or at
 * a type that is not handled. No allocation, no state; any layer, any thread.
 */
#ifndef PT_BSON_WALK_H
#define PT_BSON_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    PT_BSON_DOUBLE = 0x01,
    PT_BSON_STRING = 0x02,
    PT_BSON_DOCUMENT = 0x03,
    PT_BSON_ARRAY = 0x04,
    PT_BSON_BOOL = 0x08,
    PT_BSON_INT32 = 0x10,
    PT_BSON_INT64 = 0x12,
};

struct pt_element {
    uint8_t type;
    const char *key;
    const uint8_t *value;
    size_t value_bytes; /* of a document or array: its own length */
};

struct pt_walk {
    const uint8_t *at;
    const uint8_t *end; /* at the document's closing zero */
};

static inline uint32_t pt_load_u32(const uint8_t *p)
{
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}

/* False when `bytes` at `data` hold no document. */
static inline bool pt_walk_init(struct pt_walk *w, const uint8_t *data, size_t bytes)
{
    if (data == NULL || bytes < 5 || pt_load_u32(data) < 5 || pt_load_u32(data) > bytes) {
        return false;
    }
    w->at = data + 4;
    w->end = data + pt_load_u32(data) - 1;
    return true;
}

/* Into the document or array that `e` holds; false for other types. */
static inline bool pt_walk_into(struct pt_walk *w, const struct pt_element *e)
{
    return (e->type == PT_BSON_DOCUMENT || e->type == PT_BSON_ARRAY) &&
           pt_walk_init(w, e->value, e->value_bytes);
}

/* Bytes that a value takes, SIZE_MAX when the type is not known. */
static inline size_t pt_bson_value_bytes(uint8_t type, const uint8_t *value, size_t left)
{
    size_t counted = left >= 4 ? pt_load_u32(value) : SIZE_MAX / 2;
    switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
        return 8; /* double, date, timestamp, int64 */
    case 0x10:
        return 4; /* int32 */
    case 0x08:
        return 1; /* bool */
    case 0x06:
    case 0x0A:
    case 0x7F:
    case 0xFF:
        return 0; /* undefined, null, max key, min key */
    case 0x07:
        return 12; /* ObjectId */
    case 0x13:
        return 16; /* decimal */
    case 0x02:
    case 0x0D:
    case 0x0E:
        return 4 + counted; /* string, code, symbol */
    case 0x03:
    case 0x04:
    case 0x0F:
        return counted; /* document, array, code with scope */
    case 0x05:
        return 5 + counted; /* binary */
    case 0x0C:
        return 4 + counted + 12; /* DBPointer */
    default:
        return SIZE_MAX; /* regular expressions do not occur in replies and commands outside
                            documents */
    }
}

/* False at the end. */
static inline bool pt_walk_next(struct pt_walk *w, struct pt_element *e)
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
    e->value_bytes = pt_bson_value_bytes(e->type, e->value, left);
    if (e->value_bytes > left) {
        return false;
    }
    w->at = e->value + e->value_bytes;
    return true;
}

static inline bool pt_key_is(const struct pt_element *e, const char *key)
{
    return strcmp(e->key, key) == 0;
}

#endif
