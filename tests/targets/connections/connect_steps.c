/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connect_steps: does with clients and pools what its standard input says, one step a line, and
 * answers each with one line: `good|failed DOMAIN CODE DOCUMENTS START_NS END_NS`, the driver's
 * error and its own reading of the monotonic clock before and after. So a test can change the way
 * to the server between two steps. What the driver has to say on standard output goes to standard
 * error. The steps:
 *
 *   client URI | pool URI | pop      a new client, a new pool, a client of the pool: from then on
 * the one in use use N                            the Nth client made, counted from 1 ping | insert
 * | session          one operation; `session` connects and sends no command find COLLECTION all
 * documents, which it counts pause MS                         sleeps fresh N URI N clients one
 * after the other, each for one ping threads N                        N threads, each with a client
 * of the pool for one ping destroy                          the client in use
 *
 * Ends with status 0 at the end of its input, 1 without an output, 2 for a step that it does not
 * know.
 */
#include "driver_work.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 64
#define THREADS_MAX 16

static mongoc_client_t *clients[CLIENTS_MAX + 1]; /* by number; 0 is none */
static bool is_pooled[CLIENTS_MAX + 1];
static mongoc_client_pool_t *pool;
static int client_count, in_use;
static FILE *answers;
static int64_t document_count;

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool ping(mongoc_client_t *client, bson_error_t *error)
{
    bson_t *command = BCON_NEW("ping", BCON_INT32(1));
    const bool good = mongoc_client_command_simple(client, "admin", command, NULL, NULL, error);
    bson_destroy(command);
    return good;
}

static bool keep(mongoc_client_t *client, bool of_pool)
{
    if (client_count == CLIENTS_MAX) {
        return false;
    }
    in_use = ++client_count;
    clients[in_use] = client;
    is_pooled[in_use] = of_pool;
    return client != NULL;
}

static bool step_client(const char *uri, bson_error_t *error)
{
    (void)error;
    return keep(mongoc_client_new(uri), false);
}

static bool step_pool(const char *text, bson_error_t *error)
{
    mongoc_uri_t *uri = mongoc_uri_new_with_error(text, error);
    pool = uri != NULL ? mongoc_client_pool_new(uri) : NULL;
    mongoc_uri_destroy(uri);
    return pool != NULL;
}

static bool step_pop(const char *nothing, bson_error_t *error)
{
    (void)nothing;
    (void)error;
    return pool != NULL && keep(mongoc_client_pool_pop(pool), true);
}

static bool step_use(const char *number, bson_error_t *error)
{
    const int wanted = atoi(number);
    (void)error;
    if (wanted < 1 || wanted > client_count) {
        return false;
    }
    in_use = wanted;
    return true;
}

static bool step_ping(const char *nothing, bson_error_t *error)
{
    (void)nothing;
    return ping(clients[in_use], error);
}

static bool step_insert(const char *nothing, bson_error_t *error)
{
    mongoc_collection_t *collection =
        mongoc_client_get_collection(clients[in_use], WORK_DATABASE, WORK_COLLECTION);
    bson_t *document = BCON_NEW("number", BCON_INT32(1));
    const bool good = mongoc_collection_insert_one(collection, document, NULL, NULL, error);
    (void)nothing;
    bson_destroy(document);
    mongoc_collection_destroy(collection);
    return good;
}

static bool step_session(const char *nothing, bson_error_t *error)
{
    mongoc_client_session_t *session = mongoc_client_start_session(clients[in_use], NULL, error);
    (void)nothing;
    if (session != NULL) {
        mongoc_client_session_destroy(session);
    }
    return session != NULL;
}

static bool step_find(const char *name, bson_error_t *error)
{
    mongoc_collection_t *collection =
        mongoc_client_get_collection(clients[in_use], WORK_DATABASE, name);
    bson_t filter = BSON_INITIALIZER;
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &filter, NULL, NULL);
    const bson_t *document;
    while (mongoc_cursor_next(cursor, &document)) {
        document_count++;
    }
    const bool good = !mongoc_cursor_error(cursor, error);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    mongoc_collection_destroy(collection);
    return good;
}

