/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include <phasetap/phasetap.h>
#include <stdio.h>
#include <stdlib.h>

static mongoc_client_t *client;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "example: %s: %s\n", what, why);
    exit(1);
}

void example_open(int argc, char **argv)
{
    if (argc != 2) {
        fail("one argument is needed", "the URI of a server with the collection masking.patients");
    }
    mongoc_init();
    client = mongoc_client_new(argv[1]);
    if (client == NULL) {
        fail("the URI cannot be used", "it is no MongoDB URI");
    }
}

void example_close(void)
{
    mongoc_client_destroy(client);
    mongoc_cleanup();
}

const char *example_connect(void)
{
    bson_t *command = BCON_NEW("ping", BCON_INT32(1));
    const bool good = mongoc_client_command_simple(client, "admin", command, NULL, NULL, NULL);
    bson_destroy(command);
    return good ? "success" : "failed";
}

static mongoc_collection_t *collection_of(const char *name)
{
    return mongoc_client_get_collection(client, "masking", name);
}

int64_t example_count_patients(void)
{
    bson_t filter = BSON_INITIALIZER;
    bson_error_t error;
    mongoc_collection_t *from = collection_of("patients");
    int64_t count = mongoc_collection_count_documents(from, &filter, NULL, NULL, NULL, &error);
    mongoc_collection_destroy(from);
    if (count < 0) {
        fail("patients were not counted", error.message);
    }
    return count;
}

size_t example_fetch(bson_t **documents, size_t wanted)
{
    bson_t filter = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("batchSize", BCON_INT32(EXAMPLE_BATCH));
    mongoc_collection_t *from = collection_of("patients");
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(from, &filter, options, NULL);
    const bson_t *document;
    bson_error_t error;
    size_t count = 0;
    while (count < wanted && mongoc_cursor_next(cursor, &document)) {
        documents[count++] = bson_copy(document);
    }
    if (mongoc_cursor_error(cursor, &error)) {
        fail("patients were not read", error.message);
    }
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(from);
    bson_destroy(options);
    return count;
}

void example_mask(bson_t **documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bson_t *masked = BCON_NEW("number", BCON_INT64((int64_t)i));
        bson_destroy(documents[i]);
        documents[i] = masked;
    }
}

void example_insert(bson_t **documents, size_t count, const char *collection)
{
    bson_error_t error;
    mongoc_collection_t *to = collection_of(collection);
    const bson_t **all = (const bson_t **)(void *)documents;
    if (count > 0 && !mongoc_collection_insert_many(to, all, count, NULL, NULL, &error)) {
        fail("masked patients were not inserted", error.message);
    }
    mongoc_collection_destroy(to);
}

void example_release(bson_t **documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bson_destroy(documents[i]);
    }
}

void example_process_batch(const char *collection)
{
    bson_t *documents[EXAMPLE_BATCH];
    size_t count = example_fetch(documents, EXAMPLE_BATCH);
    example_mask(documents, count);
    example_insert(documents, count, collection);
    example_release(documents, count);
}

static void add_entry(void *sum_seconds, const struct phasetap_entry *entry)
{
    *(double *)sum_seconds += entry->duration_seconds;
}

static void print_phase(void *unused, const char *name, int recognised,
                        const struct phasetap_summary *summary)
{
    double sum_seconds = 0.0;
    size_t entries = phasetap_each_entry(name, add_entry, &sum_seconds);
    (void)unused;
    printf("%d %lld %.9f %.9f %.9f %zu %.9f %s\n", recognised, (long long)summary->count,
           summary->total_duration, summary->min_duration, summary->max_duration, entries,
           sum_seconds, name);
}

void example_print_phases(void)
{
    (void)phasetap_each_phase(print_phase, NULL);
}
