/* SPDX-License-Identifier: Apache-2.0 */
/* What the scenarios of events do with the driver between two registrations. */
#include "events.h"

mongoc_client_t *events_client(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    return client;
}

mongoc_client_pool_t *events_pool(const char *uri)
{
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    mongoc_client_pool_t *pool = mongoc_client_pool_new(parsed);
    mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2);
    mongoc_uri_destroy(parsed);
    return pool;
}

void events_set(mongoc_client_t *client, mongoc_apm_callbacks_t *table, void *context)
{
    bool done = mongoc_client_set_apm_callbacks(client, table, context);
    events_say(false, "set client table=%s context=%s -> %d", table ? "yes" : "none",
               events_context_name(context), done);
}

void events_set_pool(mongoc_client_pool_t *pool, mongoc_apm_callbacks_t *table, void *context)
{
    bool done = mongoc_client_pool_set_apm_callbacks(pool, table, context);
    events_say(false, "set pool table=%s context=%s -> %d", table ? "yes" : "none",
               events_context_name(context), done);
}

mongoc_client_t *events_monitored(const char *uri, int which, void *context)
{
    mongoc_client_t *client = events_client(uri);
    mongoc_apm_callbacks_t *table = events_table(which);
    events_set(client, table, context);
    mongoc_apm_callbacks_destroy(table);
    return client;
}

/* The result of a call: good, or the error and the reply. */
static void say_result(const char *what, bool good, const bson_error_t *error, const bson_t *reply)
{
    char *json = events_json(false, reply);
    if (good) {
        events_say(false, "%s: good, reply=%s", what, json);
    } else {
        events_say(false, "%s: error %u/%u(%s), reply=%s", what, error->domain, error->code,
                   error->message, json);
    }
    bson_free(json);
}

void events_command(mongoc_client_t *client, const char *database, const char *json)
{
    bson_error_t error = {0};
    bson_t reply, *command = bson_new_from_json((const uint8_t *)json, -1, &error);
    bool good = mongoc_client_command_simple(client, database, command, NULL, &reply, &error);
    say_result(json, good, &error, &reply);
    bson_destroy(&reply);
    bson_destroy(command);
}

void events_ping(mongoc_client_t *client)
{
    events_command(client, "admin", "{\"ping\": 1}");
}

void events_insert(mongoc_client_t *client, int count)
{
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, EVENTS_DATABASE, EVENTS_COLLECTION);
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    bson_error_t error = {0};
    bson_t reply;
    for (int i = 0; i < count; i++) {
        bson_t *document = BCON_NEW("_id", BCON_INT32(i), "name", BCON_UTF8("Ada"));
        mongoc_bulk_operation_insert(bulk, document);
        bson_destroy(document);
    }
    bool good = mongoc_bulk_operation_execute(bulk, &reply, &error) != 0;
    say_result("insert", good, &error, &reply);
    bson_destroy(&reply);
    mongoc_bulk_operation_destroy(bulk);
    mongoc_collection_destroy(collection);
}

void events_find(mongoc_client_t *client)
{
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, EVENTS_DATABASE, EVENTS_COLLECTION);
    bson_t filter = BSON_INITIALIZER, *options = BCON_NEW("batchSize", BCON_INT32(2));
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &filter, options, NULL);
    bson_error_t error = {0};
    const bson_t *document = NULL, *reply = NULL;
    int documents = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        documents++;
    }
    bool good = !mongoc_cursor_error_document(cursor, &error, &reply);
    events_say(false, "found %d documents", documents);
    say_result("find", good, &error, reply);
    mongoc_cursor_destroy(cursor);
    bson_destroy(options);
    bson_destroy(&filter);
    mongoc_collection_destroy(collection);
}

void events_work(mongoc_client_t *client)
{
    events_ping(client);
    events_insert(client, 5);
    events_find(client);
    events_command(client, EVENTS_DATABASE, "{\"noSuchCommand\": 1}");
}
