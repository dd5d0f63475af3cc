/* SPDX-License-Identifier: Apache-2.0 */
/*
 * named URI STEM [hold]: uses names that begin with STEM in every place where a program names
 * something: STEMdb, STEMcoll (as an object and in an index command), STEMfs (a bucket),
 * STEMthread (a thread that uses the CPU), STEMphase, STEMkey and STEMtext (an annotation), and
 * STEMsecret in a document, a filter and an error. With `hold` it prints "ready" then and waits for
 * the end of its standard input, otherwise it ends. Whether operations succeed does not matter.
 */
#include "driver_work.h"

#include <phasetap/phasetap.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAME_BYTES  128
#define HELPER_S    0.05 /* a thread with less CPU time is not recorded */
#define HELPER_NAME 16   /* of a thread, its final zero included */

static const char *stem;
static atomic_bool done;

static const char *name(char out[NAME_BYTES], const char *end)
{
    snprintf(out, NAME_BYTES, "%s%s", stem, end);
    return out;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* It is there when the process ends, and then seen. */
static void *help(void *ready)
{
    char text[NAME_BYTES];
    name(text, "thread");
    text[HELPER_NAME - 1] = '\0';
    pthread_setname_np(pthread_self(), text);
    while (cpu_seconds() < HELPER_S) {}
    atomic_store((atomic_bool *)ready, true);
    while (!atomic_load(&done)) {
        usleep(1000);
    }
    return NULL;
}

static void write_and_read(mongoc_client_t *client)
{
    char text[NAME_BYTES], other[NAME_BYTES];
    bson_error_t error;
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, name(text, "db"), name(other, "coll"));
    bson_t *document = BCON_NEW("_id", BCON_UTF8(name(text, "secret")));
    const bson_t *found;
    for (int i = 0; i < 2; i++) { /* the second one is a duplicate key */
        mongoc_collection_insert_one(collection, document, NULL, NULL, &error);
    }
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, document, NULL, NULL);
    while (mongoc_cursor_next(cursor, &found)) {}
    mongoc_cursor_destroy(cursor);
    bson_destroy(document);
    mongoc_collection_destroy(collection);
}

/* The namespace is in the command alone. */
static void build_index(mongoc_client_t *client)
{
    char text[NAME_BYTES], database[NAME_BYTES];
    bson_t *command =
        BCON_NEW("createIndexes", BCON_UTF8(name(text, "coll")), "indexes", "[", "{", "key", "{",
                 "a", BCON_INT32(1), "}", "name", BCON_UTF8("by_a"), "}", "]");
    mongoc_client_command_simple(client, name(database, "db"), command, NULL, NULL, NULL);
    bson_destroy(command);
}

static void use_bucket(mongoc_client_t *client)
{
    char text[NAME_BYTES], bucket[NAME_BYTES];
    bson_error_t error;
    bson_t *filter = BCON_NEW("a", BCON_INT32(1));
    mongoc_gridfs_t *gridfs =
        mongoc_client_get_gridfs(client, name(text, "db"), name(bucket, "fs"), &error);
    if (gridfs != NULL) {
        mongoc_gridfs_file_list_destroy(mongoc_gridfs_find_with_opts(gridfs, filter, NULL));
        mongoc_gridfs_destroy(gridfs);
    }
    bson_destroy(filter);
}

static void annotate(void)
{
    char phase[NAME_BYTES], key[NAME_BYTES], text[NAME_BYTES];
    PHASETAP_BEGIN(name(phase, "phase"), phasetap_text(name(key, "key"), name(text, "text")));
    PHASETAP_END(phase, phasetap_int(key, 7));
    PHASETAP_BEGIN("Document Masking");
    PHASETAP_END("Document Masking");
}

int main(int argc, char **argv)
{
    atomic_bool ready = false;
    pthread_t helper;
    if (argc < 3) {
        fprintf(stderr, "usage: named URI STEM [hold]\n");
        return 2;
    }
    stem = argv[2];
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new(argv[1]);
    if (client == NULL || pthread_create(&helper, NULL, help, &ready) != 0) {
        return 1;
    }
    write_and_read(client);
    build_index(client);
    use_bucket(client);
    annotate();
    while (!atomic_load(&ready)) {
        usleep(1000);
    }
    if (argc > 3 && strcmp(argv[3], "hold") == 0) {
        puts("ready");
        fflush(stdout);
        while (getchar() != EOF) {}
    }
    mongoc_client_destroy(client);
    return 0; /* the helper goes on until the process is gone */
}
