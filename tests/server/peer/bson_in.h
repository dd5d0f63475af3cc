/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading BSON in place: views into a received message, no copies and no allocation.
 *
 * A view stays valid as long as the bytes it points into. Every function checks bounds, so a
 * malformed document ends a walk early instead of being read past its end. Nothing here keeps
 * state: any thread may use it on its own views.
 */
#ifndef PEER_BSON_IN_H
#define PEER_BSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum bson_type {
    BSON_DOUBLE = 0x01,
    BSON_STRING = 0x02,
    BSON_DOCUMENT = 0x03,
    BSON_ARRAY = 0x04,
    BSON_BOOL = 0x08,
    BSON_NULL = 0x0a,
    BSON_INT32 = 0x10,
    BSON_INT64 = 0x12,
};

/* A whole document: len_bytes counts the leading length and the trailing zero. */
struct bson_view {
    const uint8_t *data;
    size_t len_bytes;
};

struct bson_element {
    const char *key; /* zero-terminated, inside the document */
    uint8_t type;    /* enum bson_type, or one that is only passed through */
    const uint8_t *value;
    size_t value_bytes;
};

struct bson_walk {
    const uint8_t *at;
    const uint8_t *end; /* the trailing zero of the document */
};

static inline int32_t load_i32(const uint8_t *from)
{
    int32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline int64_t load_i64(const uint8_t *from)
{
    int64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* Takes the document that starts at `data`; false when it does not fit into available_bytes. */
bool bson_view_take(struct bson_view *view, const uint8_t *data, size_t available_bytes);

void bson_walk_begin(struct bson_walk *walk, struct bson_view document);
bool bson_walk_next(struct bson_walk *walk, struct bson_element *element);

/* The element of that name at the top level; false when there is none. */
bool bson_find(struct bson_view document, const char *key, struct bson_element *element);

/* The same, converted. A missing element or one of another type gives the fallback (NULL, false).
 */
int64_t bson_find_i64(struct bson_view document, const char *key, int64_t fallback);
bool bson_find_bool(struct bson_view document, const char *key, bool fallback);
const char *bson_find_string(struct bson_view document, const char *key);
bool bson_find_document(struct bson_view document, const char *key, struct bson_view *inner);

bool bson_element_is_number(const struct bson_element *element);
int64_t bson_element_i64(const struct bson_element *element, int64_t fallback);
double bson_element_double(const struct bson_element *element);
/* The string's bytes, zero-terminated, or NULL when the element is no string. */
const char *bson_element_string(const struct bson_element *element);
/* Document or array. */
bool bson_element_document(const struct bson_element *element, struct bson_view *inner);

/* True when the document has no elements. */
static inline bool bson_is_empty(struct bson_view document)
{
    return document.len_bytes <= 5;
}

#endif
