/* SPDX-License-Identifier: Apache-2.0 */
/* Indexes, by helper and by raw command. Each case has a collection of its own. */
#include "every.h"

static mongoc_collection_t *indexed(struct every *every, const char *name)
{
    return every_fresh(every, name, 1);
}

#if EVERY_1_X
static bool collection_create_index(struct every *every)
{
    mongoc_collection_t *collection = indexed(every, "index1");
    const bool good = mongoc_collection_create_index(
        collection, every_doc(every, "{\"number\": 1}"), NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the index was not created");
}

static bool collection_create_index_with_opts(struct every *every)
{
    mongoc_index_opt_t opt;
    mongoc_index_opt_init(&opt);
    opt.name = "by_number";
    mongoc_collection_t *collection = indexed(every, "index2");
    const bool good = mongoc_collection_create_index_with_opts(
        collection, every_doc(every, "{\"number\": 1}"), &opt, NULL, NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the index was not created");
}

static bool collection_ensure_index(struct every *every)
{
    mongoc_collection_t *collection = indexed(every, "index3");
    const bool good = mongoc_collection_ensure_index(
        collection, every_doc(every, "{\"number\": 1}"), NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the index was not created");
}

static bool collection_find_indexes(struct every *every)
{
    return every_drain(every, mongoc_collection_find_indexes(every->source, &every->error), 1);
}
#endif

#if MONGOC_CHECK_VERSION(1, 24, 0)
static bool collection_create_indexes_with_opts(struct every *every)
{
    mongoc_collection_t *collection = indexed(every, "index4");
    mongoc_index_model_t *models[] = {
        mongoc_index_model_new(every_doc(every, "{\"number\": 1}"), NULL),
        mongoc_index_model_new(every_doc(every, "{\"number\": -1}"),
                               every_doc(every, "{\"name\": \"downwards\"}")),
    };
    const bool good = mongoc_collection_create_indexes_with_opts(collection, models, 2, NULL, NULL,
                                                                 &every->error);
    mongoc_index_model_destroy(models[0]);
    mongoc_index_model_destroy(models[1]);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the indexes were not created");
}
#endif

static const char *const CREATE = "{\"createIndexes\": \"index5\", \"indexes\": [{\"key\": "
                                  "{\"number\": 1}, \"name\": \"number_1\"}]}";

static bool create_by_command_simple(struct every *every)
{
    return every_check(every,
                       mongoc_database_command_simple(every->database, every_doc(every, CREATE),
                                                      NULL, NULL, &every->error),
                       "the index was not created");
}

static bool create_by_write_command(struct every *every)
{
    return every_check(every,
                       mongoc_collection_write_command_with_opts(
                           every->work, every_doc(every, CREATE), NULL, NULL, &every->error),
                       "the index was not created");
}

static bool collection_find_indexes_with_opts(struct every *every)
{
    return every_drain(every, mongoc_collection_find_indexes_with_opts(every->source, NULL), 1);
}

/* A collection with an index of the name number_1. */
static mongoc_collection_t *to_drop(struct every *every, const char *name)
{
    mongoc_collection_t *collection = indexed(every, name);
    bson_t *command =
        BCON_NEW("createIndexes", BCON_UTF8(name), "indexes", "[", "{", "key", "{", "number",
                 BCON_INT32(1), "}", "name", BCON_UTF8("number_1"), "}", "]");
    mongoc_database_write_command_with_opts(every->database, command, NULL, NULL, &every->error);
    bson_destroy(command);
    return collection;
}

static bool collection_drop_index(struct every *every)
{
    mongoc_collection_t *collection = to_drop(every, "index6");
    const bool good = mongoc_collection_drop_index(collection, "number_1", &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the index was not dropped");
}

static bool collection_drop_index_with_opts(struct every *every)
{
    mongoc_collection_t *collection = to_drop(every, "index7");
    const bool good =
        mongoc_collection_drop_index_with_opts(collection, "number_1", NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the index was not dropped");
}

const struct every_case EVERY_INDEX[] = {
#if EVERY_1_X
    {"collection_create_index", collection_create_index},
    {"collection_create_index_with_opts", collection_create_index_with_opts},
    {"collection_ensure_index", collection_ensure_index},
    {"collection_find_indexes", collection_find_indexes},
#endif
#if MONGOC_CHECK_VERSION(1, 24, 0)
    {"collection_create_indexes_with_opts", collection_create_indexes_with_opts},
#endif
    {"database_command_simple/createIndexes", create_by_command_simple},
    {"collection_write_command_with_opts/createIndexes", create_by_write_command},
    {"collection_find_indexes_with_opts", collection_find_indexes_with_opts},
    {"collection_drop_index", collection_drop_index},
    {"collection_drop_index_with_opts", collection_drop_index_with_opts},
    {NULL, NULL},
};
