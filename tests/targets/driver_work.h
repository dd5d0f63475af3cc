/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_work.h: the little piece of driver use that the target programs share. Header only, so
 * that each target stays one file and may be compiled in its own way (-fno-plt, as a plugin, ...).
 * No state; any thread may call it with clients of its own.
 */
#ifndef DRIVER_WORK_H
#define DRIVER_WORK_H

#include <mongoc/mongoc.h>

#define WORK_DATABASE   "targets"
#define WORK_COLLECTION "work"

/* True if the server answered the ping. */
static inline bool work_ping(mongoc_client_t *client)
{
    bson_t *command = BCON_NEW("ping", BCON_INT32(1));
    const bool good = mongoc_client_command_simple(client, "admin", command, NULL, NULL, NULL);
    bson_destroy(command);
    return good;
}

/* True if the server took a document that holds `number`. */
static inline bool work_insert(mongoc_client_t *client, int64_t number)
{
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, WORK_DATABASE, WORK_COLLECTION);
    bson_t *document = BCON_NEW("number", BCON_INT64(number));
    const bool good = mongoc_collection_insert_one(collection, document, NULL, NULL, NULL);
    bson_destroy(document);
    mongoc_collection_destroy(collection);
    return good;
}

/* `rounds` times a ping and an insert with a client of its own. Returns the number of operations
 * that failed. */
static inline int work_rounds(const char *uri, int rounds)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    int failed = 0;
    for (int i = 0; client != NULL && i < rounds; i++) {
        failed += work_ping(client) ? 0 : 1;
        failed += work_insert(client, i) ? 0 : 1;
    }
    mongoc_client_destroy(client);
    return client == NULL ? rounds : failed;
}

#endif
