/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json_bson.h"

#include <stdio.h>

#include "log/bson_field.h"
#include "text/time_text.h"

static void put_value(struct pt_json *json, const char *key, const bson_iter_t *iter, int depth);

static void put_elements(struct pt_json *json, bson_iter_t *iter, bool with_keys, int depth)
{
    while (bson_iter_next(iter)) {
        put_value(json, with_keys ? bson_iter_key(iter) : NULL, iter, depth + 1);
    }
}

static void put_container(struct pt_json *json, const char *key, const bson_iter_t *iter, int depth)
{
    bson_iter_t child;
    if (depth >= PT_JSON_BSON_DEPTH || !bson_iter_recurse(iter, &child)) {
        pt_json_null(json, key);
    } else if (bson_iter_type(iter) == BSON_TYPE_ARRAY) {
        pt_json_open_array(json, key);
        put_elements(json, &child, false, depth);
        pt_json_close_array(json);
    } else {
        pt_json_open_object(json, key);
        put_elements(json, &child, true, depth);
        pt_json_close_object(json);
    }
}

static void put_text(struct pt_json *json, const char *key, const bson_iter_t *iter)
{
    uint32_t length = 0;
    const char *text = bson_iter_utf8(iter, &length);
    pt_json_bytes(json, key, text, length);
}

/* Types that JSON has no form for. */
static void put_other(struct pt_json *json, const char *key, const bson_iter_t *iter)
{
    char text[PT_TIME_BYTES];
    if (bson_iter_type(iter) == BSON_TYPE_OID) {
        bson_oid_to_string(bson_iter_oid(iter), text);
    } else if (bson_iter_type(iter) == BSON_TYPE_DATE_TIME) {
        pt_utc_time_text(text, bson_iter_date_time(iter));
    } else {
        snprintf(text, sizeof text, "<BSON type %d>", (int)bson_iter_type(iter));
    }
    pt_json_string(json, key, text);
}

static void put_value(struct pt_json *json, const char *key, const bson_iter_t *iter, int depth)
{
    int64_t number;
    if (pt_iter_int(iter, &number)) {
        pt_json_int(json, key, number);
        return;
    }
    switch (bson_iter_type(iter)) {
    case BSON_TYPE_UTF8:
        put_text(json, key, iter);
        break;
    case BSON_TYPE_DOUBLE:
        pt_json_double(json, key, bson_iter_double(iter));
        break;
    case BSON_TYPE_BOOL:
        pt_json_bool(json, key, bson_iter_bool(iter));
        break;
    case BSON_TYPE_NULL:
        pt_json_null(json, key);
        break;
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        put_container(json, key, iter, depth);
        break;
    default:
        put_other(json, key, iter);
    }
}

void pt_json_bson_value(struct pt_json *json, const char *key, const bson_iter_t *iter)
{
    put_value(json, key, iter, 0);
}

void pt_json_bson_document(struct pt_json *json, const char *key, const uint8_t *data,
                           size_t length)
{
    bson_t document;
    bson_iter_t iter;
    pt_json_open_object(json, key);
    if (data != NULL && pt_iter_open(data, length, &document, &iter)) {
        while (bson_iter_next(&iter)) {
            if (bson_iter_key(&iter)[0] != '_' || bson_iter_type(&iter) != BSON_TYPE_NULL) {
                put_value(json, bson_iter_key(&iter), &iter, 0);
            }
        }
    }
    pt_json_close_object(json);
}
