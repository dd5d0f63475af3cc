/* SPDX-License-Identifier: Apache-2.0 */
/* every: calls each function of the MongoDB C driver that talks to a server, one case a function.
 * See print_help. */
#include "every.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct every_case *const TABLES[] = {
    EVERY_CLIENT,  EVERY_READ,      EVERY_CURSOR,  EVERY_WATCH,      EVERY_WRITE,
    EVERY_BULK,    EVERY_BULKWRITE, EVERY_CATALOG, EVERY_INDEX,      EVERY_COMMAND,
    EVERY_SESSION, EVERY_GRIDFS,    EVERY_BUCKET,  EVERY_ENCRYPTION,
};
enum { TABLE_COUNT = sizeof TABLES / sizeof TABLES[0] };

static void print_help(void)
{
    puts("usage: every [--setup] [--pool] URI [NAME...] | every --list\n"
         "Runs all cases, or those named, and prints for each `NAME ok`, `NAME failed: why` or "
         "`NAME cannot: why`.\n"
         "A NAME that ends in / or _ stands for all cases that begin so, one that begins with / "
         "for all that end so;\n"
         "-NAME leaves out what NAME stands for.\n"
         "  --setup  first make the collections `source` and `work` of 250 documents that the "
         "cases want\n"
         "  --pool   work with a client that was popped from a pool\n"
         "  --list   print the names of the cases of this driver's version\n"
         "The database is the URI's, else `every`. A case that writes may run once on a server.\n"
         "Exit status: 0 all ok, 1 some failed, 2 usage error or no server, 3 none failed but some "
         "cannot be run.");
}

/* The i-th case over all tables; NULL after the last. */
static const struct every_case *case_at(size_t i)
{
    for (size_t table = 0; table < TABLE_COUNT; table++) {
        for (const struct every_case *at = TABLES[table]; at->name != NULL; at++) {
            if (i-- == 0) {
                return at;
            }
        }
    }
    return NULL;
}

static bool is_meant(const char *name, const char *wanted)
{
    const size_t len = strlen(wanted), name_len = strlen(name);
    if (len == 0 || name_len < len) {
        return false;
    }
    if (wanted[0] == '/') {
        return strcmp(name + name_len - len, wanted) == 0;
    }
    const bool family = wanted[len - 1] == '/' || wanted[len - 1] == '_';
    return family ? strncmp(name, wanted, len) == 0 : strcmp(name, wanted) == 0;
}

/* Without a name that is no exception, all are wanted. */
static bool is_wanted(const char *name, char **wanted)
{
    bool any_named = false, named = false;
    for (; *wanted != NULL; wanted++) {
        const bool exception = (*wanted)[0] == '-';
        if (exception && is_meant(name, *wanted + 1)) {
            return false;
        }
        any_named = any_named || !exception;
        named = named || (!exception && is_meant(name, *wanted));
    }
    return named || !any_named;
}

static void forget_documents(struct every *every)
{
    while (every->document_count > 0) {
        bson_destroy(every->documents[--every->document_count]);
    }
}

static int run_case(struct every *every, const struct every_case *chosen)
{
    memset(&every->error, 0, sizeof every->error);
    every->reason[0] = '\0';
    every->impossible = false;
    const bool good = chosen->run(every);
    const char *result = good ? "ok" : every->impossible ? "cannot: " : "failed: ";
    printf("%s %s%s\n", chosen->name, result, good ? "" : every->reason);
    fflush(stdout);
    forget_documents(every);
    return good ? 0 : every->impossible ? 3 : 1;
}

static int run_cases(struct every *every, char **wanted)
{
    int status = 0, ran = 0;
    const struct every_case *at;
    for (size_t i = 0; (at = case_at(i)) != NULL; i++) {
        if (is_wanted(at->name, wanted)) {
            const int result = run_case(every, at);
            status = result == 1 || status == 0 ? result : status;
            ran++;
        }
    }
    if (ran == 0) {
        fputs("every: no case has that name; see every --list\n", stderr);
        return 2;
    }
    return status;
}

