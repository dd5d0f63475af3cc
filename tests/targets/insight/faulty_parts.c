/* SPDX-License-Identifier: Apache-2.0 */
#include "faulty_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "faulty_masker: %s failed\n", what);
        exit(1);
    }
}

mongoc_client_t *new_client(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    need(client != NULL, "mongoc_client_new");
    return client;
}

mongoc_collection_t *open_collection(mongoc_client_t *client, const char *name)
{
    return mongoc_client_get_collection(client, DATABASE, name);
}

bson_t *new_document(int number, int bytes)
{
    bson_t *document = BCON_NEW("_id", BCON_INT32(number));
    char *notes = bson_malloc0((size_t)bytes + 1);
    memset(notes, 'x', (size_t)bytes);
    BSON_APPEND_UTF8(document, "notes", notes);
    bson_free(notes);
    return document;
}

bool insert_batch(mongoc_collection_t *target, int first, int count, const char *options)
{
    const bson_t **documents = bson_malloc0((size_t)count * sizeof(void *));
    bson_t *given = options != NULL ? bson_new_from_json((const uint8_t *)options, -1, NULL) : NULL;
    for (int i = 0; i < count; i++) {
        documents[i] = new_document(first + i, 100);
    }
    bool good = mongoc_collection_insert_many(target, documents, (size_t)count, given, NULL, NULL);
    for (int i = 0; i < count; i++) {
        bson_destroy((bson_t *)documents[i]);
    }
    bson_free(documents);
    bson_destroy(given);
    return good;
}

int read_documents(mongoc_collection_t *source, int skip, int limit, int batch)
{
    bson_t filter = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("skip", BCON_INT64(skip), "limit", BCON_INT64(limit), "batchSize",
                               BCON_INT32(batch));
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(source, &filter, options, NULL);
    const bson_t *document;
    int count = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        count++;
    }
    need(!mongoc_cursor_error(cursor, NULL), "find");
    mongoc_cursor_destroy(cursor);
    bson_destroy(options);
    bson_destroy(&filter);
    return count;
}

void create_index(mongoc_client_t *client, const char *collection, const char *field)
{
    bson_t *command = BCON_NEW("createIndexes", BCON_UTF8(collection), "indexes", "[", "{", "key",
                               "{", field, BCON_INT32(1), "}", "name", BCON_UTF8(field), "}", "]");
    mongoc_collection_t *indexed = open_collection(client, collection);
    need(mongoc_collection_write_command_with_opts(indexed, command, NULL, NULL, NULL),
         "createIndexes");
    mongoc_collection_destroy(indexed);
    bson_destroy(command);
}

static int64_t used_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

void compute_ms(int milliseconds)
{
    int64_t until_ns = used_ns() + milliseconds * 1000000LL;
    while (used_ns() < until_ns) {}
}

void sleep_ms(int milliseconds)
{
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    while (nanosleep(&left, &left) != 0) {}
}
