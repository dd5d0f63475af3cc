/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: what servers do to the events, and events of more kinds of commands. */
#include "events.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* On a real server: the collection is filled first. */
static void database(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_command(client, EVENTS_DATABASE, "{\"drop\": \"" EVENTS_COLLECTION "\"}");
    events_work(client);
    events_insert(client, 2); /* duplicate keys */
    mongoc_client_destroy(client);
}

/* Commands that the driver does not show in events: they come as `{}`. */
static void redacted(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_command(client, "admin",
                   "{\"createUser\": \"ada\", \"pwd\": \"secret\", \"roles\": []}");
    events_command(client, "admin", "{\"updateUser\": \"ada\", \"pwd\": \"secret\"}");
    events_command(client, "admin",
                   "{\"saslStart\": 1, \"mechanism\": \"PLAIN\", \"payload\": \"secret\"}");
    events_command(client, "admin",
                   "{\"authenticate\": 1, \"user\": \"ada\", \"key\": \"secret\"}");
    events_command(client, "admin",
                   "{\"hello\": 1, \"speculativeAuthenticate\": {\"saslStart\": 1}}");
    events_command(client, "admin", "{\"hello\": 1}");
    mongoc_client_destroy(client);
}

static void unacknowledged(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, EVENTS_DATABASE, EVENTS_COLLECTION);
    mongoc_write_concern_t *concern = mongoc_write_concern_new();
    mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_UNACKNOWLEDGED);
    mongoc_collection_set_write_concern(collection, concern);
    bson_t *document = BCON_NEW("_id", BCON_INT32(7));
    events_say(false, "inserted %d",
               mongoc_collection_insert_one(collection, document, NULL, NULL, NULL));
    bson_destroy(document);
    mongoc_write_concern_destroy(concern);
    mongoc_collection_destroy(collection);
    events_ping(client);
    mongoc_client_destroy(client);
}

/* Writes of several kinds in one bulk, which the driver splits into commands of one operation. */
static void bulk(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, EVENTS_DATABASE, EVENTS_COLLECTION);
    bson_t *unordered = BCON_NEW("ordered", BCON_BOOL(false)),
           *filter = BCON_NEW("_id", BCON_INT32(1));
    bson_t *update = BCON_NEW("$set", "{", "name", BCON_UTF8("Bob"), "}"),
           *document = BCON_NEW("_id", BCON_INT32(9));
    mongoc_bulk_operation_t *writes =
        mongoc_collection_create_bulk_operation_with_opts(collection, unordered);
    for (int i = 0; i < 5; i++) {
        mongoc_bulk_operation_insert(writes, document);
        mongoc_bulk_operation_update_one(writes, filter, update, false);
        mongoc_bulk_operation_remove_one(writes, filter);
    }
    events_say(false, "bulk %d", mongoc_bulk_operation_execute(writes, NULL, NULL) != 0);
    mongoc_bulk_operation_destroy(writes);
    bson_destroy(document);
    bson_destroy(update);
    bson_destroy(filter);
    bson_destroy(unordered);
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
}

static bool read_inside_transaction(mongoc_client_t *client, mongoc_client_session_t *session)
{
    bson_t options = BSON_INITIALIZER,
           *command = BCON_NEW("find", BCON_UTF8(EVENTS_COLLECTION), "batchSize", BCON_INT32(2));
    bool good = mongoc_client_session_start_transaction(session, NULL, NULL) &&
                mongoc_client_session_append(session, &options, NULL) &&
                mongoc_client_read_command_with_opts(client, EVENTS_DATABASE, command, NULL,
                                                     &options, NULL, NULL);
    bson_destroy(command);
    bson_destroy(&options);
    return good;
}

/* A transaction with its end, one without, and the sessions' end, on a replica set. */
static void session(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_client_session_t *held = mongoc_client_start_session(client, NULL, NULL);
    bool good = held && read_inside_transaction(client, held);
    events_say(false, "transaction %d",
               good && mongoc_client_session_commit_transaction(held, NULL, NULL));
    good = held && read_inside_transaction(client, held);
    events_say(false, "transaction %d",
               good && mongoc_client_session_abort_transaction(held, NULL));
    events_work(client);
    mongoc_client_session_destroy(held);
    mongoc_client_destroy(client);
}

/* A cursor that is left before its end, which sends killCursors; and one that streams. */
static void cursors(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, EVENTS_DATABASE, EVENTS_COLLECTION);
    bson_t filter = BSON_INITIALIZER, *batches = BCON_NEW("batchSize", BCON_INT32(2));
    bson_t *streaming = BCON_NEW("batchSize", BCON_INT32(2), "exhaust", BCON_BOOL(true));
    const bson_t *document;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &filter, batches, NULL);
    events_say(false, "first document %d", mongoc_cursor_next(cursor, &document));
    mongoc_cursor_destroy(cursor);
    cursor = mongoc_collection_find_with_opts(collection, &filter, streaming, NULL);
    int documents = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        documents++;
    }
    events_say(false, "streamed %d documents, error %d", documents,
               mongoc_cursor_error(cursor, NULL));
    mongoc_cursor_destroy(cursor);
    bson_destroy(streaming);
    bson_destroy(batches);
    bson_destroy(&filter);
    mongoc_collection_destroy(collection);
    events_ping(client);
    mongoc_client_destroy(client);
}

/* ---- a server that goes away ---- */

static bool accepts(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool accepted = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return accepted;
}

/* Ends the server whose process the program's argument names, and returns when its port is closed.
 */
static void stop_server(const char *uri)
{
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    uint16_t port = mongoc_uri_get_hosts(parsed)->port;
    mongoc_uri_destroy(parsed);
    if (events_argument == NULL || kill(atoi(events_argument), SIGKILL) != 0) {
        events_say(false, "no server to stop");
        return;
    }
    while (accepts(port)) {
        usleep(1000);
    }
    events_say(false, "server stopped");
}

static void away(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_ping(client);
    stop_server(uri);
    events_work(client);
    mongoc_client_destroy(client);
}

static void pool_away(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_set_pool(pool, table, EVENTS_A);
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_ping(client);
    stop_server(uri);
    events_ping(client);
    events_ping(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_apm_callbacks_destroy(table);
}

const struct events_scenario EVENTS_SERVER[] = {
    {"database", database}, {"redacted", redacted},   {"unacknowledged", unacknowledged},
    {"bulk", bulk},         {"session", session},     {"cursors", cursors},
    {"away", away},         {"pool-away", pool_away}, {NULL, NULL},
};
