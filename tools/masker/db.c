/* SPDX-License-Identifier: Apache-2.0 */
/* Clients, pools and the small commands: see db.h. */
#include "db.h"

#include "message.h"

#include <string.h>

#define CODE_NAMESPACE_NOT_FOUND 26

void db_report(const char *what, const bson_error_t *error)
{
    const bool from_server =
        error->domain == MONGOC_ERROR_SERVER || error->domain == MONGOC_ERROR_WRITE_CONCERN;
    if (from_server || error->domain == MONGOC_ERROR_COMMAND ||
        error->domain == MONGOC_ERROR_QUERY) {
        message_error("%s failed: the server answered with error code %u; see its log for the text",
                      what, error->code);
    } else {
        message_error("%s failed: %s", what, error->message);
    }
}

static bool open_single(database *result, const mongoc_uri_t *uri, truth_log *log)
{
    truth_call_begin(log);
    result->client = mongoc_client_new_from_uri(uri);
    truth_call_end(log, TRUTH_CLIENT_NEW, NULL, 0, 0);
    return result->client != NULL;
}

static bool open_pool(database *result, const mongoc_uri_t *uri, truth_log *log)
{
    truth_call_begin(log);
    result->pool = mongoc_client_pool_new(uri);
    truth_call_end(log, TRUTH_POOL_NEW, NULL, 0, 0);
    if (result->pool == NULL) {
        return false;
    }
    /* the workers, the reader and the main thread hold a client each */
    mongoc_client_pool_max_size(result->pool, result->options->workers + 2);
    mongoc_client_pool_set_error_api(result->pool, MONGOC_ERROR_API_VERSION_2);
    return true;
}

bool database_open(database *result, const options *opts, truth *record, truth_log *log)
{
    bson_error_t error;
    *result = (database){.options = opts, .truth = record};
    mongoc_uri_t *uri = mongoc_uri_new_with_error(opts->uri, &error);
    if (uri == NULL) {
        message_error("option --uri: %s", error.message);
        return false;
    }
    const bool good =
        opts->workers > 0 ? open_pool(result, uri, log) : open_single(result, uri, log);
    mongoc_uri_destroy(uri);
    if (!good) {
        message_error(
            "option --uri: the driver cannot make a client of it; check its options, such as tls");
    } else if (result->client != NULL) {
        mongoc_client_set_error_api(result->client, MONGOC_ERROR_API_VERSION_2);
    }
    return good;
}

void database_close(database *closed)
{
    if (closed->client != NULL) {
        mongoc_client_destroy(closed->client);
    }
    if (closed->pool != NULL) {
        mongoc_client_pool_destroy(closed->pool);
    }
    *closed = (database){.options = NULL};
}

void connection_open(connection *result, database *source, truth_log *log)
{
    *result = (connection){.database = source, .client = source->client, .log = log};
    if (source->pool != NULL) {
        truth_call_begin(log);
        result->client = mongoc_client_pool_pop(source->pool);
        truth_call_end(log, TRUTH_POOL_POP, NULL, 0, 0);
    }
}

void connection_close(connection *closed)
{
    if (closed->database->pool != NULL) {
        mongoc_client_pool_push(closed->database->pool, closed->client);
    }
    *closed = (connection){.database = NULL};
}

char *db_namespace(const connection *used, const char *collection)
{
    return bson_strdup_printf("%s.%s", used->database->options->db, collection);
}

bool db_ping(connection *used)
{
    bson_error_t error;
    const char *name = used->database->options->db;
    bson_t *command = BCON_NEW("ping", BCON_INT32(1));
    truth_call_begin(used->log);
    const bool good = mongoc_client_command_simple(used->client, name, command, NULL, NULL, &error);
    truth_call_end(used->log, TRUTH_PING, truth_intern(used->database->truth, name), 0, 0);
    bson_destroy(command);
    if (!good) {
        db_report("the ping of the server", &error);
    }
    return good;
}

bool db_drop(connection *used, const char *collection)
{
    bson_error_t error = {0};
    mongoc_collection_t *target =
        mongoc_client_get_collection(used->client, used->database->options->db, collection);
    truth_call_begin(used->log);
    bool good = mongoc_collection_drop_with_opts(target, NULL, &error);
    truth_call_end(used->log, TRUTH_NONE, NULL, 0, 0);
    mongoc_collection_destroy(target);
    if (!good && error.code != CODE_NAMESPACE_NOT_FOUND &&
        strcmp(error.message, "ns not found") != 0) {
        db_report("dropping a collection", &error);
        return false;
    }
    return true;
}
