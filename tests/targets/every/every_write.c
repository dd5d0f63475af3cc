/* SPDX-License-Identifier: Apache-2.0 */
/* Single writes. Each case has documents of `work` of its own, by _id. */
#include "every.h"

static bool insert_one(struct every *every)
{
    bson_t reply;
    const bson_t *document = every_doc(every, "{\"name\": \"masked\"}");
    const bool good =
        mongoc_collection_insert_one(every->target, document, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "insertedCount", 1);
}

static bool insert_one_w0(struct every *every)
{
    const bson_t *document = every_doc(every, "{\"name\": \"masked\"}");
    return every_check(
        every,
        mongoc_collection_insert_one(every->target, document, every_w0(every), NULL, &every->error),
        "the unacknowledged insert failed");
}

static bool insert_many_documents(struct every *every, const char *opts, bson_t *reply)
{
    const bson_t *documents[3];
    for (int i = 0; i < 3; i++) {
        documents[i] = every_doc(every, "{\"name\": \"masked\"}");
    }
    return mongoc_collection_insert_many(every->target, documents, 3, every_doc(every, opts), reply,
                                         &every->error);
}

static bool insert_many(struct every *every)
{
    bson_t reply;
    const bool good = insert_many_documents(every, "{}", &reply);
    return every_reply(every, good, &reply, "insertedCount", 3);
}

static bool insert_many_unordered(struct every *every)
{
    bson_t reply;
    const bool good = insert_many_documents(every, "{\"ordered\": false}", &reply);
    return every_reply(every, good, &reply, "insertedCount", 3);
}

/* More than a peer with --max-write-batch or --max-message takes in one command. */
static bool insert_many_split(struct every *every)
{
    enum { MANY = 2000 };
    static const bson_t *documents[MANY];
    bson_t reply;
    const bson_t *document = every_doc(every, "{\"name\": \"masked\"}");
    for (int i = 0; i < MANY; i++) {
        documents[i] = document;
    }
    const bool good =
        mongoc_collection_insert_many(every->target, documents, MANY, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "insertedCount", MANY);
}

static bool insert(struct every *every)
{
    return every_check(every,
                       mongoc_collection_insert(every->target, MONGOC_INSERT_NONE,
                                                every_doc(every, "{\"a\": 1}"), NULL,
                                                &every->error),
                       "the insert failed");
}

#if EVERY_1_X
static bool insert_bulk(struct every *every)
{
    const bson_t *documents[] = {every_doc(every, "{\"a\": 1}"), every_doc(every, "{\"a\": 2}")};
    return every_check(every,
                       mongoc_collection_insert_bulk(every->target, MONGOC_INSERT_NONE, documents,
                                                     2, NULL, &every->error),
                       "the insert failed");
}

/* Without an _id it inserts, with one it updates. */
static bool save(struct every *every)
{
    const bson_t *fresh = every_doc(every, "{\"name\": \"fresh\"}"),
                 *old = every_doc(every, "{\"_id\": 1, \"name\": 2}");
    return every_check(every, mongoc_collection_save(every->target, fresh, NULL, &every->error),
                       "inserting failed") &&
           every_check(every, mongoc_collection_save(every->target, old, NULL, &every->error),
                       "updating failed");
}

static bool delete(struct every *every)
{
    return every_check(every,
                       mongoc_collection_delete(every->work, MONGOC_DELETE_SINGLE_REMOVE,
                                                every_doc(every, "{\"_id\": 1}"), NULL,
                                                &every->error),
                       "the delete failed");
}
#endif

static const char *const MASK = "{\"$set\": {\"ssn\": \"000-00-0000\"}}";

static bool update(struct every *every)
{
    return every_check(every,
                       mongoc_collection_update(every->work, MONGOC_UPDATE_NONE,
                                                every_doc(every, "{\"_id\": 2}"),
                                                every_doc(every, MASK), NULL, &every->error),
                       "the update failed");
}

static bool update_multi(struct every *every)
{
    const bson_t *selector = every_doc(every, "{\"_id\": {\"$in\": [3, 4]}}");
    return every_check(every,
                       mongoc_collection_update(every->work, MONGOC_UPDATE_MULTI_UPDATE, selector,
                                                every_doc(every, MASK), NULL, &every->error),
                       "the update failed");
}

static bool update_one(struct every *every)
{
    bson_t reply;
    const bool good =
        mongoc_collection_update_one(every->work, every_doc(every, "{\"_id\": 5}"),
                                     every_doc(every, MASK), NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "modifiedCount", 1);
}

