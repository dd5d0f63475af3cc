/* SPDX-License-Identifier: Apache-2.0 */
/* What administrators ask: collStats, dbStats, validate, serverStatus, and users, of whom there are
 * none. */
#include <string.h>
#include <unistd.h>

#include "commands.h"

struct totals {
    const char *database;
    uint64_t collections;
    uint64_t documents;
    uint64_t bytes;
    uint64_t indexes;
};

static void add_collection(struct collection *collection, struct totals *totals)
{
    pthread_rwlock_rdlock(&collection->lock);
    totals->collections++;
    totals->documents += collection->count;
    for (size_t i = 0; i < collection->count; i++) {
        totals->bytes += collection_document(collection, i).len_bytes;
    }
    totals->indexes += 1 + collection->index_count;
    pthread_rwlock_unlock(&collection->lock);
}

/* The totals of the request's collection; false with the error set when there is none. */
static bool find_totals(struct request *request, struct totals *totals)
{
    if (!request_name_space(request, NULL)) {
        return false;
    }
    struct collection *collection = store_find(&request->peer->store, request->name_space);
    if (collection == NULL) {
        return request_fail(request, 26, "ns does not exist: %s", request->name_space);
    }
    add_collection(collection, totals);
    return true;
}

void cmd_coll_stats(struct request *request, struct bson_out *out)
{
    struct totals totals = {0};
    if (!find_totals(request, &totals)) {
        return;
    }
    bson_out_string(out, "ns", request->name_space);
    bson_out_i64(out, "count", (int64_t)totals.documents);
    bson_out_i64(out, "size", (int64_t)totals.bytes);
    bson_out_i64(out, "storageSize", (int64_t)totals.bytes);
    bson_out_i32(out, "nindexes", (int32_t)totals.indexes);
}

void cmd_validate(struct request *request, struct bson_out *out)
{
    struct totals totals = {0};
    if (!find_totals(request, &totals)) {
        return;
    }
    bson_out_string(out, "ns", request->name_space);
    bson_out_i64(out, "nrecords", (int64_t)totals.documents);
    bson_out_i32(out, "nIndexes", (int32_t)totals.indexes);
    bson_out_bool(out, "valid", true);
    bson_out_end(out, bson_out_array_begin(out, "errors"));
}

static void visit(struct collection *collection, void *context)
{
    struct totals *totals = context;
    size_t len = strlen(totals->database);
    if (strncmp(collection->name_space, totals->database, len) == 0 &&
        collection->name_space[len] == '.') {
        add_collection(collection, totals);
    }
}

void cmd_db_stats(struct request *request, struct bson_out *out)
{
    struct totals totals = {.database = request->database};
    store_each(&request->peer->store, visit, &totals);
    bson_out_string(out, "db", request->database);
    bson_out_i64(out, "collections", (int64_t)totals.collections);
    bson_out_i64(out, "objects", (int64_t)totals.documents);
    bson_out_i64(out, "dataSize", (int64_t)totals.bytes);
    bson_out_i64(out, "indexes", (int64_t)totals.indexes);
}

void cmd_server_status(struct request *request, struct bson_out *out)
{
    struct stats *stats = &request->peer->stats;
    bson_out_string(out, "host", "127.0.0.1");
    bson_out_string(out, "version", "7.0.0");
    bson_out_string(out, "process", "peer");
    bson_out_i64(out, "pid", getpid());
    size_t connections = bson_out_document_begin(out, "connections");
    bson_out_i64(out, "current", (int64_t)stats->connections_open);
    bson_out_i64(out, "totalCreated", (int64_t)stats->connections);
    bson_out_end(out, connections);
}

void cmd_users_info(struct request *request, struct bson_out *out)
{
    (void)request;
    bson_out_end(out, bson_out_array_begin(out, "users"));
}

void cmd_drop_all_users(struct request *request, struct bson_out *out)
{
    (void)request;
    bson_out_i32(out, "n", 0);
}
