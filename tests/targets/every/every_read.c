/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: find, aggregate, counts. */
#include "every.h"

#include <string.h>

static bool find_source(struct every *every, const char *filter, const char *opts, int64_t wanted)
{
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
        every->source, every_doc(every, filter), every_doc(every, opts), NULL);
    return every_drain(every, cursor, wanted);
}

static bool find_all(struct every *every)
{
    return find_source(every, "{}", "{}", EVERY_COUNT);
}

static bool find_batches(struct every *every)
{
    return find_source(every, "{}", "{\"batchSize\": 50}", EVERY_COUNT);
}

static bool find_limit(struct every *every)
{
    return find_source(every, "{}", "{\"limit\": 7, \"skip\": 2}", 7);
}

static bool find_filter(struct every *every)
{
    return find_source(every, "{\"_id\": {\"$gte\": 200}}", "{}", EVERY_COUNT - 200);
}

static bool find_exhaust(struct every *every)
{
    return find_source(every, "{}", "{\"exhaust\": true, \"batchSize\": 50}", EVERY_COUNT);
}

/* What programs write for want of a find_one. */
static bool find_one(struct every *every)
{
    const bson_t *document;
    const bson_t *opts = every_doc(every, "{\"limit\": 1, \"singleBatch\": true}");
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
        every->source, every_doc(every, "{\"_id\": 5}"), opts, NULL);
    const bool good =
        mongoc_cursor_next(cursor, &document) && every_number(every, document, "_id", 5);
    mongoc_cursor_destroy(cursor);
    return every_check(every, good, "the document was not found");
}

static bool find_error(struct every *every)
{
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
        every->source, every_doc(every, "{\"name\": {\"$nope\": 1}}"), NULL, NULL);
    const bson_t *document;
    const bool gave = mongoc_cursor_next(cursor, &document);
    const bool failed = mongoc_cursor_error_document(cursor, NULL, &document);
    mongoc_cursor_destroy(cursor);
    return every_check(every, !gave && failed, "a wrong operator was accepted");
}

#if EVERY_1_X
static bool collection_find(struct every *every)
{
    mongoc_cursor_t *cursor = mongoc_collection_find(every->source, MONGOC_QUERY_NONE, 10, 0, 100,
                                                     every_doc(every, "{}"), NULL, NULL);
    return every_drain(every, cursor, EVERY_COUNT - 10);
}

static bool collection_count(struct every *every)
{
    const bson_t *query = every_doc(every, "{\"_id\": {\"$lt\": 10}}");
    const int64_t count =
        mongoc_collection_count(every->source, MONGOC_QUERY_NONE, query, 0, 0, NULL, &every->error);
    return every_check(every, count == 10, "the count is wrong");
}

static bool collection_count_with_opts(struct every *every)
{
    const int64_t count =
        mongoc_collection_count_with_opts(every->source, MONGOC_QUERY_NONE, every_doc(every, "{}"),
                                          0, 100, NULL, NULL, &every->error);
    return every_check(every, count == 100, "the count is wrong");
}
#endif

static bool collection_count_documents(struct every *every)
{
    const bson_t *filter = every_doc(every, "{\"_id\": {\"$lt\": 10}}");
    const int64_t count =
        mongoc_collection_count_documents(every->source, filter, NULL, NULL, NULL, &every->error);
    return every_check(every, count == 10, "the count is wrong");
}

static bool collection_estimated_document_count(struct every *every)
{
    const int64_t count =
        mongoc_collection_estimated_document_count(every->source, NULL, NULL, NULL, &every->error);
    return every_check(every, count == EVERY_COUNT, "the count is wrong");
}

/* Debian 13's driver refuses every such call before it sends anything, saying that its database's
 * name has a dot. */
static bool aggregate(struct every *every, const char *pipeline, int64_t wanted)
{
    mongoc_cursor_t *cursor = mongoc_collection_aggregate(every->source, MONGOC_QUERY_NONE,
                                                          every_doc(every, pipeline), NULL, NULL);
    if (mongoc_cursor_error(cursor, &every->error) &&
        strstr(every->error.message, "contains \".\"") != NULL) {
        mongoc_cursor_destroy(cursor);
        return every_cannot(every,
                            "this build of the driver refuses every mongoc_collection_aggregate");
    }
    return every_drain(every, cursor, wanted);
}

static bool collection_aggregate(struct every *every)
{
    return aggregate(every, "{\"pipeline\": [{\"$match\": {\"_id\": {\"$lt\": 120}}}]}", 120);
}

static bool collection_aggregate_group(struct every *every)
{
    return aggregate(every, "{\"pipeline\": [{\"$group\": {\"_id\": 1, \"n\": {\"$sum\": 1}}}]}",
                     1);
}

static bool collection_aggregate_out(struct every *every)
{
    return aggregate(every, "{\"pipeline\": [{\"$match\": {}}, {\"$out\": \"copied\"}]}", 0);
}

static bool collection_aggregate_merge(struct every *every)
{
    return aggregate(every,
                     "{\"pipeline\": [{\"$match\": {}}, {\"$merge\": {\"into\": \"merged\"}}]}", 0);
}

static bool database_aggregate(struct every *every)
{
    const bson_t *pipeline =
        every_doc(every, "{\"pipeline\": [{\"$documents\": [{\"a\": 1}, {\"a\": 2}]}]}");
    return every_drain(every, mongoc_database_aggregate(every->database, pipeline, NULL, NULL), 2);
}

const struct every_case EVERY_READ[] = {
    {"collection_find_with_opts", find_all},
    {"collection_find_with_opts/batches", find_batches},
    {"collection_find_with_opts/limit", find_limit},
    {"collection_find_with_opts/filter", find_filter},
    {"collection_find_with_opts/exhaust", find_exhaust},
    {"collection_find_with_opts/one", find_one},
    {"collection_find_with_opts/error", find_error},
#if EVERY_1_X
    {"collection_find", collection_find},
    {"collection_count", collection_count},
    {"collection_count_with_opts", collection_count_with_opts},
#endif
    {"collection_count_documents", collection_count_documents},
    {"collection_estimated_document_count", collection_estimated_document_count},
    {"collection_aggregate", collection_aggregate},
    {"collection_aggregate/group", collection_aggregate_group},
    {"collection_aggregate/out", collection_aggregate_out},
    {"collection_aggregate/merge", collection_aggregate_merge},
    {"database_aggregate", database_aggregate},
    {NULL, NULL},
};