static bool update_one_upsert(struct every *every)
{
    bson_t reply;
    const bson_t *opts = every_doc(every, "{\"upsert\": true}");
    const bool good =
        mongoc_collection_update_one(every->work, every_doc(every, "{\"_id\": \"upserted\"}"),
                                     every_doc(every, MASK), opts, &reply, &every->error);
    return every_reply(every, good, &reply, "upsertedCount", 1);
}

static bool update_one_w0(struct every *every)
{
    return every_check(every,
                       mongoc_collection_update_one(every->work, every_doc(every, "{\"_id\": 6}"),
                                                    every_doc(every, MASK), every_w0(every), NULL,
                                                    &every->error),
                       "the unacknowledged update failed");
}

/* The server refuses the statement, in a writeErrors entry of a reply that is ok. */
static bool update_one_write_error(struct every *every)
{
    bson_t reply;
    const bson_t *change = every_doc(every, "{\"$nope\": {\"a\": 1}}");
    const bool good = mongoc_collection_update_one(every->work, every_doc(every, "{\"_id\": 5}"),
                                                   change, NULL, &reply, &every->error);
    const bool told = bson_has_field(&reply, "writeErrors");
    bson_destroy(&reply);
    return every_check(every, !good && told, "a wrong operator was accepted");
}

static bool update_many(struct every *every)
{
    bson_t reply;
    const bson_t *selector = every_doc(every, "{\"_id\": {\"$in\": [7, 8, 9]}}");
    const bool good = mongoc_collection_update_many(every->work, selector, every_doc(every, MASK),
                                                    NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "modifiedCount", 3);
}

static bool replace_one(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_replace_one(every->work, every_doc(every, "{\"_id\": 10}"),
                                                    every_doc(every, "{\"name\": \"masked\"}"),
                                                    NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "modifiedCount", 1);
}

static bool remove_one(struct every *every)
{
    return every_check(every,
                       mongoc_collection_remove(every->work, MONGOC_REMOVE_SINGLE_REMOVE,
                                                every_doc(every, "{\"_id\": 11}"), NULL,
                                                &every->error),
                       "the removal failed");
}

static bool delete_one(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_delete_one(every->work, every_doc(every, "{\"_id\": 12}"),
                                                   NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "deletedCount", 1);
}

static bool delete_one_w0(struct every *every)
{
    return every_check(every,
                       mongoc_collection_delete_one(every->work, every_doc(every, "{\"_id\": 13}"),
                                                    every_w0(every), NULL, &every->error),
                       "the unacknowledged delete failed");
}

static bool delete_many(struct every *every)
{
    bson_t reply;
    const bson_t *selector = every_doc(every, "{\"_id\": {\"$in\": [14, 15]}}");
    const bool good =
        mongoc_collection_delete_many(every->work, selector, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "deletedCount", 2);
}

static bool find_and_modify(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_find_and_modify(
        every->work, every_doc(every, "{\"_id\": 16}"), NULL, every_doc(every, MASK), NULL, false,
        false, true, &reply, &every->error);
    return every_reply(every, good, &reply, "value._id", 16);
}

static bool find_and_modify_with_opts(struct every *every)
{
    bson_t reply;
    mongoc_find_and_modify_opts_t *opts = mongoc_find_and_modify_opts_new();
    mongoc_find_and_modify_opts_set_flags(opts, MONGOC_FIND_AND_MODIFY_REMOVE);
    const bool good = mongoc_collection_find_and_modify_with_opts(
        every->work, every_doc(every, "{\"_id\": 17}"), opts, &reply, &every->error);
    mongoc_find_and_modify_opts_destroy(opts);
    return every_reply(every, good, &reply, "lastErrorObject.n", 1);
}

const struct every_case EVERY_WRITE[] = {
    {"collection_insert_one", insert_one},
    {"collection_insert_one/w0", insert_one_w0},
    {"collection_insert_many", insert_many},
    {"collection_insert_many/unordered", insert_many_unordered},
    {"collection_insert_many/split", insert_many_split},
    {"collection_insert", insert},
#if EVERY_1_X
    {"collection_insert_bulk", insert_bulk},
    {"collection_save", save},
    {"collection_delete", delete},
#endif
    {"collection_update", update},
    {"collection_update/multi", update_multi},
    {"collection_update_one", update_one},
    {"collection_update_one/upsert", update_one_upsert},
    {"collection_update_one/w0", update_one_w0},
    {"collection_update_one/write_error", update_one_write_error},
    {"collection_update_many", update_many},
    {"collection_replace_one", replace_one},
    {"collection_remove", remove_one},
    {"collection_delete_one", delete_one},
    {"collection_delete_one/w0", delete_one_w0},
    {"collection_delete_many", delete_many},
    {"collection_find_and_modify", find_and_modify},
    {"collection_find_and_modify_with_opts", find_and_modify_with_opts},
    {NULL, NULL},
};
