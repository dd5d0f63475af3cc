/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: the driver's log, and its structured log where it has one. */
#include "events.h"

/* ---- the log ---- */

static void own_handler(mongoc_log_level_t level, const char *domain, const char *message,
                        void *context)
{
    events_say(true, "log %s %s context=%s: %s", mongoc_log_level_str(level), domain,
               events_context_name(context), message);
}

/* Things that the driver logs: refused registrations, and what the program logs itself. */
static void provoke(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_set_pool(pool, table, EVENTS_A);
    events_set_pool(pool, table, EVENTS_A);
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_set(client, table, EVENTS_B);
    mongoc_log(MONGOC_LOG_LEVEL_WARNING, "events", "a warning of the %s", "program");
    mongoc_log(MONGOC_LOG_LEVEL_INFO, "events", "a note");
    events_ping(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_apm_callbacks_destroy(table);
}

static void log_own(const char *uri)
{
    mongoc_log_set_handler(own_handler, EVENTS_C);
    provoke(uri);
}

static void log_default(const char *uri)
{
    mongoc_log_set_handler(own_handler, EVENTS_C);
    mongoc_log_set_handler(mongoc_log_default_handler, NULL);
    provoke(uri);
}

static void log_none(const char *uri)
{
    mongoc_log_set_handler(NULL, NULL);
    provoke(uri);
}

/* ---- the structured log ---- */

#if MONGOC_CHECK_VERSION(1, 30, 0)

static void structured(const mongoc_structured_log_entry_t *entry, void *context)
{
    bson_t *message = mongoc_structured_log_entry_message_as_bson(entry);
    mongoc_structured_log_component_t component = mongoc_structured_log_entry_get_component(entry);
    bool background = component != MONGOC_STRUCTURED_LOG_COMPONENT_COMMAND;
    char *json = events_json(background, message);
    events_say(background, "structured %s %s context=%s %s %s",
               mongoc_structured_log_get_component_name(component),
               mongoc_structured_log_get_level_name(mongoc_structured_log_entry_get_level(entry)),
               events_context_name(context), mongoc_structured_log_entry_get_message_string(entry),
               json);
    bson_free(json);
    bson_destroy(message);
}

static mongoc_structured_log_opts_t *structured_options(void *context)
{
    mongoc_structured_log_opts_t *options = mongoc_structured_log_opts_new();
    mongoc_structured_log_opts_set_handler(options, structured, context);
    mongoc_structured_log_opts_set_max_level_for_all_components(options,
                                                                MONGOC_STRUCTURED_LOG_LEVEL_DEBUG);
    mongoc_structured_log_opts_set_max_document_length(options, 100000);
    return options;
}

/* With monitoring, without, again with it, and without the log. */
static void structured_client(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_structured_log_opts_t *b = structured_options(EVENTS_B),
                                 *c = structured_options(EVENTS_C);
    events_say(false, "set log -> %d", mongoc_client_set_structured_log_opts(client, b));
    events_work(client);
    events_set(client, NULL, NULL);
    events_work(client);
    events_say(false, "set log -> %d", mongoc_client_set_structured_log_opts(client, c));
    events_ping(client);
    events_say(false, "set log -> %d", mongoc_client_set_structured_log_opts(client, NULL));
    events_ping(client);
    mongoc_client_destroy(client);
    mongoc_structured_log_opts_destroy(b);
    mongoc_structured_log_opts_destroy(c);
}

/* Without monitoring of the program. */
static void structured_only(const char *uri)
{
    mongoc_client_t *client = events_client(uri);
    mongoc_structured_log_opts_t *options = structured_options(EVENTS_A);
    events_say(false, "set log -> %d", mongoc_client_set_structured_log_opts(client, options));
    events_work(client);
    mongoc_client_destroy(client);
    mongoc_structured_log_opts_destroy(options);
}

/* The driver takes one set of options for a pool, warns when a client was popped, and refuses a
 * pool's client. */
static void structured_pool(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_structured_log_opts_t *options = structured_options(EVENTS_A);
    events_say(false, "set log -> %d", mongoc_client_pool_set_structured_log_opts(pool, options));
    events_say(false, "set log -> %d", mongoc_client_pool_set_structured_log_opts(pool, options));
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_work(client);
    events_say(false, "set log of the pool's client -> %d",
               mongoc_client_set_structured_log_opts(client, options));
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_structured_log_opts_destroy(options);
}

static void structured_late(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_structured_log_opts_t *options = structured_options(EVENTS_A);
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_ping(client);
    events_say(false, "set log -> %d", mongoc_client_pool_set_structured_log_opts(pool, options));
    events_work(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_structured_log_opts_destroy(options);
}

#else

static void structured_missing(const char *uri)
{
    events_say(false, "this driver has no structured log");
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_work(client);
    mongoc_client_destroy(client);
}
#define structured_client structured_missing
#define structured_only   structured_missing
#define structured_pool   structured_missing
#define structured_late   structured_missing

#endif

const struct events_scenario EVENTS_LOG[] = {
    {"log-own", log_own},
    {"log-default", log_default},
    {"log-none", log_none},
    {"structured-client", structured_client},
    {"structured-only", structured_only},
    {"pool-structured", structured_pool},
    {"pool-structured-late", structured_late},
    {NULL, NULL},
};
