/* SPDX-License-Identifier: Apache-2.0 */
#include "log/bson_field.h"

#include <string.h>

/* The shortest document: its length and its end. */
#define EMPTY_BYTES 5

bool pt_iter_open(const uint8_t *data, size_t length, bson_t *document, bson_iter_t *ret_iter)
{
    return bson_init_static(document, data, length) && bson_iter_init(ret_iter, document);
}

static bool find(const struct pt_record *record, const char *key, bson_t *document,
                 bson_iter_t *iter)
{
    return pt_iter_open(record->data, record->length_bytes, document, iter) &&
           bson_iter_find(iter, key);
}

bool pt_iter_int(const bson_iter_t *iter, int64_t *ret_number)
{
    if (bson_iter_type(iter) == BSON_TYPE_INT32) {
        *ret_number = bson_iter_int32(iter);
        return true;
    }
    if (bson_iter_type(iter) == BSON_TYPE_INT64) {
        *ret_number = bson_iter_int64(iter);
        return true;
    }
    return false;
}

int64_t pt_field_int(const struct pt_record *record, const char *key, int64_t otherwise)
{
    bson_t document;
    bson_iter_t iter;
    int64_t number = otherwise;
    if (find(record, key, &document, &iter)) {
        pt_iter_int(&iter, &number);
    }
    return number;
}

int64_t pt_field_date_ms(const struct pt_record *record, const char *key)
{
    bson_t document;
    bson_iter_t iter;
    bool found = find(record, key, &document, &iter) && BSON_ITER_HOLDS_DATE_TIME(&iter);
    return found ? bson_iter_date_time(&iter) : -1;
}

double pt_field_double(const struct pt_record *record, const char *key, double otherwise)
{
    bson_t document;
    bson_iter_t iter;
    if (find(record, key, &document, &iter) && bson_iter_type(&iter) == BSON_TYPE_DOUBLE) {
        return bson_iter_double(&iter);
    }
    return otherwise;
}

char *pt_field_text(const struct pt_record *record, const char *key)
{
    bson_t document;
    bson_iter_t iter;
    if (!find(record, key, &document, &iter) || bson_iter_type(&iter) != BSON_TYPE_UTF8) {
        return NULL;
    }
    uint32_t length = 0;
    const char *text = bson_iter_utf8(&iter, &length);
    return strndup(text, length);
}

const uint8_t *pt_field_document(const struct pt_record *record, const char *key,
                                 uint32_t *ret_length)
{
    bson_t document;
    bson_iter_t iter;
    if (!find(record, key, &document, &iter) || bson_iter_type(&iter) != BSON_TYPE_DOCUMENT) {
        return NULL;
    }
    const uint8_t *data = NULL;
    bson_iter_document(&iter, ret_length, &data);
    return *ret_length >= EMPTY_BYTES
               ? data
               : NULL; /* libbson hands out what the length word says, even 0 */
}
