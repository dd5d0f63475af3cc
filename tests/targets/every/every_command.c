/* SPDX-License-Identifier: Apache-2.0 */
/* Commands given as documents, by every function that takes one. */
#include "every.h"

static const char *const COUNT = "{\"count\": \"source\"}";
static const char *const DISTINCT = "{\"distinct\": \"source\", \"key\": \"_id\"}";
static const char *const INSERT = "{\"insert\": \"target\", \"documents\": [{\"a\": 1}]}";
static const char *const MODIFY =
    "{\"findAndModify\": \"work\", \"query\": {\"_id\": 70}, \"update\": {\"$set\": {\"a\": 1}}}";
static const char *const PING = "{\"ping\": 1}";

static const char *database_name(const struct every *every)
{
    return mongoc_database_get_name(every->database);
}

static bool client_command_simple(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_command_simple(
        every->client, database_name(every), every_doc(every, COUNT), NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool client_command_simple_error(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_command_simple(every->client, database_name(every),
                                                   every_doc(every, "{\"nope\": 1}"), NULL, &reply,
                                                   &every->error);
    return every_reply(every, !good, &reply, "code", 59);
}

static bool client_command_simple_with_server_id(struct every *every)
{
    bson_t reply;
    mongoc_server_description_t *server =
        mongoc_client_select_server(every->client, false, NULL, &every->error);
    if (!every_check(every, server != NULL, "no server was selected")) {
        return false;
    }
    const bool good = mongoc_client_command_simple_with_server_id(
        every->client, "admin", every_doc(every, PING), NULL, mongoc_server_description_id(server),
        &reply, &every->error);
    mongoc_server_description_destroy(server);
    return every_reply(every, good, &reply, "ok", 1);
}

static bool client_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good =
        mongoc_client_command_with_opts(every->client, database_name(every),
                                        every_doc(every, COUNT), NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool client_read_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_read_command_with_opts(every->client, database_name(every),
                                                           every_doc(every, DISTINCT), NULL, NULL,
                                                           &reply, &every->error);
    return every_reply(every, good, &reply, "values.7", 7);
}

static bool client_read_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_read_write_command_with_opts(
        every->client, database_name(every), every_doc(every, MODIFY), NULL, NULL, &reply,
        &every->error);
    return every_reply(every, good, &reply, "value._id", 70);
}

static bool client_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_write_command_with_opts(
        every->client, database_name(every), every_doc(every, INSERT), NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", 1);
}

static bool collection_command_simple(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_command_simple(every->source, every_doc(every, COUNT), NULL,
                                                       &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool collection_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_command_with_opts(every->source, every_doc(every, COUNT),
                                                          NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool collection_read_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_read_command_with_opts(
        every->source, every_doc(every, DISTINCT), NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "values.7", 7);
}

static bool collection_read_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_read_write_command_with_opts(
        every->work, every_doc(every, MODIFY), NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "value._id", 70);
}

static bool collection_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_collection_write_command_with_opts(
        every->target, every_doc(every, INSERT), NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", 1);
}

static bool database_command_simple(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_database_command_simple(every->database, every_doc(every, COUNT), NULL,
                                                     &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool database_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_database_command_with_opts(every->database, every_doc(every, COUNT),
                                                        NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", EVERY_COUNT);
}

static bool database_read_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_database_read_command_with_opts(
        every->database, every_doc(every, DISTINCT), NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "values.7", 7);
}

static bool database_read_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_database_read_write_command_with_opts(
        every->database, every_doc(every, MODIFY), NULL, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "value._id", 70);
}

static bool database_write_command_with_opts(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_database_write_command_with_opts(
        every->database, every_doc(every, INSERT), NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "n", 1);
}

#if EVERY_1_X
static bool client_command(struct every *every)
{
    return every_drain(every,
                       mongoc_client_command(every->client, database_name(every), MONGOC_QUERY_NONE,
                                             0, 0, 0, every_doc(every, PING), NULL, NULL),
                       1);
}

static bool collection_command(struct every *every)
{
    return every_drain(every,
                       mongoc_collection_command(every->source, MONGOC_QUERY_NONE, 0, 0, 0,
                                                 every_doc(every, COUNT), NULL, NULL),
                       1);
}

static bool database_command(struct every *every)
{
    return every_drain(every,
                       mongoc_database_command(every->database, MONGOC_QUERY_NONE, 0, 0, 0,
                                               every_doc(every, COUNT), NULL, NULL),
                       1);
}

static bool client_get_server_status(struct every *every)
{
    bson_t reply;
    const bool good = mongoc_client_get_server_status(every->client, NULL, &reply, &every->error);
    return every_reply(every, good, &reply, "ok", 1);
}
#endif

const struct every_case EVERY_COMMAND[] = {
    {"client_command_simple", client_command_simple},
    {"client_command_simple/error", client_command_simple_error},
    {"client_command_simple_with_server_id", client_command_simple_with_server_id},
    {"client_command_with_opts", client_command_with_opts},
    {"client_read_command_with_opts", client_read_command_with_opts},
    {"client_read_write_command_with_opts", client_read_write_command_with_opts},
    {"client_write_command_with_opts", client_write_command_with_opts},
    {"collection_command_simple", collection_command_simple},
    {"collection_command_with_opts", collection_command_with_opts},
    {"collection_read_command_with_opts", collection_read_command_with_opts},
    {"collection_read_write_command_with_opts", collection_read_write_command_with_opts},
    {"collection_write_command_with_opts", collection_write_command_with_opts},
    {"database_command_simple", database_command_simple},
    {"database_command_with_opts", database_command_with_opts},
    {"database_read_command_with_opts", database_read_command_with_opts},
    {"database_read_write_command_with_opts", database_read_write_command_with_opts},
    {"database_write_command_with_opts", database_write_command_with_opts},
#if EVERY_1_X
    {"client_command", client_command},
    {"collection_command", collection_command},
    {"database_command", database_command},
    {"client_get_server_status", client_get_server_status},
#endif
    {NULL, NULL},
};
