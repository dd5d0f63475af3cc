/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_plugin: a plugin that uses the driver; see bind_plugin.h. Built with the shared driver
 * (bind_plugin.so; also bind_plugin_noplt.so, -fno-plt), with another release of it
 * (bind_plugin_other.so), and with a copy of the driver inside, its symbols exported
 * (bind_bundle_open.so) or hidden (bind_bundle_hidden.so).
 */
#include "bind_plugin.h"

#include "bind_work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define WORKERS_MAX 8

/* Made at the start, used by the tail calls only, so that nothing is left to do after the call. */
static bson_t *ping;
static mongoc_client_t *kept;
static pthread_t workers[WORKERS_MAX];
static int worker_count;
static atomic_bool ending;
static atomic_int ready;

static void start(void)
{
    mongoc_init();
    ping = BCON_NEW("ping", BCON_INT32(1));
}

static void stop(void)
{
    bson_destroy(ping);
    ping = NULL;
    mongoc_cleanup();
}

static const char *version(void)
{
    return mongoc_get_version();
}

static int work(const char *mode, const char *uri, const char *name, char *line)
{
    return bind_do(mode, uri, name, line);
}

static void destroy_nothing(void)
{
    mongoc_client_destroy(NULL);
    mongoc_cursor_destroy(NULL);
    mongoc_collection_destroy(NULL);
    mongoc_database_destroy(NULL);
    mongoc_bulk_operation_destroy(NULL);
    mongoc_client_pool_destroy(NULL);
}

static void *make_client(const char *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    if (client != NULL) {
        mongoc_client_set_error_api(client, MONGOC_ERROR_API_VERSION_2);
    }
    return client;
}

static bool tail_ping(void *client)
{
    return mongoc_client_command_simple(client, "admin", ping, NULL, NULL, NULL);
}

static void tail_destroy(void *client)
{
    mongoc_client_destroy(client);
}

static void *tail_make_client(const char *uri)
{
    return mongoc_client_new(uri);
}

static void keep_client(const char *uri)
{
    kept = mongoc_client_new(uri);
    tail_ping(kept);
}

/* What it calls at its end, it calls for the first time then: while the destructor waits for it. */
static void *worker(void *uri)
{
    mongoc_client_t *client = mongoc_client_new(uri);
    mongoc_collection_t *collection =
        mongoc_client_get_collection(client, BIND_DATABASE, "workers");
    tail_ping(client);
    atomic_fetch_add(&ready, 1);
    while (!atomic_load(&ending)) {
        usleep(1000);
    }
    bson_t *document = bson_new();
    mongoc_collection_insert_one(collection, document, NULL, NULL, NULL);
    bson_destroy(document);
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
    return NULL;
}

static void start_workers(const char *uri, int count)
{
    for (worker_count = 0; worker_count < count && worker_count < WORKERS_MAX; worker_count++) {
        pthread_create(&workers[worker_count], NULL, worker, (void *)(size_t)uri);
    }
    while (atomic_load(&ready) < worker_count) {
        usleep(1000);
    }
}

__attribute__((destructor)) static void unload(void)
{
    atomic_store(&ending, true);
    for (int i = 0; i < worker_count; i++) {
        pthread_join(workers[i], NULL);
    }
    if (kept != NULL) {
        tail_ping(kept);
        mongoc_client_destroy(kept);
        bson_destroy(ping);
        mongoc_cleanup();
    }
}

__attribute__((visibility("default"))) const struct bind_plugin bind_plugin = {
    start,     stop,         version,          work,        destroy_nothing, make_client,
    tail_ping, tail_destroy, tail_make_client, keep_client, start_workers,
};
