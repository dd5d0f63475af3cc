/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms of BSON values: see transforms.h. Texts are handed to transform_text.c. */
#include "transforms.h"

#include <stdlib.h>
#include <string.h>

#define MILLISECONDS_PER_DAY INT64_C(86400000)

/* Largest number that a double holds exactly: masked int64 values stay below it for the sake of
 * JSON readers. */
#define EXACT_DOUBLE_MASK ((UINT64_C(1) << 53) - 1)

static char *obtain_scratch(mask_context *context, size_t length)
{
    if (length + 1 > context->scratch_bytes) {
        const size_t wanted = (length + 1) * 2;
        char *larger = realloc(context->scratch, wanted);
        if (larger == NULL) {
            return NULL;
        }
        context->scratch = larger;
        context->scratch_bytes = wanted;
    }
    return context->scratch;
}

static uint64_t hash_bytes(const mask_action *action, const void *data, size_t length)
{
    return siphash(&action->choice_key, data, length);
}

/* Hash of a number by its value, so that an int32 and an int64 of one value agree. */
static uint64_t hash_number(const mask_action *action, int64_t value)
{
    return hash_bytes(action, &value, sizeof value);
}

static uint64_t power_of_ten(uint32_t exponent)
{
    uint64_t power = 1;
    for (uint32_t i = 0; i < exponent && i < 18; i++) {
        power *= 10;
    }
    return power;
}

static uint32_t count_digits(uint64_t value)
{
    uint32_t digits = 1;
    while (value >= 10) {
        value /= 10;
        digits++;
    }
    return digits;
}

static bool append_redacted(const mask_action *action, const bson_iter_t *iter, bson_t *out)
{
    const char *key = bson_iter_key(iter);
    const int key_bytes = (int)bson_iter_key_len(iter);
    const bson_oid_t no_oid = {.bytes = {0}};
    switch ((int)bson_iter_type(iter)) {
    case BSON_TYPE_UTF8:
        return bson_append_utf8(out, key, key_bytes,
                                action->kind == ACTION_REDACT ? action->text : "REDACTED", -1);
    case BSON_TYPE_INT32:
        return bson_append_int32(out, key, key_bytes, 0);
    case BSON_TYPE_INT64:
        return bson_append_int64(out, key, key_bytes, 0);
    case BSON_TYPE_DOUBLE:
        return bson_append_double(out, key, key_bytes, 0.0);
    case BSON_TYPE_BOOL:
        return bson_append_bool(out, key, key_bytes, false);
    case BSON_TYPE_DATE_TIME:
        return bson_append_date_time(out, key, key_bytes, 0);
    case BSON_TYPE_OID:
        return bson_append_oid(out, key, key_bytes, &no_oid);
    default:
        return bson_append_null(out, key, key_bytes);
    }
}

static bool append_oid(const mask_action *action, const bson_iter_t *iter, bson_t *out)
{
    uint8_t digest[KEYED_HASH_BYTES];
    bson_oid_t oid;
    keyed_hash(action->key, sizeof action->key, bson_iter_oid(iter)->bytes, sizeof oid.bytes,
               digest);
    memcpy(oid.bytes, digest, sizeof oid.bytes);
    return bson_append_oid(out, bson_iter_key(iter), (int)bson_iter_key_len(iter), &oid);
}

static int64_t masked_number(const mask_action *action, int64_t value, uint64_t limit_mask)
{
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (action->kind == ACTION_PARTIAL) {
        const bool too_short = count_digits(size) <= action->keep_last;
        return too_short ? 0 : (int64_t)(size % power_of_ten(action->keep_last));
    }
    const uint64_t hashed = hash_number(action, value) & limit_mask;
    return (int64_t)(action->kind == ACTION_PSEUDONYM ? hashed % power_of_ten(count_digits(size))
                                                      : hashed);
}

static bool append_number(const mask_action *action, const bson_iter_t *iter, bson_t *out)
{
    const char *key = bson_iter_key(iter);
    const int key_bytes = (int)bson_iter_key_len(iter);
    if (BSON_ITER_HOLDS_INT32(iter)) {
        const int64_t value = masked_number(action, bson_iter_int32(iter), INT32_MAX);
        return bson_append_int32(out, key, key_bytes, (int32_t)value);
    }
    return bson_append_int64(out, key, key_bytes,
                             masked_number(action, bson_iter_int64(iter), EXACT_DOUBLE_MASK));
}

static bool append_pseudonym(const mask_action *action, const bson_iter_t *iter, const char *text,
                             uint32_t length, bson_t *out)
{
    char result[PSEUDONYM_MAXIMUM_BYTES];
    transform_pseudonym_text(action, text, length, result);
    return bson_append_utf8(out, bson_iter_key(iter), (int)bson_iter_key_len(iter), result, -1);
}