static bool fill(struct every *every, mongoc_collection_t *collection)
{
    bool good = true;
    mongoc_collection_drop(collection, NULL);
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    for (int i = 0; i < EVERY_COUNT; i++) {
        bson_t *document = BCON_NEW("_id", BCON_INT32(i), "name", BCON_UTF8("Patient"), "ssn",
                                    BCON_UTF8("078-05-1120"));
        good = mongoc_bulk_operation_insert_with_opts(bulk, document, NULL, &every->error) && good;
        bson_destroy(document);
    }
    good = mongoc_bulk_operation_execute(bulk, NULL, &every->error) != 0 && good;
    mongoc_bulk_operation_destroy(bulk);
    return good;
}

static mongoc_client_t *pop_client(struct every *every, const char *text)
{
    mongoc_uri_t *uri = mongoc_uri_new(text);
    every->pool = uri != NULL ? mongoc_client_pool_new(uri) : NULL;
    mongoc_uri_destroy(uri);
    if (every->pool == NULL) {
        return NULL;
    }
    mongoc_client_pool_set_error_api(every->pool, MONGOC_ERROR_API_VERSION_2);
    return mongoc_client_pool_pop(every->pool);
}

static mongoc_client_t *make_client(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    if (client != NULL) {
        mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    }
    return client;
}

static bool open_every(struct every *every, const char *uri, bool pooled)
{
    every->uri = uri;
    every->client = pooled ? pop_client(every, uri) : make_client(uri);
    if (every->client == NULL) {
        return false;
    }
    const char *named = mongoc_uri_get_database(mongoc_client_get_uri(every->client));
    every->database = mongoc_client_get_database(every->client, named != NULL ? named : "every");
    every->source = mongoc_database_get_collection(every->database, "source");
    every->work = mongoc_database_get_collection(every->database, "work");
    every->target = mongoc_database_get_collection(every->database, "target");
    return true;
}

static void close_every(struct every *every)
{
    mongoc_collection_destroy(every->source);
    mongoc_collection_destroy(every->work);
    mongoc_collection_destroy(every->target);
    mongoc_database_destroy(every->database);
    if (every->pool != NULL) {
        mongoc_client_pool_push(every->pool, every->client);
        mongoc_client_pool_destroy(every->pool);
    } else {
        mongoc_client_destroy(every->client);
    }
}

static int run(const char *uri, bool setup, bool pooled, char **wanted)
{
    static struct every every;
    if (!open_every(&every, uri, pooled)) {
        fprintf(stderr,
                "every: '%s' is no URI that the driver takes; give one such as "
                "mongodb://127.0.0.1:27017\n",
                uri);
        return 2;
    }
    int status = 2;
    if (!setup || (fill(&every, every.source) && fill(&every, every.work))) {
        status = run_cases(&every, wanted);
    } else {
        fprintf(stderr, "every: cannot make the collections: %s; check the server\n",
                every.error.message);
    }
    close_every(&every);
    return status;
}

static void list(void)
{
    const struct every_case *at;
    for (size_t i = 0; (at = case_at(i)) != NULL; i++) {
        puts(at->name);
    }
}

/* Takes the option away from the front of the words when it is there. */
static bool take(char ***words, const char *option)
{
    const bool there = **words != NULL && strcmp(**words, option) == 0;
    *words += there;
    return there;
}

int main(int argc, char **argv)
{
    char **words = argv + (argc > 0);
    if (take(&words, "--help")) {
        print_help();
        return 0;
    }
    if (take(&words, "--list")) {
        list();
        return 0;
    }
    const bool setup = take(&words, "--setup"), pooled = take(&words, "--pool");
    if (*words == NULL || words[0][0] == '-') {
        print_help();
        return 2;
    }
    mongoc_init();
    const int status = run(words[0], setup, pooled, words + 1);
    mongoc_cleanup();
    return status;
}
