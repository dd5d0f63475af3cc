/* SPDX-License-Identifier: Apache-2.0 */
/* Reading BSON in place; bson_in.h is the manual. */
#include "bson_in.h"

enum { MIN_DOCUMENT_BYTES = 5 };

bool bson_view_take(struct bson_view *view, const uint8_t *data, size_t available_bytes)
{
    if (available_bytes < MIN_DOCUMENT_BYTES) {
        return false;
    }
    int32_t len = load_i32(data);
    if (len < MIN_DOCUMENT_BYTES || (size_t)len > available_bytes || data[len - 1] != 0) {
        return false;
    }
    view->data = data;
    view->len_bytes = (size_t)len;
    return true;
}

void bson_walk_begin(struct bson_walk *walk, struct bson_view document)
{
    walk->at = document.data + 4;
    walk->end = document.data + document.len_bytes - 1;
}

/* Bytes of a value that begins with an int32 length; extra_bytes is what that length does not
 * count. */
static size_t counted_bytes(const uint8_t *value, size_t left_bytes, size_t extra_bytes)
{
    if (left_bytes < 4) {
        return SIZE_MAX;
    }
    int32_t len = load_i32(value);
    return len < 0 ? SIZE_MAX : (size_t)len + extra_bytes;
}

/* A regular expression: two zero-terminated strings. */
static size_t regex_bytes(const uint8_t *value, size_t left_bytes)
{
    const uint8_t *pattern_end = memchr(value, 0, left_bytes);
    if (pattern_end == NULL) {
        return SIZE_MAX;
    }
    size_t pattern_bytes = (size_t)(pattern_end - value) + 1;
    const uint8_t *options_end = memchr(pattern_end + 1, 0, left_bytes - pattern_bytes);
    return options_end == NULL ? SIZE_MAX : (size_t)(options_end - value) + 1;
}

/* Size of a value by its type; SIZE_MAX when the type is unknown or the length field is cut off. */
static size_t value_size_bytes(uint8_t type, const uint8_t *value, size_t left_bytes)
{
    switch (type) {
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
        return 0;
    case 0x08:
        return 1;
    case 0x10:
        return 4;
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
        return 8;
    case 0x07:
        return 12;
    case 0x13:
        return 16;
    case 0x02:
    case 0x0d:
    case 0x0e:
        return counted_bytes(value, left_bytes, 4);
    case 0x03:
    case 0x04:
    case 0x0f:
        return counted_bytes(value, left_bytes, 0);
    case 0x05:
        return counted_bytes(value, left_bytes, 5);
    case 0x0c:
        return counted_bytes(value, left_bytes, 16);
    case 0x0b:
        return regex_bytes(value, left_bytes);
    default:
        return SIZE_MAX;
    }
}

bool bson_walk_next(struct bson_walk *walk, struct bson_element *element)
{
    if (walk->at >= walk->end) {
        return false;
    }
    element->type = walk->at[0];
    element->key = (const char *)walk->at + 1;
    size_t left_bytes = (size_t)(walk->end - walk->at) - 1;
    size_t key_bytes = strnlen(element->key, left_bytes);
    if (key_bytes == left_bytes) {
        /* The key is not closed inside the document. */
        walk->at = walk->end;
        return false;
    }
    element->value = walk->at + 1 + key_bytes + 1;
    left_bytes -= key_bytes + 1;
    element->value_bytes = value_size_bytes(element->type, element->value, left_bytes);
    if (element->value_bytes > left_bytes) {
        walk->at = walk->end;
        return false;
    }
    walk->at = element->value + element->value_bytes;
    return true;
}

bool bson_find(struct bson_view document, const char *key, struct bson_element *element)
{
    struct bson_walk walk;
    bson_walk_begin(&walk, document);
    while (bson_walk_next(&walk, element)) {
        if (strcmp(element->key, key) == 0) {
            return true;
        }
    }
    return false;
}

bool bson_element_is_number(const struct bson_element *element)
{
    return element->type == BSON_INT32 || element->type == BSON_INT64 ||
           element->type == BSON_DOUBLE;
}

double bson_element_double(const struct bson_element *element)
{
    double value = 0;
    if (element->type == BSON_DOUBLE) {
        memcpy(&value, element->value, sizeof value);
        return value;
    }
    return (double)bson_element_i64(element, 0);
}

int64_t bson_element_i64(const struct bson_element *element, int64_t fallback)
{
    double value;
    switch (element->type) {
    case BSON_INT32:
        return load_i32(element->value);
    case BSON_INT64:
        return load_i64(element->value);
    case BSON_DOUBLE:
        memcpy(&value, element->value, sizeof value);
        return value > -9.0e18 && value < 9.0e18 ? (int64_t)value : fallback;
    case BSON_BOOL:
        return element->value[0] != 0;
    default:
        return fallback;
    }
}

const char *bson_element_string(const struct bson_element *element)
{
    if (element->type != BSON_STRING || element->value_bytes < 5 ||
        element->value[element->value_bytes - 1] != 0) {
        return NULL;
    }
    return (const char *)element->value + 4;
}

bool bson_element_document(const struct bson_element *element, struct bson_view *inner)
{
    if (element->type != BSON_DOCUMENT && element->type != BSON_ARRAY) {
        return false;
    }
    return bson_view_take(inner, element->value, element->value_bytes);
}

int64_t bson_find_i64(struct bson_view document, const char *key, int64_t fallback)
{
    struct bson_element element;
    return bson_find(document, key, &element) ? bson_element_i64(&element, fallback) : fallback;
}

bool bson_find_bool(struct bson_view document, const char *key, bool fallback)
{
    return bson_find_i64(document, key, fallback) != 0;
}

const char *bson_find_string(struct bson_view document, const char *key)
{
    struct bson_element element;
    return bson_find(document, key, &element) ? bson_element_string(&element) : NULL;
}

bool bson_find_document(struct bson_view document, const char *key, struct bson_view *inner)
{
    struct bson_element element;
    return bson_find(document, key, &element) && bson_element_document(&element, inner);
}
