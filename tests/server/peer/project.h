/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Projections of top-level fields: {a: 1, _id: 0} keeps only those that are named, {a: 0} all
 * others; `_id` stays unless it is excluded. Any thread, no state.
 */
#ifndef PEER_PROJECT_H
#define PEER_PROJECT_H

#include "bson_in.h"
#include "bson_out.h"

/* True when the projection changes anything and consists of numbers and booleans; others are passed
 * over. */
bool project_applies(struct bson_view projection);

/* Appends the document's projection as a member of the open array; returns its length. */
size_t project_append(struct bson_out *out, uint32_t index, struct bson_view document,
                      struct bson_view projection);

#endif
