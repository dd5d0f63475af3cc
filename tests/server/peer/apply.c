/* SPDX-License-Identifier: Apache-2.0 */
/* One write on one collection; apply.h is the manual. */
#include "apply.h"

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
static bool scan_begin(const struct target *target, struct bson_view filter, bool many, struct scan *scan,
                       struct applied *applied)
{
    begin(applied);
    *scan = (struct scan) { .collection = target->collection, .filter = filter, .remaining = many ? UINT64_MAX : 1 };
    const char *unsupported = match_unsupported(filter);
    return unsupported == NULL || fails(applied, "this peer does not know the operator %s", unsupported);
}

bool apply_upsert(struct target *target, const struct change *change, struct bson_element *id)
{
    static const uint8_t nothing[1] = { 0 };
    struct bson_out base = { 0 };
    struct bson_view update;
    *id = (struct bson_element) { "_id", BSON_NULL, nothing, 0 };
    modify_upsert_base(change->filter, &base);
    bool understood = bson_element_document(&change->update, &update);
    if (understood) {
        modify_document((struct bson_view) { base.data, base.len_bytes }, update, &target->scratch);
    }
    bson_out_free(&base);
    struct bson_view made = { target->scratch.data, target->scratch.len_bytes };
    if (!understood || !collection_append(target->collection, made)) {
        return false;
    }
    bson_find(made, "_id", id);
    return true;
}

static bool update_matching(struct target *target, struct scan *scan, struct bson_view update,
                            struct applied *applied)
{
    struct bson_view document;
    while (scan_next(scan, &document)) {
        modify_document(document, update, &target->scratch);
        struct bson_view made = { target->scratch.data, target->scratch.len_bytes };
        bool same = made.len_bytes == document.len_bytes && memcmp(made.data, document.data, made.len_bytes) == 0;
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
    if (modify_unsupported(&change->update) != NULL || !bson_element_document(&change->update, &update)) {
        return fails(applied, "this peer does not know the update %s", modify_unsupported(&change->update));
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
    struct scan scan = { .collection = collection, .filter = filter, .remaining = many ? UINT64_MAX : 1 };
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

bool apply_delete(struct target *target, struct bson_view filter, bool many, struct applied *applied)
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
