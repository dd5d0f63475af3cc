/* SPDX-License-Identifier: Apache-2.0 */
/* Writing BSON; bson_out.h is the manual. */
#include "bson_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY_BYTES = 4096 };

void bson_out_free(struct bson_out *out)
{
    free(out->data);
    *out = (struct bson_out){0};
}

static void grow(struct bson_out *out, size_t needed_bytes)
{
    size_t capacity = out->capacity_bytes != 0 ? out->capacity_bytes : FIRST_CAPACITY_BYTES;
    while (capacity < needed_bytes) {
        capacity *= 2;
    }
    uint8_t *data = realloc(out->data, capacity);
    if (data == NULL) {
        fprintf(stderr, "peer: out of memory for a reply of %zu bytes; ask for smaller batches\n",
                needed_bytes);
        exit(EXIT_FAILURE);
    }
    out->data = data;
    out->capacity_bytes = capacity;
}

uint8_t *bson_out_extend(struct bson_out *out, size_t more_bytes)
{
    size_t start = out->len_bytes;
    if (start + more_bytes > out->capacity_bytes) {
        grow(out, start + more_bytes);
    }
    out->len_bytes = start + more_bytes;
    return out->data + start;
}

void bson_out_raw(struct bson_out *out, const void *bytes, size_t count_bytes)
{
    memcpy(bson_out_extend(out, count_bytes), bytes, count_bytes);
}

void bson_out_raw_i32(struct bson_out *out, int32_t value)
{
    bson_out_raw(out, &value, sizeof value);
}

/* Type byte and key of an element; returns where its value_bytes go. */
static uint8_t *element_head(struct bson_out *out, uint8_t type, const char *key,
                             size_t value_bytes)
{
    size_t key_bytes = strlen(key) + 1;
    uint8_t *at = bson_out_extend(out, 1 + key_bytes + value_bytes);
    at[0] = type;
    memcpy(at + 1, key, key_bytes);
    return at + 1 + key_bytes;
}

size_t bson_out_begin(struct bson_out *out)
{
    size_t mark = out->len_bytes;
    bson_out_extend(out, 4);
    return mark;
}

size_t bson_out_document_begin(struct bson_out *out, const char *key)
{
    element_head(out, BSON_DOCUMENT, key, 0);
    return bson_out_begin(out);
}

size_t bson_out_array_begin(struct bson_out *out, const char *key)
{
    element_head(out, BSON_ARRAY, key, 0);
    return bson_out_begin(out);
}

void bson_out_end(struct bson_out *out, size_t mark)
{
    *bson_out_extend(out, 1) = 0;
    int32_t len = (int32_t)(out->len_bytes - mark);
    memcpy(out->data + mark, &len, sizeof len);
}

void bson_out_i32(struct bson_out *out, const char *key, int32_t value)
{
    memcpy(element_head(out, BSON_INT32, key, sizeof value), &value, sizeof value);
}

void bson_out_i64(struct bson_out *out, const char *key, int64_t value)
{
    memcpy(element_head(out, BSON_INT64, key, sizeof value), &value, sizeof value);
}

void bson_out_double(struct bson_out *out, const char *key, double value)
{
    memcpy(element_head(out, BSON_DOUBLE, key, sizeof value), &value, sizeof value);
}

void bson_out_bool(struct bson_out *out, const char *key, bool value)
{
    *element_head(out, BSON_BOOL, key, 1) = value;
}

void bson_out_null(struct bson_out *out, const char *key)
{
    element_head(out, BSON_NULL, key, 0);
}

void bson_out_date_ms(struct bson_out *out, const char *key, int64_t unix_ms)
{
    memcpy(element_head(out, 0x09, key, sizeof unix_ms), &unix_ms, sizeof unix_ms);
}

void bson_out_string(struct bson_out *out, const char *key, const char *value)
{
    int32_t len = (int32_t)strlen(value) + 1;
    uint8_t *at = element_head(out, BSON_STRING, key, 4 + (size_t)len);
    memcpy(at, &len, sizeof len);
    memcpy(at + 4, value, (size_t)len);
}

void bson_out_document(struct bson_out *out, const char *key, struct bson_view document)
{
    memcpy(element_head(out, BSON_DOCUMENT, key, document.len_bytes), document.data,
           document.len_bytes);
}

void bson_out_element(struct bson_out *out, const char *key, const struct bson_element *element)
{
    uint8_t *at = element_head(out, element->type, key, element->value_bytes);
    memcpy(at, element->value, element->value_bytes);
}

size_t bson_out_index_text(char text[11], uint32_t index)
{
    char reversed[10];
    size_t digits = 0;
    do {
        reversed[digits++] = (char)('0' + index % 10);
        index /= 10;
    } while (index != 0);
    for (size_t i = 0; i < digits; i++) {
        text[i] = reversed[digits - 1 - i];
    }
    text[digits] = '\0';
    return digits;
}

void bson_out_member(struct bson_out *out, uint32_t index, struct bson_view document)
{
    char key[11];
    size_t key_bytes = bson_out_index_text(key, index) + 1;
    uint8_t *at = bson_out_extend(out, 1 + key_bytes + document.len_bytes);
    at[0] = BSON_DOCUMENT;
    memcpy(at + 1, key, key_bytes);
    memcpy(at + 1 + key_bytes, document.data, document.len_bytes);
}

size_t bson_out_member_begin(struct bson_out *out, uint32_t index)
{
    char key[11];
    bson_out_index_text(key, index);
    return bson_out_document_begin(out, key);
}

void bson_out_member_element(struct bson_out *out, uint32_t index,
                             const struct bson_element *element)
{
    char key[11];
    bson_out_index_text(key, index);
    bson_out_element(out, key, element);
}
