/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_MASK_H
#define MASKER_MASK_H

/*
 * Masks a BSON document: walks it once, beside the tree of rules, and builds a new document.
 *
 * An action on a document or an array holds for everything inside, unless a rule inside says
 * otherwise. Values without a rule are copied. A type that an action cannot change in a sensible
 * way is redacted, never copied.
 *
 * One mask_context per thread and collection; it holds scratch memory. The rules must outlive it.
 */

#include "rules.h"

typedef struct {
    const collection_rules *rules;
    const bson_t *source; /* the document in work */
    const mask_action
        *shift_action; /* the action that shift_ms is for; NULL: not computed for this document */
    int64_t shift_ms;  /* date shift of this document's patient */
    char *scratch;
    size_t scratch_bytes;
    uint64_t values_masked; /* since mask_context_init() */
} mask_context;

void mask_context_init(mask_context *context, const collection_rules *rules);
void mask_context_release(mask_context *context);

/*
 * Appends the masked fields of `source` to `result`, an empty document. False when `source` is
 * corrupt or nested more than 100 levels deep; `result` must then not be used.
 */
bool mask_document(mask_context *context, const bson_t *source, bson_t *result);

#endif
