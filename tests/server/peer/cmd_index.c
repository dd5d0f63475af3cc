/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about indexes: createIndexes, dropIndexes, listIndexes. Specifications are kept and not
 * used. */
#include <string.h>

#include "commands.h"
#include "match.h"

void cmd_create_indexes(struct request *request, struct bson_out *out)
{
    struct statements specifications;
    struct bson_view specification;
    if (!request_name_space(request, NULL) ||
        !request_statements(request, "indexes", &specifications)) {
        return;
    }
    bool created = store_find(&request->peer->store, request->name_space) == NULL;
    struct collection *collection = store_open(&request->peer->store, request->name_space);
    if (collection == NULL) {
        request_fail(request, 1, "out of memory for a collection");
        return;
    }
    pthread_rwlock_wrlock(&collection->lock);
    bson_out_i32(out, "numIndexesBefore", 1 + (int32_t)collection->index_count);
    while (statements_next(&specifications, &specification)) {
        request->documents++;
        request->bytes += specification.len_bytes;
        if (!collection_add_index(collection, specification)) {
            request_fail(request, 1, "out of memory for an index");
        }
    }
    bson_out_i32(out, "numIndexesAfter", 1 + (int32_t)collection->index_count);
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
        bson_out_member(out, (uint32_t)i + 1, (struct bson_view){data, (size_t)load_i32(data)});
    }
    pthread_rwlock_unlock(&collection->lock);
    batch_end(out, marks, 0);
}

/* By name, by specification of the key, or "*"; false when there is no such index. Write lock held.
 */
static bool drop_indexes(struct collection *collection, const struct bson_element *wanted)
{
    const char *name = bson_element_string(wanted);
    struct bson_element key;
    if (name != NULL && strcmp(name, "*") == 0) {
        while (collection->index_count > 0) {
            collection_remove_index(collection, collection->index_count - 1);
        }
        return true;
    }
    for (size_t i = 0; i < collection->index_count; i++) {
        const uint8_t *data = collection->indexes[i];
        struct bson_view specification = {data, (size_t)load_i32(data)};
        const char *its_name = bson_find_string(specification, "name");
        bool same = name != NULL
                        ? its_name != NULL && strcmp(its_name, name) == 0
                        : bson_find(specification, "key", &key) && match_values_equal(&key, wanted);
        if (same) {
            collection_remove_index(collection, i);
            return true;
        }
    }
    return false;
}

void cmd_drop_indexes(struct request *request, struct bson_out *out)
{
    struct bson_element wanted;
    if (!request_name_space(request, NULL)) {
        return;
    }
    struct collection *collection = store_find(&request->peer->store, request->name_space);
    if (collection == NULL || !bson_find(request->body, "index", &wanted)) {
        request_fail(request, 26, "ns not found %s, or no `index` given", request->name_space);
        return;
    }
    pthread_rwlock_wrlock(&collection->lock);
    bson_out_i32(out, "nIndexesWas", 1 + (int32_t)collection->index_count);
    if (!drop_indexes(collection, &wanted)) {
        request_fail(request, 27, "index not found");
    }
    pthread_rwlock_unlock(&collection->lock);
}
