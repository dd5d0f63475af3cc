/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk operations, ordered and not, mixed and split. They use the documents 20 to 59 of `work`. */
#include "every.h"

static mongoc_bulk_operation_t *new_bulk(struct every *every, mongoc_collection_t *collection,
                                         const char *opts)
{
    return mongoc_collection_create_bulk_operation_with_opts(collection, every_doc(every, opts));
}

/* Executes and destroys the bulk, and checks one number of the reply. */
static bool execute(struct every *every, mongoc_bulk_operation_t *bulk, const char *path,
                    int64_t wanted)
{
    bson_t reply;
    const bool good = mongoc_bulk_operation_execute(bulk, &reply, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    return every_reply(every, good, &reply, path, wanted);
}

static void insert_some(struct every *every, mongoc_bulk_operation_t *bulk, int count)
{
    const bson_t *document = every_doc(every, "{\"name\": \"masked\"}");
    for (int i = 0; i < count; i++) {
        mongoc_bulk_operation_insert(bulk, document);
    }
}

static bool execute_inserts(struct every *every)
{
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->target, "{}");
    insert_some(every, bulk, 20);
    return execute(every, bulk, "nInserted", 20);
}

static bool execute_unordered(struct every *every)
{
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->target, "{\"ordered\": false}");
    insert_some(every, bulk, 20);
    return execute(every, bulk, "nInserted", 20);
}

/* More than a peer with --max-write-batch or --max-message takes in one command. */
static bool execute_split(struct every *every)
{
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->target, "{}");
    insert_some(every, bulk, 2000);
    return execute(every, bulk, "nInserted", 2000);
}

static bool execute_nothing(struct every *every)
{
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->target, "{}");
    const bool executed = mongoc_bulk_operation_execute(bulk, NULL, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    return every_check(every, !executed, "an empty bulk was executed");
}

static bool execute_w0(struct every *every)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(every->target, every_w0(every));
    insert_some(every, bulk, 5);
    const bool good = mongoc_bulk_operation_execute(bulk, NULL, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    return every_check(every, good, "the unacknowledged bulk failed");
}

static const char *const MASK = "{\"$set\": {\"ssn\": \"000-00-0000\"}}";

/* One command for each change of kind: insert, update, insert, delete. */
static bool execute_mixed(struct every *every)
{
    const bson_t *change = every_doc(every, MASK);
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->work, "{}");
    insert_some(every, bulk, 2);
    mongoc_bulk_operation_update_one(bulk, every_doc(every, "{\"_id\": 20}"), change, false);
    mongoc_bulk_operation_update(bulk, every_doc(every, "{\"_id\": {\"$in\": [21, 22]}}"), change,
                                 false);
    mongoc_bulk_operation_replace_one(bulk, every_doc(every, "{\"_id\": 23}"),
                                      every_doc(every, "{\"a\": 1}"), false);
    insert_some(every, bulk, 2);
    mongoc_bulk_operation_remove_one(bulk, every_doc(every, "{\"_id\": 24}"));
    mongoc_bulk_operation_remove(bulk, every_doc(every, "{\"_id\": {\"$in\": [25, 26]}}"));
    bson_t reply;
    const bool good = mongoc_bulk_operation_execute(bulk, &reply, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    const bool counted =
        every_number(every, &reply, "nInserted", 4) && every_number(every, &reply, "nModified", 4);
    return every_reply(every, good, &reply, "nRemoved", 3) && counted;
}

