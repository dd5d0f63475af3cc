/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about collections and databases: create, drop, dropDatabase, renameCollection and the
 * lists. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"

void cmd_create(struct request *request, struct bson_out *out)
{
    (void)out;
    if (request_name_space(request, NULL) &&
        store_open(&request->peer->store, request->name_space) == NULL) {
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
    bson_out_i32(out, "nIndexesWas", 1 + (int32_t)collection->index_count);
    bson_out_string(out, "ns", request->name_space);
    drop(collection);
}

/* The collection's own name when it is in this database, else NULL. */
static const char *name_in(const struct collection *collection, const char *database)
{
    size_t len = strlen(database);
    bool inside =
        strncmp(collection->name_space, database, len) == 0 && collection->name_space[len] == '.';
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

/* Everything of one collection becomes another's, which was emptied before. Both are locked in
 * order of address. */
static void move_all(struct collection *from, struct collection *to)
{
    pthread_rwlock_wrlock(from < to ? &from->lock : &to->lock);
    pthread_rwlock_wrlock(from < to ? &to->lock : &from->lock);
    collection_clear(to);
    collection_swap(from, to);
    from->exists = false;
    pthread_rwlock_unlock(&from->lock);
    pthread_rwlock_unlock(&to->lock);
}

void cmd_rename_collection(struct request *request, struct bson_out *out)
{
    (void)out;
    struct store *store = &request->peer->store;
    const char *name = bson_element_string(&request->command),
               *to_name = bson_find_string(request->body, "to");
    if (name == NULL || to_name == NULL || strchr(to_name, '.') == NULL ||
        strlen(to_name) >= NAMESPACE_BYTES) {
        request_fail(request, 73, "renameCollection wants two namespaces");
        return;
    }
    struct collection *from = store_find(store, name), *to = store_find(store, to_name);
    if (from == NULL || from == to) {
        request_fail(request, 26, "Source collection %s does not exist or is the target", name);
    } else if (to != NULL && !bson_find_bool(request->body, "dropTarget", false)) {
        request_fail(request, 48, "target namespace exists");
    } else if ((to = store_open(store, to_name)) == NULL) {
        request_fail(request, 1, "out of memory for a collection");
    } else {
        move_all(from, to);
    }
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
    static const uint8_t empty[5] = {5, 0, 0, 0, 0};
    struct listing listing = {request, out, {empty, sizeof empty}, 0};
    if (!request_name_space(request, "$cmd.listCollections")) {
        return;
    }
    bson_find_document(request->body, "filter", &listing.filter);
    struct batch_marks marks = batch_begin(out, "firstBatch", request->name_space);
    store_each(&request->peer->store, list_visited, &listing);
    batch_end(out, marks, 0);
}

/* Names of databases, each once; there are few. */
struct database_list {
    char (*names)[NAMESPACE_BYTES];
    uint32_t count;
};

static void add_database(struct collection *collection, void *context)
{
    struct database_list *list = context;
    const char *name = collection->name_space;
    size_t len = (size_t)(strchr(name, '.') - name);
    for (uint32_t i = 0; i < list->count; i++) {
        if (strlen(list->names[i]) == len && memcmp(list->names[i], name, len) == 0) {
            return;
        }
    }
    char(*names)[NAMESPACE_BYTES] = realloc(list->names, (list->count + 1) * sizeof *names);
    if (names != NULL) {
        list->names = names;
        memcpy(names[list->count], name, len);
        names[list->count++][len] = '\0';
    }
}

void cmd_list_databases(struct request *request, struct bson_out *out)
{
    struct database_list list = {NULL, 0};
    bool name_only = bson_find_bool(request->body, "nameOnly", false);
    store_each(&request->peer->store, add_database, &list);
    size_t databases = bson_out_array_begin(out, "databases");
    for (uint32_t i = 0; i < list.count; i++) {
        size_t mark = bson_out_member_begin(out, i);
        bson_out_string(out, "name", list.names[i]);
        if (!name_only) {
            bson_out_i64(out, "sizeOnDisk", 4096);
            bson_out_bool(out, "empty", false);
        }
        bson_out_end(out, mark);
    }
    bson_out_end(out, databases);
    if (!name_only) {
        bson_out_i64(out, "totalSize", 4096 * (int64_t)list.count);
    }
    free(list.names);
}
