/* SPDX-License-Identifier: Apache-2.0 */
/* The twelve callbacks, each of which prints all that its event has. */
#include "events.h"

#include <string.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

void (*events_inside)(const char *command);

static __thread const char *prefix = "";

/* ---- commands ---- */

/* What started, succeeded and failed events have in common. */
struct common {
    const char *event, *name, *database;
    int64_t request, operation, connection;
    const mongoc_host_list_t *host;
    uint32_t server;
    const bson_oid_t *service;
    const void *context;
};

#if MONGOC_CHECK_VERSION(1, 24, 0)
#define CONNECTION(kind) mongoc_apm_command_##kind##_get_server_connection_id_int64
#else
#define CONNECTION(kind) mongoc_apm_command_##kind##_get_server_connection_id
#endif

#define COMMON(kind, database_name)                                                                \
    {                                                                                              \
        .event = "command_" #kind,                                                                 \
        .name = mongoc_apm_command_##kind##_get_command_name(event),                               \
        .database = database_name,                                                                 \
        .request = mongoc_apm_command_##kind##_get_request_id(event),                              \
        .operation = mongoc_apm_command_##kind##_get_operation_id(event),                          \
        .connection = CONNECTION(kind)(event),                                                     \
        .host = mongoc_apm_command_##kind##_get_host(event),                                       \
        .server = mongoc_apm_command_##kind##_get_server_id(event),                                \
        .service = mongoc_apm_command_##kind##_get_service_id(event),                              \
        .context = mongoc_apm_command_##kind##_get_context(event),                                 \
    }

#if MONGOC_CHECK_VERSION(1, 27, 0)
#define DATABASE(kind) mongoc_apm_command_##kind##_get_database_name(event)
#else
#define DATABASE(kind) "(none in this driver)"
#endif

static void say_command(const struct common *c, const char *rest)
{
    events_say(false,
               "%s%s name=%s database=%s %s %s host=%s server=%u service=%s %s context=%s %s",
               prefix, c->event, c->name, c->database, events_number(false, "request", c->request),
               events_number(false, "operation", c->operation), c->host->host_and_port, c->server,
               c->service ? "yes" : "no", events_number(false, "connection", c->connection),
               events_context_name(c->context), rest);
}

/* Appends `name`, the document's size and the document to the event's line, or `none`. */
static void say_with_document(const struct common *c, const char *before, const char *name,
                              const bson_t *document)
{
    char *json = document ? events_json(false, document) : NULL;
    char *rest = json ? bson_strdup_printf("%s%s(%u bytes)=%s", before, name, document->len, json)
                      : bson_strdup_printf("%s%s=none", before, name);
    say_command(c, rest);
    bson_free(rest);
    bson_free(json);
}

static void go_inside(const char *command)
{
    if (events_inside) {
        events_inside(command);
    }
}

static void started(const mongoc_apm_command_started_t *event)
{
    struct common c = COMMON(started, mongoc_apm_command_started_get_database_name(event));
    say_with_document(&c, "", "command", mongoc_apm_command_started_get_command(event));
    go_inside(c.name);
}

static void succeeded(const mongoc_apm_command_succeeded_t *event)
{
    struct common c = COMMON(succeeded, DATABASE(succeeded));
    bool timed = mongoc_apm_command_succeeded_get_duration(event) >= 0;
    say_with_document(&c, timed ? "timed " : "untimed ", "reply",
                      mongoc_apm_command_succeeded_get_reply(event));
    go_inside(c.name);
}

static void failed(const mongoc_apm_command_failed_t *event)
{
    struct common c = COMMON(failed, DATABASE(failed));
    bson_error_t error = {0};
    mongoc_apm_command_failed_get_error(event, &error);
    bool timed = mongoc_apm_command_failed_get_duration(event) >= 0;
    char *before = bson_strdup_printf("%s error=%u/%u(%s) ", timed ? "timed" : "untimed",
                                      error.domain, error.code, error.message);
    say_with_document(&c, before, "reply", mongoc_apm_command_failed_get_reply(event));
    bson_free(before);
}

