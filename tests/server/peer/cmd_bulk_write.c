/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulkWrite: inserts, updates and deletes on several collections in one command (servers from 8.0,
 * wire version 25). All results stand in the reply's own batch. Counts: documents are operations,
 * bytes the sum of their lengths.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "commands.h"
#include "write_answer.h"

struct bulk {
    struct request *request;
    struct bson_out *out;
    bool store;
    bool ordered;
    bool errors_only;
    struct collection **collections; /* by index in nsInfo */
    int64_t collection_count;
    struct bson_out scratch; /* lent to the operation's target */
    uint32_t index;
    uint32_t results;
    int32_t errors, inserted, upserted, matched, modified, deleted;
};

static bool open_collections(struct bulk *bulk)
{
    struct statements names;
    struct bson_view info;
    struct request *request = bulk->request;
    if (!request_statements(request, "nsInfo", &names)) {
        return false;
    }
    while (statements_next(&names, &info)) {
        const char *name = bson_find_string(info, "ns");
        size_t more_bytes = sizeof *bulk->collections * (size_t)(bulk->collection_count + 1);
        struct collection **more = realloc(bulk->collections, more_bytes);
        bulk->collections = more != NULL ? more : bulk->collections;
        if (name == NULL || strlen(name) >= NAMESPACE_BYTES) {
            return request_fail(request, 73, "a namespace in nsInfo is missing or too long");
        }
        struct collection *collection =
            more != NULL ? store_open(&request->peer->store, name) : NULL;
        if (collection == NULL) {
            return request_fail(request, 1, "out of memory for a collection");
        }
        bulk->collections[bulk->collection_count++] = collection;
    }
    return true;
}

static bool apply_insert_operation(struct target *target, struct bson_view operation,
                                   struct applied *applied)
{
    struct bson_view document;
    return bson_find_document(operation, "document", &document) &&
           apply_insert(target, document, applied);
}

static bool apply_update_operation(struct target *target, struct bson_view operation,
                                   struct applied *applied)
{
    struct change change = {
        .many = bson_find_bool(operation, "multi", false),
        .upsert = bson_find_bool(operation, "upsert", false),
    };
    return bson_find_document(operation, "filter", &change.filter) &&
           bson_find(operation, "updateMods", &change.update) &&
           apply_update(target, &change, applied);
}

static bool apply_delete_operation(struct target *target, struct bson_view operation,
                                   struct applied *applied)
{
    struct bson_view filter;
    return bson_find_document(operation, "filter", &filter) &&
           apply_delete(target, filter, bson_find_bool(operation, "multi", false), applied);
}

static void count_insert(struct bulk *bulk, const struct applied *applied)
{
    bulk->inserted += (int32_t)applied->matched;
}

static void count_update(struct bulk *bulk, const struct applied *applied)
{
    bulk->upserted += applied->upserted;
    bulk->matched += applied->upserted ? 0 : (int32_t)applied->matched;
    bulk->modified += (int32_t)applied->modified;
}

static void count_delete(struct bulk *bulk, const struct applied *applied)
{
    bulk->deleted += (int32_t)applied->matched;
}

static const struct operation_kind {
    const char *name; /* the operation's first key; its value is an index into nsInfo */
    bool (*apply)(struct target *target, struct bson_view operation, struct applied *applied);
    void (*count)(struct bulk *bulk, const struct applied *applied);
} KINDS[] = {
    {"insert", apply_insert_operation, count_insert},
    {"update", apply_update_operation, count_update},
    {"delete", apply_delete_operation, count_delete},
};

static const struct operation_kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(KINDS[i].name, name) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static void append_result(struct bulk *bulk, const struct operation_kind *kind,
                          const struct applied *applied)
{
    bool failed = applied->code != 0;
    if (bulk->errors_only && !failed) {
        return;
    }
    size_t mark = bson_out_member_begin(bulk->out, bulk->results++);
    bson_out_double(bulk->out, "ok", !failed);
    bson_out_i32(bulk->out, "idx", (int32_t)bulk->index);
    bson_out_i32(bulk->out, "n", (int32_t)applied->matched);
    if (failed) {
        bson_out_i32(bulk->out, "code", applied->code);
        bson_out_string(bulk->out, "errmsg", applied->text);
    } else if (kind->count == count_update) {
        bson_out_i32(bulk->out, "nModified", (int32_t)applied->modified);
    }
    if (applied->upserted) {
        size_t upserted = bson_out_document_begin(bulk->out, "upserted");
        bson_out_element(bulk->out, "_id", &applied->upserted_id);
        bson_out_end(bulk->out, upserted);
    }
    bson_out_end(bulk->out, mark);
}

