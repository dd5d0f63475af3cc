/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_DB_H
#define MASKER_DB_H

/*
 * Connections and single commands. Without workers a database is one client, used by the main
 * thread; with workers it is a client pool, of which every thread pops its own client.
 */

#include "options.h"
#include "rules.h"
#include "truth.h"

#include <mongoc/mongoc.h>

typedef struct {
    const options *options;
    truth *truth;
    mongoc_client_t *client;    /* single-threaded only */
    mongoc_client_pool_t *pool; /* with workers only */
} database;

/* What one thread works with. */
typedef struct {
    database *database;
    mongoc_client_t *client;
    truth_log *log;
} connection;

/* Builds the client or the pool; no I/O yet. False after an error message. */
bool database_open(database *result, const options *opts, truth *record, truth_log *log);
void database_close(database *closed);

/* The client of the calling thread. Single-threaded, one connection may be open at a time. */
void connection_open(connection *result, database *source, truth_log *log);
void connection_close(connection *closed);

/* One round trip that shows that the server can be reached. False after an error message. */
bool db_ping(connection *used);

/* Drops a collection; one that does not exist is no error. False after an error message. */
bool db_drop(connection *used, const char *collection);

/* Creates the indexes of the list, if there are any. False after an error message. */
bool db_create_indexes(connection *used, const char *collection, const index_rule *list);

/* "database.collection"; freed with bson_free(). */
char *db_namespace(const connection *used, const char *collection);

/*
 * "<what> failed: <reason>" on standard error. Reasons that come from the server are reported by
 * code alone, because servers quote values of documents in their texts.
 */
void db_report(const char *what, const bson_error_t *error);

#endif
