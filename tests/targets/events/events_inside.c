/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: callbacks that do more than print. */
#include "events.h"

#include <setjmp.h>

static mongoc_client_t *inner_client;

static void use_inner_client(const char *command)
{
    mongoc_client_t *client = inner_client;
    if (client && strcmp(command, "endSessions") != 0) {
        inner_client = NULL; /* its own events come here, too */
        events_say(false, "inside %s", command);
        events_insert(client, 2);
        inner_client = client;
    }
}

static void inside_with(const char *uri, mongoc_client_t *inner)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_inside = use_inner_client;
    inner_client = inner;
    events_work(client);
    mongoc_client_destroy(client);
    inner_client = NULL;
    events_inside = NULL;
    mongoc_client_destroy(inner);
}

static void inside_plain(const char *uri)
{
    inside_with(uri, events_client(uri));
}

static void inside_monitored(const char *uri)
{
    inside_with(uri, events_monitored(uri, EVENTS_ALL, EVENTS_B));
}

static const char *inner_uri;

/* A client that lives inside a callback. */
static void make_client(const char *command)
{
    events_inside = NULL;
    events_say(false, "inside %s", command);
    mongoc_client_t *client =
        events_monitored(inner_uri, EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED, EVENTS_B);
    events_work(client);
    mongoc_client_destroy(client);
    events_inside = strcmp(command, "find") == 0 ? NULL : make_client;
}

static void inside_new(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    inner_uri = uri;
    events_inside = make_client;
    events_work(client);
    mongoc_client_destroy(client);
}

/* A pool that is made, registered with and first popped inside a callback, and lives on. */
static mongoc_client_pool_t *inner_pool;

static void make_pool(const char *command)
{
    events_inside = NULL;
    events_say(false, "inside %s", command);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED);
    inner_pool = events_pool(inner_uri);
    events_set_pool(inner_pool, table, EVENTS_B);
    mongoc_apm_callbacks_destroy(table);
    mongoc_client_t *client = mongoc_client_pool_pop(inner_pool);
    events_ping(client);
    mongoc_client_pool_push(inner_pool, client);
}

static void inside_pool(const char *uri)
{
    mongoc_client_t *single =
        events_monitored(uri, EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED, EVENTS_A);
    inner_uri = uri;
    events_inside = make_pool;
    events_ping(single);
    mongoc_client_t *client = mongoc_client_pool_pop(inner_pool);
    events_work(client);
    mongoc_client_pool_push(inner_pool, client);
    mongoc_client_pool_destroy(inner_pool);
    mongoc_client_destroy(single);
}

static mongoc_client_t *changing_client;
static mongoc_apm_callbacks_t *next_table;

static void set_inside(const char *command)
{
    events_inside = NULL;
    events_say(false, "inside %s", command);
    events_set(changing_client, next_table, EVENTS_B);
}

/* From inside a callback the client gets other callbacks: `started` and `succeeded` of one command
 * may differ. */
static void change_inside(const char *uri, mongoc_apm_callbacks_t *table)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_inside = set_inside;
    changing_client = client;
    next_table = table;
    events_work(client);
    mongoc_client_destroy(client);
    if (table) {
        mongoc_apm_callbacks_destroy(table);
    }
}

static void inside_set(const char *uri)
{
    change_inside(uri, events_other_table());
}

static void inside_cleared(const char *uri)
{
    change_inside(uri, NULL);
}

static jmp_buf landing;

static void jump(const char *command)
{
    events_inside = NULL;
    events_say(false, "jump out of %s", command);
    longjmp(landing, 1);
}

/* A callback that does not return, as PHP's bailout; the client is given up, and another one used.
 */
static void jump_out(const char *uri)
{
    mongoc_client_t *volatile left =
        events_monitored(uri, EVENTS_SUCCEEDED | EVENTS_SERVERS, EVENTS_A);
    if (setjmp(landing) == 0) {
        events_inside = jump;
        events_ping(left);
    }
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_work(client);
    mongoc_client_destroy(client);
}

const struct events_scenario EVENTS_INSIDE[] = {
    {"inside-plain", inside_plain}, {"inside-monitored", inside_monitored},
    {"inside-new", inside_new},     {"inside-pool", inside_pool},
    {"inside-set", inside_set},     {"inside-cleared", inside_cleared},
    {"jump-out", jump_out},         {NULL, NULL},
};
