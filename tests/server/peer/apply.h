/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying out one write on one collection: what insert, update, delete and bulkWrite have in
 * common.
 *
 * Without store nothing changes: an insert is discarded, a single-document update or delete is
 * taken to hit one document, and one of many hits as many as its filter matches. With store the
 * caller holds the write lock.
 */
#ifndef PEER_APPLY_H
#define PEER_APPLY_H

#include "bson_out.h"
#include "store.h"

struct target {
    struct collection *collection;
    bool store;
    struct bson_out
        scratch; /* the document that an update makes; freed by the owner of the target */
};

struct change {
    struct bson_view filter;
    struct bson_element update; /* a replacement or operators */
    bool many;
    bool upsert;
};

/* What became of it. Zeroed by apply_*, except for the text, which is set when the code is not 0.
 */
struct applied {
    uint64_t matched; /* inserted, matched, upserted or removed */
    uint64_t modified;
    bool upserted;
    struct bson_element upserted_id; /* valid until the target is used again */
    int32_t code;                    /* not 0: it failed */
    char text[160];
};

/* False: it failed, see code and text. */
bool apply_insert(struct target *target, struct bson_view document, struct applied *applied);
bool apply_update(struct target *target, const struct change *change, struct applied *applied);
bool apply_delete(struct target *target, struct bson_view filter, bool many,
                  struct applied *applied);

/* Removes what matches, keeping the others' order; their memory stays until the collection is
 * cleared. Write lock. */
uint64_t apply_remove(struct collection *collection, struct bson_view filter, bool many);

/* Adds the document that an upsert makes, with an _id when it has none, and tells its _id. False:
 * out of memory. */
bool apply_upsert(struct target *target, const struct change *change, struct bson_element *id);

#endif