/* ---- servers and topologies ---- */

#define SAY_PLACE(kind, host, rest_format, ...)                                                    \
    do {                                                                                           \
        bson_oid_t id;                                                                             \
        mongoc_apm_##kind##_get_topology_id(event, &id);                                           \
        events_say(true, "%s" #kind " host=%s %s context=%s " rest_format, prefix, host,           \
                   events_label(true, "topology", &id, sizeof id),                                 \
                   events_context_name(mongoc_apm_##kind##_get_context(event)), __VA_ARGS__);      \
    } while (0)
#define HOST(kind) mongoc_apm_##kind##_get_host(event)->host_and_port

static void server_changed(const mongoc_apm_server_changed_t *event)
{
    const mongoc_server_description_t *old =
        mongoc_apm_server_changed_get_previous_description(event);
    const mongoc_server_description_t *new = mongoc_apm_server_changed_get_new_description(event);
    char *hello = events_json(true, mongoc_server_description_hello_response(new));
    SAY_PLACE(server_changed, HOST(server_changed), "%s %u %s -> %s %u %s hello=%s",
              mongoc_server_description_type(old), mongoc_server_description_id(old),
              mongoc_server_description_host(old)->host_and_port,
              mongoc_server_description_type(new), mongoc_server_description_id(new),
              mongoc_server_description_host(new)->host_and_port, hello);
    bson_free(hello);
}

static void server_opening(const mongoc_apm_server_opening_t *event)
{
    SAY_PLACE(server_opening, HOST(server_opening), "%s", "");
}

static void server_closed(const mongoc_apm_server_closed_t *event)
{
    SAY_PLACE(server_closed, HOST(server_closed), "%s", "");
}

/* The type of the topology's server; a server's name for it ends with the description, so it is one
 * of these. */
static const char *first_server(const mongoc_topology_description_t *topology)
{
    static const char *const types[] = {"Unknown", "Standalone", "RSPrimary", "RSSecondary",
                                        "Mongos",  "RSOther",    "RSGhost"};
    size_t count = 0;
    const char *type = "no server of a known type";
    mongoc_server_description_t **servers =
        mongoc_topology_description_get_servers(topology, &count);
    for (size_t i = 0; count > 0 && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i], mongoc_server_description_type(servers[0])) == 0) {
            type = types[i];
        }
    }
    mongoc_server_descriptions_destroy_all(servers, count);
    return type;
}

static void topology_changed(const mongoc_apm_topology_changed_t *event)
{
    const mongoc_topology_description_t *old =
        mongoc_apm_topology_changed_get_previous_description(event);
    const mongoc_topology_description_t *new =
        mongoc_apm_topology_changed_get_new_description(event);
    SAY_PLACE(topology_changed, "-", "%s with %s -> %s with %s",
              mongoc_topology_description_type(old), first_server(old),
              mongoc_topology_description_type(new), first_server(new));
}

static void topology_opening(const mongoc_apm_topology_opening_t *event)
{
    SAY_PLACE(topology_opening, "-", "%s", "");
}

static void topology_closed(const mongoc_apm_topology_closed_t *event)
{
    SAY_PLACE(topology_closed, "-", "%s", "");
}

