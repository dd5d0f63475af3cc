/* SPDX-License-Identifier: Apache-2.0 */
/* findAndModify: the first match as it was, or with `new` as it becomes. Without --store nothing
 * changes. */
#include "apply.h"
#include "commands.h"
#include "cursors.h"
#include "match.h"
#include "modify.h"

static const uint8_t EMPTY_DOCUMENT[5] = {5, 0, 0, 0, 0};

struct modifying {
    struct request *request;
    struct bson_out *out;
    struct target target;
    struct change change;
    bool removes;
    bool wants_new;
    bool found;
    bool upserted;
    struct bson_element upserted_id;
};

static bool read_request(struct modifying *modifying)
{
    struct request *request = modifying->request;
    struct change *change = &modifying->change;
    modifying->removes = bson_find_bool(request->body, "remove", false);
    modifying->wants_new = bson_find_bool(request->body, "new", false);
    change->upsert = bson_find_bool(request->body, "upsert", false);
    bson_find_document(request->body, "query", &change->filter);
    if (match_unsupported(change->filter) != NULL) {
        return request_fail(request, 2, "this peer does not know the operator %s",
                            match_unsupported(change->filter));
    }
    if (modifying->removes) {
        return true;
    }
    if (!bson_find(request->body, "update", &change->update)) {
        return request_fail(request, 9, "Either an update or remove=true must be specified");
    }
    const char *unsupported = modify_unsupported(&change->update);
    return unsupported == NULL ||
           request_fail(request, 2, "this peer does not know the update %s", unsupported);
}

static void modify_found(struct modifying *modifying, size_t position, struct bson_view document)
{
    struct target *target = &modifying->target;
    struct bson_view update, shown = document;
    if (!modifying->removes && bson_element_document(&modifying->change.update, &update)) {
        modify_document(document, update, &target->scratch);
        struct bson_view made = {target->scratch.data, target->scratch.len_bytes};
        shown = modifying->wants_new ? made : document;
        if (target->store && !collection_replace(target->collection, position, made)) {
            request_fail(modifying->request, 1, "out of memory for the document");
        }
    }
    bson_out_document(modifying->out, "value", shown);
    if (modifying->removes && target->store) {
        apply_remove(target->collection, modifying->change.filter, false);
    }
}

static void modify_missing(struct modifying *modifying)
{
    struct target *target = &modifying->target;
    bool upserts = modifying->change.upsert && !modifying->removes && target->store;
    if (upserts && !apply_upsert(target, &modifying->change, &modifying->upserted_id)) {
        request_fail(modifying->request, 1, "out of memory for the document");
        upserts = false;
    }
    modifying->upserted = upserts;
    if (upserts && modifying->wants_new) {
        bson_out_document(modifying->out, "value",
                          (struct bson_view){target->scratch.data, target->scratch.len_bytes});
    } else {
        bson_out_null(modifying->out, "value");
    }
}

static void append_last_error(const struct modifying *modifying)
{
    struct bson_out *out = modifying->out;
    size_t last = bson_out_document_begin(out, "lastErrorObject");
    bson_out_i32(out, "n", modifying->found || modifying->upserted);
    if (!modifying->removes) {
        bson_out_bool(out, "updatedExisting", modifying->found);
    }
    if (modifying->upserted) {
        bson_out_element(out, "upserted", &modifying->upserted_id);
    }
    bson_out_end(out, last);
}

void cmd_find_and_modify(struct request *request, struct bson_out *out)
{
    struct modifying modifying = {
        .request = request,
        .out = out,
        .target.store = request->peer->settings.store_writes,
        .change.filter = {EMPTY_DOCUMENT, sizeof EMPTY_DOCUMENT},
    };
    if (!request_name_space(request, NULL) || !read_request(&modifying)) {
        return;
    }
    struct collection *collection = store_open(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    struct bson_view document;
    struct scan scan = {
        .collection = collection, .filter = modifying.change.filter, .remaining = 1};
    modifying.target.collection = collection;
    pthread_rwlock_wrlock(&collection->lock);
    modifying.found = scan_next(&scan, &document);
    if (modifying.found) {
        modify_found(&modifying, scan.found, document);
    } else {
        modify_missing(&modifying);
    }
    pthread_rwlock_unlock(&collection->lock);
    append_last_error(&modifying);
    bson_out_free(&modifying.target.scratch);
    request->documents = modifying.found;
}
