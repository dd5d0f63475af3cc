/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets URI SECRET [IGNORED...]: drives a secret string through every place where a program hands
 * data to the driver: documents, filters, updates, _id, index keys' values, error paths (duplicate
 * keys, a filter that the server refuses, a command that fails with the secret in its text, a wrong
 * host). Prints nothing. Further arguments are ignored: they are there to be seen in argv. If the
 * last one is "hold", it prints "ready" then and waits for the end of its standard input.
 */
#include "driver_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *secret;

static bson_t *secret_document(void)
{
    return BCON_NEW("_id", BCON_UTF8(secret), "name", BCON_UTF8(secret), "nested", "{", "list", "[",
                    BCON_UTF8(secret), "]", "}");
}

static void write_secrets(mongoc_collection_t *collection)
{
    bson_t *document = secret_document();
    bson_t *selector = BCON_NEW("name", BCON_UTF8(secret));
    bson_t *update = BCON_NEW("$set", "{", "name", BCON_UTF8(secret), "}");
    bson_error_t error;
    for (int i = 0; i < 2;
         i++) { /* the second one is a duplicate key, whose error text holds the secret */
        mongoc_collection_insert_one(collection, document, NULL, NULL, &error);
    }
    mongoc_collection_update_one(collection, selector, update, NULL, NULL, &error);
    mongoc_collection_update_one(collection, selector, document, NULL, NULL,
                                 &error); /* refused by the driver itself */
    mongoc_collection_delete_one(collection, selector, NULL, NULL, &error);
    bson_destroy(document);
    bson_destroy(selector);
    bson_destroy(update);
}

static void bulk_secrets(mongoc_collection_t *collection)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    bson_t *document = secret_document();
    bson_t *selector = BCON_NEW("_id", BCON_UTF8(secret));
    bson_error_t error;
    mongoc_bulk_operation_insert(bulk, document);
    mongoc_bulk_operation_insert(bulk, document);
    mongoc_bulk_operation_replace_one_with_opts(bulk, selector, document, NULL, &error);
    mongoc_bulk_operation_execute(bulk, NULL, &error);
    mongoc_bulk_operation_destroy(bulk);
    bson_destroy(document);
    bson_destroy(selector);
}

static void read_secrets(mongoc_collection_t *collection, const char *operator_name)
{
    bson_t *filter = BCON_NEW("name", "{", operator_name, BCON_UTF8(secret), "}");
    const bson_t *document = NULL;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, filter, NULL, NULL);
    while (mongoc_cursor_next(cursor, &document)) {}
    mongoc_cursor_destroy(cursor);
    mongoc_collection_count_documents(collection, filter, NULL, NULL, NULL, NULL);
    bson_destroy(filter);
}

static void fail_with_secrets(mongoc_client_t *client)
{
    bson_t *unknown = BCON_NEW("noSuchCommand", BCON_UTF8(secret));
    bson_t *index =
        BCON_NEW("createIndexes", BCON_UTF8("secrets"), "indexes", "[", "{", "key", "{", "name",
                 BCON_INT32(1), "}", "name", BCON_UTF8("by_name"), "partialFilterExpression", "{",
                 "name", BCON_UTF8(secret), "}", "}", "]");
    bson_error_t error;
    mongoc_client_command_simple(client, WORK_DATABASE, unknown, NULL, NULL, &error);
    mongoc_client_command_simple(client, WORK_DATABASE, index, NULL, NULL, &error);
    bson_destroy(unknown);
    bson_destroy(index);
}

/* Nobody listens on port 1: the error text names the host, the URI holds user and password. */
static void connect_with_secrets(void)
{
    char uri[512];
    snprintf(uri, sizeof uri,
             "mongodb://user%s:password%s@127.0.0.1:1/?serverSelectionTimeoutMS=100&appname=app%s",
             secret, secret, secret);
    mongoc_client_t *client = mongoc_client_new(uri);
    if (client != NULL) {
        work_ping(client);
        mongoc_client_destroy(client);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: secrets URI SECRET [IGNORED...]\n");
        return 2;
    }
    mongoc_init();
    secret = argv[2];
    mongoc_client_t *client = mongoc_client_new(argv[1]);
    if (client == NULL) {
        return 1;
    }
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, WORK_DATABASE, "secrets");
    write_secrets(collection);
    bulk_secrets(collection);
    read_secrets(collection, "$eq");
    read_secrets(collection, "$noSuchOperator");
    fail_with_secrets(client);
    connect_with_secrets();
    if (strcmp(argv[argc - 1], "hold") == 0) {
        puts("ready");
        fflush(stdout);
        while (getchar() != EOF) {}
    }
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
    return 0;
}
