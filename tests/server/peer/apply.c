/* SPDX-License-Identifier: Apache-2.0 */
/* One write on one collection; apply.h is the manual. */
#include "apply.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "cursors.h"
#include "match.h"
#include "modify.h"

static bool fails(struct applied *applied, const char *format, const char *what)
{
    snprintf(applied->text, sizeof applied->text, format, what);
    applied->code = 9;
    return false;
}

static bool out_of_memory(struct applied *applied)
{
    return fails(applied, "%s", "out of memory for the document");
}

static void begin(struct applied *applied)
{
    applied->matched = applied->modified = 0;
    applied->upserted = false;
    applied->code = 0;
}

bool apply_insert(struct target *target, struct bson_view document, struct applied *applied)
{
    begin(applied);
    if (target->store && !collection_append(target->collection, document)) {
        return out_of_memory(applied);
    }
    applied->matched = 1;
    return true;
}

/* The filter as a scan; false when it is not understood. */
static bool scan_begin(const struct target *target, struct bson_view filter, bool many,
                       struct scan *scan, struct applied *applied)
{
    begin(applied);
    *scan = (struct scan){
        .collection = target->collection, .filter = filter, .remaining = many ? UINT64_MAX : 1};
    const char *unsupported = match_unsupported(filter);
    return unsupported == NULL ||
           fails(applied, "this peer does not know the operator %s", unsupported);
}

/* Gives the document in the scratch an _id of its own, a running number in the form of an ObjectId.
 */
static void add_id(struct bson_out *scratch)
{
    static _Atomic uint32_t serial;
    uint8_t bytes[12] = {'u', 'p', 's', 'e', 'r', 't'};
    uint32_t number = atomic_fetch_add(&serial, 1);
    struct bson_element id = {"_id", 0x07, bytes, sizeof bytes}, field;
    struct bson_out with_id = {0};
    struct bson_walk walk;
    memcpy(bytes + 8, &number, sizeof number);
    size_t mark = bson_out_begin(&with_id);
    bson_out_element(&with_id, "_id", &id);
    bson_walk_begin(&walk, (struct bson_view){scratch->data, scratch->len_bytes});
    while (bson_walk_next(&walk, &field)) {
        bson_out_element(&with_id, field.key, &field);
    }
    bson_out_end(&with_id, mark);
    bson_out_free(scratch);
    *scratch = with_id;
}

bool apply_upsert(struct target *target, const struct change *change, struct bson_element *id)
{
    struct bson_out base = {0};
    struct bson_view update;
    modify_upsert_base(change->filter, &base);
    bool understood = bson_element_document(&change->update, &update);
    if (understood) {
        modify_document((struct bson_view){base.data, base.len_bytes}, update, &target->scratch);
    }
    bson_out_free(&base);
    struct bson_view made = {target->scratch.data, target->scratch.len_bytes};
    if (understood && !bson_find(made, "_id", id)) {
        add_id(&target->scratch);
        made = (struct bson_view){target->scratch.data, target->scratch.len_bytes};
        bson_find(made, "_id", id);
    }
    return understood && collection_append(target->collection, made);
}

static bool update_matching(struct target *target, struct scan *scan, struct bson_view update,
                            struct applied *applied)
{
    struct bson_view document;
    while (scan_next(scan, &document)) {
        modify_document(document, update, &target->scratch);
        struct bson_view made = {target->scratch.data, target->scratch.len_bytes};
        bool same = made.len_bytes == document.len_bytes &&
                    memcmp(made.data, document.data, made.len_bytes) == 0;
        if (!same && !collection_replace(target->collection, scan->found, made)) {
            return out_of_memory(applied);
        }
        applied->matched++;
        applied->modified += !same;
    }
    return true;
}

bool apply_update(struct target *target, const struct change *change, struct applied *applied)
{
    struct scan scan;
    struct bson_view update;
    if (!scan_begin(target, change->filter, change->many, &scan, applied)) {
        return false;
    }
    if (!target->store) {
        applied->matched = applied->modified = change->many ? scan_count(&scan) : 1;
        return true;
    }
    if (modify_unsupported(&change->update) != NULL ||
        !bson_element_document(&change->update, &update)) {
        return fails(applied, "this peer does not know the update %s",
                     modify_unsupported(&change->update));
    }
    if (!update_matching(target, &scan, update, applied)) {
        return false;
    }
    if (applied->matched == 0 && change->upsert) {
        applied->upserted = true;
        applied->matched = 1;
        return apply_upsert(target, change, &applied->upserted_id) || out_of_memory(applied);
    }
    return true;
}

uint64_t apply_remove(struct collection *collection, struct bson_view filter, bool many)
{
    struct scan scan = {
        .collection = collection, .filter = filter, .remaining = many ? UINT64_MAX : 1};
    struct bson_view document;
    uint64_t removed = 0;
    size_t kept = 0;
    while (scan_next(&scan, &document)) {
        collection->documents[scan.found] = NULL;
        removed++;
    }
    for (size_t i = 0; removed > 0 && i < collection->count; i++) {
        if (collection->documents[i] != NULL) {
            collection->documents[kept++] = collection->documents[i];
        }
    }
    collection->count = removed > 0 ? kept : collection->count;
    return removed;
}

bool apply_delete(struct target *target, struct bson_view filter, bool many,
                  struct applied *applied)
{
    struct scan scan;
    if (!scan_begin(target, filter, many, &scan, applied)) {
        return false;
    }
    if (target->store) {
        applied->matched = apply_remove(target->collection, filter, many);
    } else {
        applied->matched = many ? scan_count(&scan) : 1;
    }
    return true;
}