static bool step_pause(const char *milliseconds, bson_error_t *error)
{
    (void)error;
    return usleep((useconds_t)atoi(milliseconds) * 1000U) == 0;
}

static bool step_fresh(const char *text, bson_error_t *error)
{
    char *uri;
    bool good = true;
    for (long left = strtol(text, &uri, 10); left > 0 && good; left--) {
        mongoc_client_t *client = mongoc_client_new(uri + strspn(uri, " "));
        good = client != NULL && ping(client, error);
        mongoc_client_destroy(client);
    }
    return good;
}

static void *ping_in_thread(void *good)
{
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    *(bool *)good = ping(client, NULL);
    mongoc_client_pool_push(pool, client);
    return NULL;
}

static bool step_threads(const char *number, bson_error_t *error)
{
    pthread_t threads[THREADS_MAX];
    bool good[THREADS_MAX] = {false}, all_good = true;
    const int count = atoi(number);
    (void)error;
    if (pool == NULL || count < 1 || count > THREADS_MAX) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, ping_in_thread, &good[i]);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        all_good = all_good && good[i];
    }
    return all_good;
}

static void give_back(int number)
{
    if (is_pooled[number] && clients[number] != NULL) {
        mongoc_client_pool_push(pool, clients[number]);
    } else {
        mongoc_client_destroy(clients[number]);
    }
    clients[number] = NULL;
}

static bool step_destroy(const char *nothing, bson_error_t *error)
{
    (void)nothing;
    (void)error;
    give_back(in_use);
    return true;
}

static const struct {
    const char *name;
    bool needs_client;
    bool (*run)(const char *argument, bson_error_t *error);
} steps[] = {
    {"client", false, step_client},   {"pool", false, step_pool},
    {"pop", false, step_pop},         {"use", false, step_use},
    {"ping", true, step_ping},        {"insert", true, step_insert},
    {"session", true, step_session},  {"find", true, step_find},
    {"pause", false, step_pause},     {"fresh", false, step_fresh},
    {"threads", false, step_threads}, {"destroy", true, step_destroy},
};

/* False for a step that is not known. */
static bool do_step(const char *name, const char *argument)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (strcmp(steps[i].name, name) == 0) {
            bson_error_t error = {0};
            document_count = 0;
            const int64_t start_ns = now_ns();
            const bool good = (!steps[i].needs_client || clients[in_use] != NULL) &&
                              steps[i].run(argument, &error);
            const int64_t end_ns = now_ns();
            fprintf(answers, "%s %u %u %lld %lld %lld\n", good ? "good" : "failed", error.domain,
                    error.code, (long long)document_count, (long long)start_ns, (long long)end_ns);
            return true;
        }
    }
    fprintf(stderr, "connect_steps: there is no step '%s'\n", name);
    return false;
}

int main(void)
{
    char line[2048];
    int status = 0;
    answers = fdopen(dup(STDOUT_FILENO), "w");
    if (answers == NULL || dup2(STDERR_FILENO, STDOUT_FILENO) == -1) {
        perror("connect_steps");
        return 1;
    }
    setvbuf(answers, NULL, _IOLBF, 0);
    mongoc_init();
    while (status == 0 && fgets(line, sizeof line, stdin) != NULL) {
        char *argument = line + strcspn(line, " \n");
        argument += *argument == ' ' ? (*argument = '\0', 1) : 0;
        line[strcspn(line, "\n")] = '\0';
        argument[strcspn(argument, "\n")] = '\0';
        status = do_step(line, argument) ? 0 : 2;
    }
    for (int i = 1; i <= client_count; i++) {
        give_back(i);
    }
    if (pool != NULL) {
        mongoc_client_pool_destroy(pool);
    }
    mongoc_cleanup();
    return status;
}
