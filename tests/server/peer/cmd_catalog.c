/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about collections and indexes: create, drop, createIndexes, listIndexes, listCollections. */
#include <string.h>

#include "commands.h"

void cmd_create(struct request *request, struct bson_out *out)
{
    (void) out;
    if (request_name_space(request, NULL) && store_open(&request->peer->store, request->name_space) == NULL) {
        request_fail(request, 1, "out of memory for a collection");
    }
}

static void drop(struct collection *collection)
{
    pthread_rwlock_wrlock(&collection->lock);
    collection_clear(collection);
    collection->exists = false;
    pthread_rwlock_unlock(&collection->lock);
}

void cmd_drop(struct request *request, struct bson_out *out)
{
    if (!request_name_space(request, NULL)) {
        return;
    }
    struct collection *collection = store_find(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 26, "ns not found");
        return;
    }
    bson_out_i32(out, "nIndexesWas", 1 + (int32_t) collection->index_count);
    bson_out_string(out, "ns", request->name_space);
    drop(collection);
}

/* The collection's own name when it is in this database, else NULL. */
static const char *name_in(const struct collection *collection, const char *database)
{
    size_t len = strlen(database);
    bool inside = strncmp(collection->name_space, database, len) == 0 && collection->name_space[len] == '.';
    return inside ? collection->name_space + len + 1 : NULL;
}

static void drop_visited(struct collection *collection, void *context)
{
    struct request *request = context;
    if (name_in(collection, request->database) != NULL) {
        drop(collection);
    }
}

void cmd_drop_database(struct request *request, struct bson_out *out)
{
    store_each(&request->peer->store, drop_visited, request);
    bson_out_string(out, "dropped", request->database);
}

void cmd_create_indexes(struct request *request, struct bson_out *out)
{
    struct statements specifications;
    struct bson_view specification;
    if (!request_name_space(request, NULL) || !request_statements(request, "indexes", &specifications)) {
        return;
    }
    bool created = store_find(&request->peer->store, request->name_space) == NULL;
    struct collection *collection = store_open(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    pthread_rwlock_wrlock(&collection->lock);
    bson_out_i32(out, "numIndexesBefore", 1 + (int32_t) collection->index_count);
    while (statements_next(&specifications, &specification)) {
        request->documents++;
        request->bytes += specification.len_bytes;
        if (!collection_add_index(collection, specification)) {
            request_fail(request, 1, "out of memory for an index");
        }
    }
    bson_out_i32(out, "numIndexesAfter", 1 + (int32_t) collection->index_count);
    pthread_rwlock_unlock(&collection->lock);
    bson_out_bool(out, "createdCollectionAutomatically", created);
}

static void append_id_index(struct bson_out *out)
{
    size_t index = bson_out_member_begin(out, 0);
    bson_out_i32(out, "v", 2);
    size_t key = bson_out_document_begin(out, "key");
    bson_out_i32(out, "_id", 1);
    bson_out_end(out, key);
    bson_out_string(out, "name", "_id_");
    bson_out_end(out, index);
}

void cmd_list_indexes(struct request *request, struct bson_out *out)
{
    if (!request_name_space(request, NULL)) {
        return;
    }
    struct collection *collection = store_find(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 26, "ns does not exist: %s", request->name_space);
        return;
    }
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    append_id_index(out);
    pthread_rwlock_rdlock(&collection->lock);
    for (size_t i = 0; i < collection->index_count; i++) {
        const uint8_t *data = collection->indexes[i];
        bson_out_member(out, (uint32_t) i + 1, (struct bson_view) { data, (size_t) load_i32(data) });
    }
    pthread_rwlock_unlock(&collection->lock);
    batch_end(out, marks, 0);
}

struct listing {
    struct request *request;
    struct bson_out *out;
    struct bson_view filter;
    uint32_t count;
};

static void list_visited(struct collection *collection, void *context)
{
    struct listing *listing = context;
    const char *name = name_in(collection, listing->request->database);
    const char *wanted = bson_find_string(listing->filter, "name");
    if (name == NULL || (wanted != NULL && strcmp(name, wanted) != 0)) {
        return;
    }
    size_t mark = bson_out_member_begin(listing->out, listing->count++);
    bson_out_string(listing->out, "name", name);
    bson_out_string(listing->out, "type", "collection");
    bson_out_end(listing->out, bson_out_document_begin(listing->out, "options"));
    size_t info = bson_out_document_begin(listing->out, "info");
    bson_out_bool(listing->out, "readOnly", false);
    bson_out_end(listing->out, info);
    bson_out_end(listing->out, mark);
}

void cmd_list_collections(struct request *request, struct bson_out *out)
{
    static const uint8_t empty[5] = { 5, 0, 0, 0, 0 };
    struct listing listing = { request, out, { empty, sizeof empty }, 0 };
    if (!request_name_space(request, "$cmd.listCollections")) {
        return;
    }
    bson_find_document(request->body, "filter", &listing.filter);
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    store_each(&request->peer->store, list_visited, &listing);
    batch_end(out, marks, 0);
}
