/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: registrations on single clients. */
#include "events.h"

static void full(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_work(client);
    mongoc_client_destroy(client);
}

static void ping(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    events_ping(client);
    mongoc_client_destroy(client);
}

static void after_first(const char *uri)
{
    mongoc_client_t *client = events_client(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_ping(client);
    events_set(client, table, EVENTS_A);
    events_work(client);
    mongoc_client_destroy(client);
    mongoc_apm_callbacks_destroy(table);
}

static void twice(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_apm_callbacks_t *other = events_other_table();
    events_ping(client);
    events_set(client, other, EVENTS_B);
    events_work(client);
    events_set(client, other, EVENTS_C);
    events_ping(client);
    mongoc_client_destroy(client);
    mongoc_apm_callbacks_destroy(other);
}

static void cleared(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, EVENTS_ALL, EVENTS_A);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_ping(client);
    events_set(client, NULL, EVENTS_B);
    events_work(client);
    events_set(client, table, EVENTS_C);
    events_ping(client);
    events_set(client, NULL, NULL);
    mongoc_client_destroy(client);
    mongoc_apm_callbacks_destroy(table);
}

static void cleared_first(const char *uri)
{
    mongoc_client_t *client = events_client(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_set(client, NULL, EVENTS_A);
    events_ping(client);
    events_set(client, table, EVENTS_B);
    events_ping(client);
    mongoc_client_destroy(client);
    mongoc_apm_callbacks_destroy(table);
}

/* A table without any callback, and one whose callbacks were taken out again. */
static void empty_table(const char *uri)
{
    mongoc_client_t *client = events_monitored(uri, 0, EVENTS_A);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_ping(client);
    mongoc_apm_set_command_succeeded_cb(table, NULL);
    mongoc_apm_set_command_failed_cb(table, NULL);
    events_set(client, table, EVENTS_B);
    events_work(client);
    mongoc_client_destroy(client);
    mongoc_apm_callbacks_destroy(table);
    mongoc_apm_callbacks_destroy(NULL);
}

static void only(const char *uri, int which, void *context)
{
    mongoc_client_t *client = events_monitored(uri, which, context);
    events_work(client);
    mongoc_client_destroy(client);
}

static void only_started(const char *uri)
{
    only(uri, EVENTS_STARTED, EVENTS_A);
}

static void only_succeeded(const char *uri)
{
    only(uri, EVENTS_SUCCEEDED, EVENTS_A);
}

static void only_failed(const char *uri)
{
    only(uri, EVENTS_FAILED, EVENTS_A);
}

static void only_servers(const char *uri)
{
    only(uri, EVENTS_SERVERS, EVENTS_A);
}

static void no_context(const char *uri)
{
    only(uri, EVENTS_ALL, NULL);
}

/* One table for two clients; what is done to it later is no business of a client that has it. */
static void shared_table(const char *uri)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    mongoc_client_t *first = events_client(uri), *second = events_client(uri);
    events_set(first, table, EVENTS_A);
    events_set_other_succeeded(table);
    mongoc_apm_set_command_failed_cb(table, NULL);
    events_set(second, table, EVENTS_B);
    events_work(first);
    events_work(second);
    mongoc_apm_set_command_succeeded_cb(table, NULL);
    events_ping(first);
    events_ping(second);
    events_set(first, table, EVENTS_C);
    mongoc_apm_callbacks_destroy(table);
    events_work(first);
    mongoc_client_destroy(second);
    mongoc_client_destroy(first);
}

/* Clients that come and go; memory of one is used again for another. */
static void many(const char *uri)
{
    mongoc_client_t *a = events_monitored(uri, EVENTS_ALL, EVENTS_A),
                    *b = events_monitored(uri, EVENTS_ALL, EVENTS_B);
    events_ping(a);
    events_ping(b);
    mongoc_client_destroy(a);
    mongoc_client_t *plain = events_client(uri), *c = events_monitored(uri, EVENTS_ALL, EVENTS_C);
    events_ping(plain);
    events_ping(c);
    mongoc_client_destroy(b);
    events_ping(c);
    mongoc_client_destroy(plain);
    mongoc_client_destroy(c);
}

/* Tables that come and go at one address, with callbacks and without. */
static void reused_tables(const char *uri)
{
    mongoc_client_t *client = events_client(uri);
    static const int kinds[] = {EVENTS_ALL, EVENTS_STARTED, EVENTS_SUCCEEDED,
                                0,          EVENTS_FAILED,  EVENTS_ALL};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        mongoc_apm_callbacks_t *table = events_table(kinds[i]);
        events_set(client, table, i % 2 ? EVENTS_A : EVENTS_B);
        mongoc_apm_callbacks_destroy(table);
        events_ping(client);
        events_command(client, EVENTS_DATABASE, "{\"noSuchCommand\": 1}");
    }
    mongoc_client_destroy(client);
}

/* ---- more than a table for them would hold ---- */

enum { CLIENTS = 8400, TABLES = 32000, KEPT = 2000, TRIED = 12 };

static void crowded_clients(const char *uri)
{
    static mongoc_client_t *clients[CLIENTS];
    mongoc_apm_callbacks_t *table = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED);
    int done = 0;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = events_client(uri);
        done += mongoc_client_set_apm_callbacks(clients[i], table, i % 2 ? EVENTS_A : EVENTS_B);
    }
    events_say(false, "set %d", done);
    for (int i = 0; i < CLIENTS; i += CLIENTS / TRIED) {
        events_ping(clients[i]);
        events_ping(clients[CLIENTS - 1 - i / 10]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        mongoc_client_destroy(clients[i]);
    }
    mongoc_apm_callbacks_destroy(table);
}

static void try_table(const char *uri, mongoc_apm_callbacks_t *table)
{
    mongoc_client_t *client = events_client(uri);
    events_set(client, table, EVENTS_A);
    events_ping(client);
    events_command(client, EVENTS_DATABASE, "{\"noSuchCommand\": 1}");
    mongoc_client_destroy(client);
}

/* Each table gets its callbacks at two times; most are gone at the second. */
static void crowded_tables(const char *uri)
{
    static mongoc_apm_callbacks_t *tables[TABLES];
    for (int i = 0; i < TABLES; i++) {
        tables[i] = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED);
    }
    for (int i = 0; i < TABLES - KEPT; i++) {
        mongoc_apm_callbacks_destroy(tables[i]);
    }
    for (int i = TABLES - KEPT; i < TABLES; i++) {
        events_set_failed(tables[i]);
    }
    for (int i = TABLES - KEPT; i < TABLES; i += KEPT / TRIED) {
        try_table(uri, tables[i]);
    }
    for (int i = TABLES - KEPT; i < TABLES; i++) {
        mongoc_apm_callbacks_destroy(tables[i]);
    }
}

const struct events_scenario EVENTS_CLIENT[] = {
    {"full", full},
    {"ping", ping},
    {"after-first", after_first},
    {"twice", twice},
    {"cleared", cleared},
    {"cleared-first", cleared_first},
    {"empty-table", empty_table},
    {"only-started", only_started},
    {"only-succeeded", only_succeeded},
    {"only-failed", only_failed},
    {"only-servers", only_servers},
    {"no-context", no_context},
    {"shared-table", shared_table},
    {"many", many},
    {"reused-tables", reused_tables},
    {"crowded-clients", crowded_clients},
    {"crowded-tables", crowded_tables},
    {NULL, NULL},
};
