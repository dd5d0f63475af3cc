/* SPDX-License-Identifier: Apache-2.0 */
/*
 * original_examples MODE URI FOLDER: the examples of the original's documentation in their C form,
 * around real calls of the driver, with the phase names that the original used. See the table at
 * the bottom for the modes. What phasetap answers inside the process goes into FOLDER/figures.txt,
 * a line for each phase: recognised, count, total, least, most, entries, name.
 */
#include <mongoc/mongoc.h>
#include <phasetap/phasetap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH       100
#define BATCHES     5
#define COLLECTIONS 3

static mongoc_client_t *client;
static const char *folder;

static mongoc_collection_t *collection(const char *name)
{
    return mongoc_client_get_collection(client, "masking", name);
}

static bool ping(void)
{
    bson_t *command = BCON_NEW("ping", BCON_INT32(1));
    const bool good = mongoc_client_command_simple(client, "admin", command, NULL, NULL, NULL);
    bson_destroy(command);
    return good;
}

/* Copies of up to `wanted` documents; their number. */
static size_t fetch(bson_t **documents, size_t wanted)
{
    bson_t filter = BSON_INITIALIZER;
    bson_t *options = BCON_NEW("batchSize", BCON_INT32(BATCH));
    mongoc_collection_t *from = collection("patients");
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(from, &filter, options, NULL);
    const bson_t *document;
    size_t count = 0;
    while (count < wanted && mongoc_cursor_next(cursor, &document)) {
        documents[count++] = bson_copy(document);
    }
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(from);
    bson_destroy(options);
    return count;
}

static void mask(bson_t **documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bson_t *masked = BCON_NEW("number", BCON_INT64((int64_t)i));
        bson_destroy(documents[i]);
        documents[i] = masked;
    }
}

static void insert(bson_t **documents, size_t count, const char *name)
{
    mongoc_collection_t *to = collection(name);
    (void)mongoc_collection_insert_many(to, (const bson_t **)(void *)documents, count, NULL, NULL,
                                        NULL);
    mongoc_collection_destroy(to);
}

static void release(bson_t **documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bson_destroy(documents[i]);
    }
}

/* The complete example: connection, query, masking with its batches. */
static void run_basic(void)
{
    bson_t *documents[BATCH * BATCHES];
    size_t count = 0;
    phasetap_begin("Database Connection");
    PHASETAP_END("Database Connection", phasetap_text("status", ping() ? "success" : "failed"));
    {
        PHASETAP_SCOPE("Document Query", phasetap_int("limit", BATCH * BATCHES));
        count = fetch(documents, BATCH * BATCHES);
    }
    PHASETAP_SCOPE("Masking Process", phasetap_int("total_docs", (int64_t)count));
    for (size_t at = 0; at < count; at += BATCH) {
        {
            PHASETAP_SCOPE("Mask Batch", phasetap_int("batch_num", (int64_t)(at / BATCH)));
            mask(&documents[at], BATCH);
        }
        PHASETAP_SCOPE("Insert Batch", phasetap_int("batch_size", BATCH));
        insert(&documents[at], BATCH, "masked");
    }
    release(documents, count);
}

static void process_batch(const char *into)
{
    bson_t *documents[BATCH];
    size_t count = fetch(documents, BATCH);
    mask(documents, count);
    insert(documents, count, into);
    release(documents, count);
}

static void run_nested(void)
{
    PHASETAP_SCOPE("Batch Processing", phasetap_int("total_batches", BATCHES));
    for (int batch = 0; batch < BATCHES; batch++) {
        PHASETAP_SCOPE("Process Batch", phasetap_int("batch_num", batch));
        process_batch("masked");
    }
}

static void run_checkpoint(void)
{
    int64_t offset = 0;
    {
        PHASETAP_SCOPE("Load Checkpoint");
        offset = 2L * BATCH;
    }
    PHASETAP_SCOPE(
        "Masking Pipeline", phasetap_int("resumed_from", offset),
        PHASETAP_DOCUMENT("checkpoint", phasetap_text("collection", "patients"),
                          PHASETAP_LIST("done", phasetap_int(NULL, 0), phasetap_int(NULL, BATCH))));
    for (; offset < (int64_t)BATCH * BATCHES; offset += BATCH) {
        {
            PHASETAP_SCOPE("Process Batch", phasetap_int("offset", offset));
            process_batch("masked");
        }
        PHASETAP_SCOPE("Save Checkpoint");
    }
}

static void mask_collection(const char *name, int batches)
{
    bson_t filter = BSON_INITIALIZER;
    {
        PHASETAP_SCOPE("Count Documents"); /* the name of a recognised phase too */
        mongoc_collection_t *from = collection("patients");
        (void)mongoc_collection_count_documents(from, &filter, NULL, NULL, NULL, NULL);
        mongoc_collection_destroy(from);
    }
    PHASETAP_SCOPE("Masking Pipeline", phasetap_text("collection", name));
    for (int batch = 0; batch < batches; batch++) {
        PHASETAP_SCOPE("Process Batch", phasetap_int("batch_num", batch));
        process_batch(name);
    }
}

/* One report for each collection: 1, 2 and 3 batches. */
static void run_collections(void)
{
    char path[512];
    for (int i = 1; i <= COLLECTIONS; i++) {
        snprintf(path, sizeof path, "masked%d", i);
        mask_collection(path, i);
        snprintf(path, sizeof path, "%s/reports/masked%d.json", folder, i);
        (void)phasetap_write_report(path);
        if (i < COLLECTIONS) {
            phasetap_reset();
        }
    }
}

static void count_entry(void *context, const struct phasetap_entry *entry)
{
    *(double *)context += entry->duration_seconds;
}

static void print_phase(void *context, const char *name, int recognised,
                        const struct phasetap_summary *summary)
{
    struct phasetap_summary again;
    double sum = 0.0;
    size_t entries = phasetap_each_entry(name, count_entry, &sum);
    if (phasetap_phase_summary(name, &again) != 0 || again.count != summary->count) {
        fprintf(context, "phasetap_phase_summary says otherwise\n");
    }
    fprintf(context, "%d %lld %.9f %.9f %.9f %zu %.9f %s\n", recognised, (long long)summary->count,
            summary->total_duration, summary->min_duration, summary->max_duration, entries, sum,
            name);
}

static void write_figures(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/figures.txt", folder);
    FILE *file = fopen(path, "w");
    if (file != NULL) {
        (void)phasetap_each_phase(print_phase, file);
        fclose(file);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} modes[] = {
    {"basic", run_basic},
    {"nested", run_nested},
    {"checkpoint", run_checkpoint},
    {"collections", run_collections},
};

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: original_examples MODE URI FOLDER\n");
        return 2;
    }
    folder = argv[3];
    mongoc_init();
    client = mongoc_client_new(argv[2]);
    for (size_t i = 0; client != NULL && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run();
            printf("done\n");
        }
    }
    write_figures();
    mongoc_client_destroy(client);
    mongoc_cleanup();
    return 0;
}
