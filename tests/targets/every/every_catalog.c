/* SPDX-License-Identifier: Apache-2.0 */
/* Databases, collections and users. */
#include "every.h"

static bool free_names(struct every *every, char **names)
{
    const bool good = names != NULL && names[0] != NULL;
    bson_strfreev(names);
    return every_check(every, good, "there are no names");
}

static bool client_find_databases(struct every *every)
{
    return every_drain(every, mongoc_client_find_databases(every->client, &every->error), -1);
}

static bool client_find_databases_with_opts(struct every *every)
{
    return every_drain(every, mongoc_client_find_databases_with_opts(every->client, NULL), -1);
}

static bool client_get_database_names(struct every *every)
{
    return free_names(every, mongoc_client_get_database_names(every->client, &every->error));
}

static bool client_get_database_names_with_opts(struct every *every)
{
    return free_names(
        every, mongoc_client_get_database_names_with_opts(every->client, NULL, &every->error));
}

#if EVERY_1_X
static bool database_find_collections(struct every *every)
{
    const bson_t *filter = every_doc(every, "{\"name\": \"source\"}");
    return every_drain(every,
                       mongoc_database_find_collections(every->database, filter, &every->error), 1);
}

static bool database_get_collection_names(struct every *every)
{
    return free_names(every, mongoc_database_get_collection_names(every->database, &every->error));
}

static bool collection_stats(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_stats(every->source, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "count", EVERY_COUNT);
}

static bool collection_validate(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_validate(every->source, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "nrecords", EVERY_COUNT);
}
#endif

static bool database_find_collections_with_opts(struct every *every)
{
    const bson_t *opts = every_doc(every, "{\"filter\": {\"name\": \"source\"}}");
    return every_drain(every, mongoc_database_find_collections_with_opts(every->database, opts), 1);
}

static bool database_get_collection_names_with_opts(struct every *every)
{
    return free_names(every, mongoc_database_get_collection_names_with_opts(every->database, NULL,
                                                                            &every->error));
}

static bool database_has_collection(struct every *every)
{
    return every_check(every,
                       mongoc_database_has_collection(every->database, "source", &every->error),
                       "it has not");
}

static bool database_create_collection(struct every *every)
{
    mongoc_collection_t *made =
        mongoc_database_create_collection(every->database, "created", NULL, &every->error);
    const bool good = every_check(every, made != NULL, "the collection was not created");
    mongoc_collection_destroy(made);
    return good;
}

static bool collection_drop(struct every *every)
{
    mongoc_collection_t *collection = every_fresh(every, "dropped1", 1);
    const bool good = mongoc_collection_drop(collection, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the collection was not dropped");
}

static bool collection_drop_with_opts(struct every *every)
{
    mongoc_collection_t *collection = every_fresh(every, "dropped2", 1);
    const bool good = mongoc_collection_drop_with_opts(collection, NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the collection was not dropped");
}

static bool collection_rename(struct every *every)
{
    mongoc_collection_t *collection = every_fresh(every, "renamed1", 1);
    const bool good =
        mongoc_collection_rename(collection, mongoc_database_get_name(every->database),
                                 "renamed1_new", false, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the collection was not renamed");
}

static bool collection_rename_with_opts(struct every *every)
{
    mongoc_collection_t *collection = every_fresh(every, "renamed2", 1);
    const bool good =
        mongoc_collection_rename_with_opts(collection, mongoc_database_get_name(every->database),
                                           "renamed2_new", false, NULL, &every->error);
    mongoc_collection_destroy(collection);
    return every_check(every, good, "the collection was not renamed");
}

static bool database_drop(struct every *every)
{
    mongoc_database_t *database = mongoc_client_get_database(every->client, "every_dropped1");
    const bool good = mongoc_database_drop(database, &every->error);
    mongoc_database_destroy(database);
    return every_check(every, good, "the database was not dropped");
}

static bool database_drop_with_opts(struct every *every)
{
    mongoc_database_t *database = mongoc_client_get_database(every->client, "every_dropped2");
    const bool good = mongoc_database_drop_with_opts(database, NULL, &every->error);
    mongoc_database_destroy(database);
    return every_check(every, good, "the database was not dropped");
}

static bool database_add_user(struct every *every)
{
    const bson_t *roles = every_doc(every, "{\"0\": \"readWrite\"}");
    return every_check(
        every,
        mongoc_database_add_user(every->database, "every", "secret", roles, NULL, &every->error),
        "the user was not added");
}

static bool database_remove_user(struct every *every)
{
    return every_check(every, mongoc_database_remove_user(every->database, "every", &every->error),
                       "the user was not removed");
}

static bool database_remove_all_users(struct every *every)
{
    return every_check(every, mongoc_database_remove_all_users(every->database, &every->error),
                       "the users were not removed");
}

const struct every_case EVERY_CATALOG[] = {
    {"client_find_databases", client_find_databases},
    {"client_find_databases_with_opts", client_find_databases_with_opts},
    {"client_get_database_names", client_get_database_names},
    {"client_get_database_names_with_opts", client_get_database_names_with_opts},
#if EVERY_1_X
    {"database_find_collections", database_find_collections},
    {"database_get_collection_names", database_get_collection_names},
    {"collection_stats", collection_stats},
    {"collection_validate", collection_validate},
#endif
    {"database_find_collections_with_opts", database_find_collections_with_opts},
    {"database_get_collection_names_with_opts", database_get_collection_names_with_opts},
    {"database_has_collection", database_has_collection},
    {"database_create_collection", database_create_collection},
    {"collection_drop", collection_drop},
    {"collection_drop_with_opts", collection_drop_with_opts},
    {"collection_rename", collection_rename},
    {"collection_rename_with_opts", collection_rename_with_opts},
    {"database_drop", database_drop},
    {"database_drop_with_opts", database_drop_with_opts},
    {"database_add_user", database_add_user},
    {"database_remove_user", database_remove_user},
    {"database_remove_all_users", database_remove_all_users},
    {NULL, NULL},
};
