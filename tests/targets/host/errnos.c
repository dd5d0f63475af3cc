/* SPDX-License-Identifier: Apache-2.0 */
/*
 * errnos URI: sets errno to a number of its own before driver calls that need no network and prints
 * what it is after them. The output is the same with and without a profiler.
 */
#include "driver_work.h"

#include <errno.h>
#include <stdio.h>

#define MARK 177

#define SHOW(call)                                                                                 \
    do {                                                                                           \
        errno = MARK;                                                                              \
        call;                                                                                      \
        printf("%s: errno %d\n", #call, errno);                                                    \
    } while (0)

static void show_bulk(mongoc_collection_t *collection, const bson_t *document)
{
    mongoc_bulk_operation_t *bulk = NULL;
    SHOW(bulk = mongoc_collection_create_bulk_operation_with_opts(collection, NULL));
    SHOW(mongoc_bulk_operation_insert(bulk, document));
    SHOW(mongoc_bulk_operation_insert_with_opts(bulk, document, NULL, NULL));
    printf("execute: %s\n", mongoc_bulk_operation_execute(bulk, NULL, NULL) != 0 ? "good" : "bad");
    SHOW(mongoc_bulk_operation_destroy(bulk));
}

static void show_cursor(mongoc_collection_t *collection, const bson_t *filter)
{
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    SHOW(cursor = mongoc_collection_find_with_opts(collection, filter, NULL, NULL));
    printf("first: %d\n", mongoc_cursor_next(cursor, &document));
    SHOW(mongoc_cursor_next(cursor, &document));
    SHOW(mongoc_cursor_more(cursor));
    SHOW(mongoc_cursor_error(cursor, NULL));
    SHOW(mongoc_cursor_destroy(cursor));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: errnos URI\n");
        return 2;
    }
    mongoc_init();
    mongoc_client_t *client = NULL;
    mongoc_collection_t *collection = NULL;
    bson_t *document = BCON_NEW("number", BCON_INT32(1));
    bson_t *everything = bson_new();
    SHOW(client = mongoc_client_new(argv[1]));
    printf("ping: %d\n", work_ping(client));
    SHOW(collection = mongoc_client_get_collection(client, WORK_DATABASE, "errnos"));
    show_bulk(collection, document);
    show_cursor(collection, everything);
    SHOW(mongoc_collection_destroy(collection));
    bson_destroy(document);
    bson_destroy(everything);
    mongoc_client_destroy(client);
    return 0;
}