/* The operation on its collection; applied tells what became of it. */
static void apply_operation(struct bulk *bulk, const struct operation_kind *kind,
                            struct collection *collection, struct bson_view operation,
                            struct applied *applied)
{
    struct target target = {collection, bulk->store, bulk->scratch};
    if (bulk->store) {
        pthread_rwlock_wrlock(&collection->lock);
    }
    if (!kind->apply(&target, operation, applied) && applied->code == 0) {
        applied->code = 9;
        strcpy(applied->text, "the operation lacks a field");
    }
    if (bulk->store) {
        pthread_rwlock_unlock(&collection->lock);
    }
    bulk->scratch = target.scratch;
}

/* False: the operation failed, in its own result or (with the request's error set) the whole
 * command. */
static bool run_operation(struct bulk *bulk, struct bson_view operation)
{
    struct bson_walk walk;
    struct bson_element first;
    struct applied applied;
    memset(&applied, 0, sizeof applied);
    bson_walk_begin(&walk, operation);
    const struct operation_kind *kind = bson_walk_next(&walk, &first) ? kind_of(first.key) : NULL;
    int64_t at = kind != NULL ? bson_element_i64(&first, -1) : -1;
    if (at < 0 || at >= bulk->collection_count) {
        return request_fail(bulk->request, 9, "operation %u names no kind or no namespace",
                            bulk->index);
    }
    struct collection *collection = bulk->collections[at];
    applied.code = write_fault_code(bulk->request);
    if (applied.code != 0) {
        struct bson_view document = operation;
        bson_find_document(operation, "document", &document);
        write_fault_text(collection->name_space, applied.code, document, applied.text,
                         sizeof applied.text);
    } else {
        apply_operation(bulk, kind, collection, operation, &applied);
    }
    if (applied.code == 0) {
        kind->count(bulk, &applied);
    } else {
        bulk->errors++;
        applied.matched = 0;
    }
    append_result(bulk, kind, &applied);
    return applied.code == 0;
}

static void append_counts(const struct bulk *bulk)
{
    bson_out_i32(bulk->out, "nErrors", bulk->errors);
    bson_out_i32(bulk->out, "nInserted", bulk->inserted);
    bson_out_i32(bulk->out, "nUpserted", bulk->upserted);
    bson_out_i32(bulk->out, "nMatched", bulk->matched);
    bson_out_i32(bulk->out, "nModified", bulk->modified);
    bson_out_i32(bulk->out, "nDeleted", bulk->deleted);
}

static void run_operations(struct bulk *bulk, struct statements *operations)
{
    struct bson_view operation;
    struct request *request = bulk->request;
    struct batch_marks marks = batch_begin(bulk->out, "firstBatch", "admin.$cmd.bulkWrite");
    for (; statements_next(operations, &operation); bulk->index++) {
        request->documents++;
        request->bytes += operation.len_bytes;
        if (!run_operation(bulk, operation) && (bulk->ordered || request->error_code != 0)) {
            break;
        }
    }
    batch_end(bulk->out, marks, 0);
    append_counts(bulk);
}

void cmd_bulk_write(struct request *request, struct bson_out *out)
{
    struct statements operations;
    struct bulk bulk = {
        .request = request,
        .out = out,
        .store = request->peer->settings.store_writes,
        .ordered = bson_find_bool(request->body, "ordered", true),
        .errors_only = bson_find_bool(request->body, "errorsOnly", false),
    };
    if (open_collections(&bulk) && request_statements(request, "ops", &operations)) {
        run_operations(&bulk, &operations);
    }
    free(bulk.collections);
    bson_out_free(&bulk.scratch);
}
