/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/json_view.h"

#include <math.h>

static const uint8_t EMPTY[] = {5, 0, 0, 0, 0};

bool pt_view_element(const bson_iter_t *iter, bson_t *ret_view)
{
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    if (BSON_ITER_HOLDS_DOCUMENT(iter)) {
        bson_iter_document(iter, &length, &bytes);
    } else if (BSON_ITER_HOLDS_ARRAY(iter)) {
        bson_iter_array(iter, &length, &bytes);
    }
    if (bytes != NULL && bson_init_static(ret_view, bytes, length)) {
        return true;
    }
    bson_init_static(ret_view, EMPTY, sizeof EMPTY);
    return false;
}

bool pt_view_object(const bson_t *in, const char *key, bson_t *ret_view)
{
    bson_iter_t iter;
    if (bson_iter_init_find(&iter, in, key)) {
        return pt_view_element(&iter, ret_view);
    }
    bson_init_static(ret_view, EMPTY, sizeof EMPTY);
    return false;
}

const char *pt_view_text(const bson_t *in, const char *key)
{
    bson_iter_t iter;
    bool found = bson_iter_init_find(&iter, in, key) && BSON_ITER_HOLDS_UTF8(&iter);
    return found ? bson_iter_utf8(&iter, NULL) : NULL;
}

/* NaN: no number. */
static double number_of(const bson_t *in, const char *key)
{
    bson_iter_t iter;
    if (!bson_iter_init_find(&iter, in, key)) {
        return NAN;
    }
    if (BSON_ITER_HOLDS_DOUBLE(&iter)) {
        return bson_iter_double(&iter);
    }
    bool whole = BSON_ITER_HOLDS_INT32(&iter) || BSON_ITER_HOLDS_INT64(&iter);
    return whole ? (double)bson_iter_as_int64(&iter) : NAN;
}

int64_t pt_view_count(const bson_t *in, const char *key, int64_t otherwise)
{
    double number = number_of(in, key);
    return number >= 0.0 && number < 9e18 ? (int64_t)number : otherwise;
}

int64_t pt_view_ns(const bson_t *in, const char *key, int64_t otherwise)
{
    double number = number_of(in, key);
    return number >= 0.0 && number < 9e9 ? llround(number * 1e9) : otherwise;
}

bool pt_view_is_true(const bson_t *in, const char *key)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, in, key) && BSON_ITER_HOLDS_BOOL(&iter) &&
           bson_iter_bool(&iter);
}