static bool execute_with_opts(struct every *every)
{
    bson_error_t *error = &every->error;
    const bson_t *change = every_doc(every, MASK), *none = every_doc(every, "{}");
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->work, "{\"ordered\": false}");
    bool good =
        mongoc_bulk_operation_insert_with_opts(bulk, every_doc(every, "{\"a\": 1}"), none, error);
    good = mongoc_bulk_operation_update_one_with_opts(bulk, every_doc(every, "{\"_id\": 30}"),
                                                      change, none, error) &&
           good;
    good = mongoc_bulk_operation_update_many_with_opts(bulk, every_doc(every, "{\"_id\": 31}"),
                                                       change, none, error) &&
           good;
    good =
        mongoc_bulk_operation_replace_one_with_opts(bulk, every_doc(every, "{\"_id\": 32}"),
                                                    every_doc(every, "{\"a\": 1}"), none, error) &&
        good;
    good = mongoc_bulk_operation_remove_one_with_opts(bulk, every_doc(every, "{\"_id\": 33}"), none,
                                                      error) &&
           good;
    good = mongoc_bulk_operation_remove_many_with_opts(bulk, every_doc(every, "{\"_id\": 34}"),
                                                       none, error) &&
           good;
    return execute(every, bulk, "nModified", 3) &&
           every_check(every, good, "an operation was not taken");
}

/* Built apart from a collection, as language bindings do. */
static bool execute_built(struct every *every)
{
    bson_value_t comment = {.value_type = BSON_TYPE_INT32};
    mongoc_bulk_operation_t *bulk = mongoc_bulk_operation_new(true);
    mongoc_bulk_operation_set_client(bulk, every->client);
    mongoc_bulk_operation_set_database(bulk, mongoc_database_get_name(every->database));
    mongoc_bulk_operation_set_collection(bulk, "target");
    mongoc_bulk_operation_set_write_concern(bulk,
                                            mongoc_collection_get_write_concern(every->target));
    mongoc_bulk_operation_set_bypass_document_validation(bulk, true);
    mongoc_bulk_operation_set_comment(bulk, &comment);
    mongoc_bulk_operation_set_let(bulk, every_doc(every, "{\"a\": 1}"));
    insert_some(every, bulk, 3);
    return execute(every, bulk, "nInserted", 3);
}

/* The first statement is refused inside an ok reply: ordered stops there, unordered goes on. */
static bool execute_refused(struct every *every, const char *opts, const char *id, int64_t modified)
{
    bson_t reply;
    mongoc_bulk_operation_t *bulk = new_bulk(every, every->work, opts);
    mongoc_bulk_operation_update_one(bulk, every_doc(every, "{\"_id\": 5}"),
                                     every_doc(every, "{\"$nope\": {\"a\": 1}}"), false);
    mongoc_bulk_operation_update_one(bulk, every_doc(every, id), every_doc(every, MASK), false);
    const bool good = mongoc_bulk_operation_execute(bulk, &reply, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    const bool told = every_number(every, &reply, "writeErrors.0.index", 0);
    return every_reply(every, !good && told, &reply, "nModified", modified);
}

static bool execute_write_error(struct every *every)
{
    return execute_refused(every, "{\"ordered\": true}", "{\"_id\": 40}", 0);
}

static bool execute_write_error_unordered(struct every *every)
{
    return execute_refused(every, "{\"ordered\": false}", "{\"_id\": 41}", 1);
}

#if EVERY_1_X
static bool create_bulk_operation(struct every *every)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation(every->work, true, NULL);
    mongoc_bulk_operation_delete_one(bulk, every_doc(every, "{\"_id\": 50}"));
    mongoc_bulk_operation_delete(bulk, every_doc(every, "{\"_id\": {\"$in\": [51, 52]}}"));
    return execute(every, bulk, "nRemoved", 3);
}
#endif

const struct every_case EVERY_BULK[] = {
    {"bulk_operation_execute", execute_inserts},
    {"bulk_operation_execute/unordered", execute_unordered},
    {"bulk_operation_execute/split", execute_split},
    {"bulk_operation_execute/nothing", execute_nothing},
    {"bulk_operation_execute/w0", execute_w0},
    {"bulk_operation_execute/mixed", execute_mixed},
    {"bulk_operation_execute/with_opts", execute_with_opts},
    {"bulk_operation_execute/built", execute_built},
    {"bulk_operation_execute/write_error", execute_write_error},
    {"bulk_operation_execute/write_error_unordered", execute_write_error_unordered},
#if EVERY_1_X
    {"collection_create_bulk_operation", create_bulk_operation},
#endif
    {NULL, NULL},
};