#define SAY_HEARTBEAT(kind, rest_format, ...)                                                      \
    events_say(                                                                                    \
        true, "%sserver_heartbeat_" #kind " host=%s awaited=%d context=%s " rest_format, prefix,   \
        HOST(server_heartbeat_##kind), mongoc_apm_server_heartbeat_##kind##_get_awaited(event),    \
        events_context_name(mongoc_apm_server_heartbeat_##kind##_get_context(event)), __VA_ARGS__)

static void heartbeat_started(const mongoc_apm_server_heartbeat_started_t *event)
{
    SAY_HEARTBEAT(started, "%s", "");
}

static void heartbeat_succeeded(const mongoc_apm_server_heartbeat_succeeded_t *event)
{
    const bson_t *reply = mongoc_apm_server_heartbeat_succeeded_get_reply(event);
    char *json = events_json(true, reply);
    bool timed = mongoc_apm_server_heartbeat_succeeded_get_duration(event) >= 0;
    SAY_HEARTBEAT(succeeded, "%s reply(%u bytes)=%s", timed ? "timed" : "untimed", reply->len,
                  json);
    bson_free(json);
}

static void heartbeat_failed(const mongoc_apm_server_heartbeat_failed_t *event)
{
    bson_error_t error = {0};
    mongoc_apm_server_heartbeat_failed_get_error(event, &error);
    bool timed = mongoc_apm_server_heartbeat_failed_get_duration(event) >= 0;
    SAY_HEARTBEAT(failed, "%s error=%u/%u(%s)", timed ? "timed" : "untimed", error.domain,
                  error.code, error.message);
}

/* ---- tables ---- */

static void set_servers(mongoc_apm_callbacks_t *table)
{
    mongoc_apm_set_server_changed_cb(table, server_changed);
    mongoc_apm_set_server_opening_cb(table, server_opening);
    mongoc_apm_set_server_closed_cb(table, server_closed);
    mongoc_apm_set_topology_changed_cb(table, topology_changed);
    mongoc_apm_set_topology_opening_cb(table, topology_opening);
    mongoc_apm_set_topology_closed_cb(table, topology_closed);
    mongoc_apm_set_server_heartbeat_started_cb(table, heartbeat_started);
    mongoc_apm_set_server_heartbeat_succeeded_cb(table, heartbeat_succeeded);
    mongoc_apm_set_server_heartbeat_failed_cb(table, heartbeat_failed);
}

mongoc_apm_callbacks_t *events_table(int which)
{
    mongoc_apm_callbacks_t *table = mongoc_apm_callbacks_new();
    if (which & EVENTS_STARTED) {
        mongoc_apm_set_command_started_cb(table, started);
    }
    if (which & EVENTS_SUCCEEDED) {
        mongoc_apm_set_command_succeeded_cb(table, succeeded);
    }
    if (which & EVENTS_FAILED) {
        mongoc_apm_set_command_failed_cb(table, failed);
    }
    if (which & EVENTS_SERVERS) {
        set_servers(table);
    }
    return table;
}

#define OTHER(function, type)                                                                      \
    static void other_##function(const type *event)                                                \
    {                                                                                              \
        prefix = "other ";                                                                         \
        function(event);                                                                           \
        prefix = "";                                                                               \
    }

OTHER(started, mongoc_apm_command_started_t)
OTHER(succeeded, mongoc_apm_command_succeeded_t)
OTHER(failed, mongoc_apm_command_failed_t)
OTHER(server_changed, mongoc_apm_server_changed_t)
OTHER(topology_closed, mongoc_apm_topology_closed_t)
OTHER(heartbeat_failed, mongoc_apm_server_heartbeat_failed_t)

mongoc_apm_callbacks_t *events_other_table(void)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    mongoc_apm_set_command_started_cb(table, other_started);
    mongoc_apm_set_command_succeeded_cb(table, other_succeeded);
    mongoc_apm_set_command_failed_cb(table, other_failed);
    mongoc_apm_set_server_changed_cb(table, other_server_changed);
    mongoc_apm_set_topology_closed_cb(table, other_topology_closed);
    mongoc_apm_set_server_heartbeat_failed_cb(table, other_heartbeat_failed);
    return table;
}

void events_set_other_succeeded(mongoc_apm_callbacks_t *table)
{
    mongoc_apm_set_command_succeeded_cb(table, other_succeeded);
}

void events_set_failed(mongoc_apm_callbacks_t *table)
{
    mongoc_apm_set_command_failed_cb(table, failed);
}
