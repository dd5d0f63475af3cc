/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events: a program with monitoring of its own. It prints every event of the driver's monitoring,
 * and everything that a registration returns, so that two runs of a scenario print the same. This
 * is what the files events_*.c share.
 *
 * What differs from run to run is replaced: times are left out, and numbers that the driver or the
 * server invents (requests, operations, cursors, sessions, connections, topologies) become `#1`,
 * `#2` in the order in which a thread first shows them, so that equal numbers stay equal. Ports
 * stay: the reader takes them out.
 *
 * Threads: each thread of the program has a record of its own; the driver's threads share one,
 * printed sorted at the end, as their order is nobody's. Events of servers and topologies go there,
 * too, once events_use_pool was called.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdio.h>

#include <mongoc/mongoc.h>

/* ---- events_record.c ---- */

/* Objects that registrations pass as context; an event's line tells which one it got. */
extern char events_contexts[3];
#define EVENTS_A (&events_contexts[0])
#define EVENTS_B (&events_contexts[1])
#define EVENTS_C (&events_contexts[2])
/* "A", "B", "C", "none" for NULL, "unknown" for anything else. */
const char *events_context_name(const void *context);

/* Makes the caller's thread one of the program's, with lines to `out`. */
void events_begin_thread(FILE *out);
void events_end_thread(void);
/* From here on a pool is used: events of servers and topologies are printed at the end. */
void events_use_pool(void);
/* Several threads use the pool: sessions wander between them and are not told apart. */
void events_use_threads(void);

/* One line of the calling thread's record; `background`: of the shared record when a pool is used.
 */
void events_say(bool background, const char *format, ...) BSON_GNUC_PRINTF(2, 3);
/* "name#2" for the second value of that name seen in this record; valid until the eighth next call
 * of the thread. */
const char *events_label(bool background, const char *name, const void *value, size_t bytes);
const char *events_number(bool background, const char *name, int64_t value);
/* Prints the shared record, sorted; `once`: equal lines once. */
void events_print_shared(bool once);

/* ---- events_json.c ---- */

/* The document as text, with what differs between runs replaced; to be freed with bson_free. */
char *events_json(bool background, const bson_t *document);

/* ---- events_print.c ---- */

enum {
    EVENTS_STARTED = 1,
    EVENTS_SUCCEEDED = 2,
    EVENTS_FAILED = 4,
    EVENTS_SERVERS = 8,
    EVENTS_ALL = 15
};
/* A table that prints these events; to be destroyed by the caller. */
mongoc_apm_callbacks_t *events_table(int which);
/* Another table: all events, their lines begin with `other`. */
mongoc_apm_callbacks_t *events_other_table(void);
/* The table's callback for succeeded commands becomes that of events_other_table. */
void events_set_other_succeeded(mongoc_apm_callbacks_t *table);
/* Adds EVENTS_FAILED. */
void events_set_failed(mongoc_apm_callbacks_t *table);
/* Called at the end of each callback for started and succeeded commands, when set. */
extern void (*events_inside)(const char *command);

/* ---- events.c ---- */

#define EVENTS_DATABASE   "events"
#define EVENTS_COLLECTION "docs"

struct events_scenario {
    const char *name;
    void (*run)(const char *uri);
};
extern const struct events_scenario EVENTS_CLIENT[], EVENTS_INSIDE[], EVENTS_SERVER[],
    EVENTS_POOL[], EVENTS_LOG[];

/* The program's further arguments, for the scenarios that want some; NULL: not given. */
extern const char *events_argument;

/* ---- events_work.c ---- */

mongoc_client_t *events_client(const char *uri);
mongoc_client_pool_t *events_pool(const char *uri);
/* Registers, and prints what the registration returned. */
void events_set(mongoc_client_t *client, mongoc_apm_callbacks_t *table, void *context);
void events_set_pool(mongoc_client_pool_t *pool, mongoc_apm_callbacks_t *table, void *context);
/* A client whose events of these kinds come with this context. */
mongoc_client_t *events_monitored(const char *uri, int which, void *context);

/* Runs a command given as JSON, and prints what came of it. */
void events_command(mongoc_client_t *client, const char *database, const char *json);
void events_ping(mongoc_client_t *client);
/* Inserts that many documents at once, and prints what came of it. */
void events_insert(mongoc_client_t *client, int count);
/* Walks the collection in batches of two, and prints how many documents there were. */
void events_find(mongoc_client_t *client);
/* All of the above and a command that fails. */
void events_work(mongoc_client_t *client);

#endif
