/* SPDX-License-Identifier: Apache-2.0 */
/* What an update makes of a document: a whole replacement, or $set and $unset of top-level fields.
 * Any thread. */
#ifndef PEER_MODIFY_H
#define PEER_MODIFY_H

#include "bson_in.h"
#include "bson_out.h"

/* NULL when the change is understood, else what is not (an operator, or "pipeline" for an array).
 */
const char *modify_unsupported(const struct bson_element *change);

/* Writes the changed document over scratch. The `_id` stays the old one's. */
void modify_document(struct bson_view old, struct bson_view change, struct bson_out *scratch);

/* The document that an upsert begins with: the fields that the filter asks to be equal to a value.
 */
void modify_upsert_base(struct bson_view filter, struct bson_out *scratch);

#endif
