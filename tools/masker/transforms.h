/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_TRANSFORMS_H
#define MASKER_TRANSFORMS_H

/*
 * What the actions do to a single value. The result has the type of the input, so that programs
 * reading the masked data go on working; null stays null, and types that cannot be changed sensibly
 * become null.
 */

#include "mask.h"

/* Appends the transformed value under the key of `iter`. False when the result does not fit or
 * memory ran out. */
bool transform_append(mask_context *context, const mask_action *action, const bson_iter_t *iter,
                      bson_t *out);

/*
 * The text transforms, each from `text` into `result`, which has room for `length` + 1 bytes.
 * They return the length of the result in bytes, which never exceeds `length`.
 */
size_t transform_partial_text(const mask_action *action, const char *text, size_t length,
                              char *result);
size_t transform_format_text(const mask_action *action, const char *text, size_t length,
                             char *result);

/* The first `digits` hexadecimal digits of the keyed hash, and a terminating zero byte. `digits`
 * <= 64. */
void transform_hash_text(const mask_action *action, const char *text, size_t length,
                         uint32_t digits, char *result);

/* An invented text of the action's pseudonym kind (not PSEUDONYM_FORMAT), the same for the same
 * input. */
#define PSEUDONYM_MAXIMUM_BYTES 80
void transform_pseudonym_text(const mask_action *action, const char *text, size_t length,
                              char result[PSEUDONYM_MAXIMUM_BYTES]);

/* Shifts the YYYY-MM-DD at the start of `text` in place by whole days. False when there is none. */
bool transform_shift_text(char *text, size_t length, int64_t shift_ms);

/* Date shift of the document in work: whole days, the same for all documents of a patient. Never 0.
 */
int64_t transform_shift_ms(mask_context *context, const mask_action *action);

#endif