static bool append_hash(const mask_action *action, const bson_iter_t *iter, const char *text,
                        uint32_t length, bson_t *out)
{
    char result[2 * KEYED_HASH_BYTES + 1];
    transform_hash_text(action, text, length, action->length, result);
    return bson_append_utf8(out, bson_iter_key(iter), (int)bson_iter_key_len(iter), result,
                            (int)action->length);
}

/* The texts whose result is about as long as the input. */
static bool append_rewritten(mask_context *context, const mask_action *action,
                             const bson_iter_t *iter, const char *text, uint32_t length,
                             bson_t *out)
{
    char *result = obtain_scratch(context, length);
    size_t used = length;
    if (result == NULL) {
        return false;
    }
    if (action->kind == ACTION_PARTIAL) {
        used = transform_partial_text(action, text, length, result);
    } else if (action->kind == ACTION_PSEUDONYM) {
        used = transform_format_text(action, text, length, result);
    } else {
        memcpy(result, text, length);
        if (!transform_shift_text(result, length, transform_shift_ms(context, action))) {
            return append_redacted(action, iter, out);
        }
    }
    return bson_append_utf8(out, bson_iter_key(iter), (int)bson_iter_key_len(iter), result,
                            (int)used);
}

static bool append_text(mask_context *context, const mask_action *action, const bson_iter_t *iter,
                        bson_t *out)
{
    uint32_t length = 0;
    const char *text = bson_iter_utf8(iter, &length);
    if (action->kind == ACTION_HASH) {
        return append_hash(action, iter, text, length, out);
    }
    if (action->kind == ACTION_PSEUDONYM && action->pseudonym != PSEUDONYM_FORMAT) {
        return append_pseudonym(action, iter, text, length, out);
    }
    return append_rewritten(context, action, iter, text, length, out);
}

/* The bytes that identify a patient: what `iter` holds, numbers by value. */
static uint64_t hash_identity(const mask_action *action, const bson_iter_t *iter)
{
    uint32_t length = 0;
    if (BSON_ITER_HOLDS_UTF8(iter)) {
        const char *text = bson_iter_utf8(iter, &length);
        return hash_bytes(action, text, length);
    }
    if (BSON_ITER_HOLDS_OID(iter)) {
        return hash_bytes(action, bson_iter_oid(iter)->bytes, sizeof bson_iter_oid(iter)->bytes);
    }
    return hash_number(action, bson_iter_as_int64(iter));
}

int64_t transform_shift_ms(mask_context *context, const mask_action *action)
{
    if (context->shift_action == action) {
        return context->shift_ms;
    }
    bson_iter_t iter;
    bson_iter_t found;
    uint64_t hashed = hash_number(action, 0);
    if ((bson_iter_init(&iter, context->source) &&
         bson_iter_find_descendant(&iter, context->rules->patient_key, &found)) ||
        bson_iter_init_find(&found, context->source, "_id")) {
        hashed = hash_identity(action, &found);
    }
    const int64_t days = 1 + (int64_t)(hashed / 2 % action->days);
    context->shift_ms = (hashed % 2 == 0 ? days : -days) * MILLISECONDS_PER_DAY;
    context->shift_action = action;
    return context->shift_ms;
}

static bool append_date(mask_context *context, const mask_action *action, const bson_iter_t *iter,
                        bson_t *out)
{
    const int64_t shifted = (int64_t)((uint64_t)bson_iter_date_time(iter) +
                                      (uint64_t)transform_shift_ms(context, action));
    return bson_append_date_time(out, bson_iter_key(iter), (int)bson_iter_key_len(iter), shifted);
}

bool transform_append(mask_context *context, const mask_action *action, const bson_iter_t *iter,
                      bson_t *out)
{
    const bool dates = action->kind == ACTION_DATE_SHIFT;
    if (action->kind == ACTION_REDACT) {
        return append_redacted(action, iter, out);
    }
    if (BSON_ITER_HOLDS_UTF8(iter)) {
        return append_text(context, action, iter, out);
    }
    if (dates && BSON_ITER_HOLDS_DATE_TIME(iter)) {
        return append_date(context, action, iter, out);
    }
    if (!dates && (BSON_ITER_HOLDS_INT32(iter) || BSON_ITER_HOLDS_INT64(iter))) {
        return append_number(action, iter, out);
    }
    if (!dates && action->kind != ACTION_PARTIAL && BSON_ITER_HOLDS_OID(iter)) {
        return append_oid(action, iter, out);
    }
    return append_redacted(action, iter, out);
}
