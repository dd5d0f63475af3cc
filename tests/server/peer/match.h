/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which documents a filter selects: equality on top-level fields and $eq $ne $gt $gte $lt $lte $in
 * $exists on them, and $or; numbers compare across their types, strings by bytes, everything else
 * by equal bytes. Any thread, no state.
 */
#ifndef PEER_MATCH_H
#define PEER_MATCH_H

#include <stdbool.h>

#include "bson_in.h"

/* NULL when the filter is understood, else the name of the first operator that is not. */
const char *match_unsupported(struct bson_view filter);

/* The filter must have passed match_unsupported. An empty filter matches everything. */
bool match_document(struct bson_view filter, struct bson_view document);

/* Equality as above. */
bool match_values_equal(const struct bson_element *left, const struct bson_element *right);

#endif
