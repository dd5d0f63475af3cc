/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios: registrations on pools and their clients. */
#include "events.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 4 };

static mongoc_client_pool_t *monitored_pool(const char *uri, int which, void *context)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *table = events_table(which);
    events_set_pool(pool, table, context);
    mongoc_apm_callbacks_destroy(table);
    return pool;
}

/* Two clients of the pool at once, one of them popped twice. */
static void use_pool(mongoc_client_pool_t *pool)
{
    mongoc_client_t *first = mongoc_client_pool_pop(pool);
    events_work(first);
    mongoc_client_t *second = mongoc_client_pool_try_pop(pool);
    events_ping(second);
    mongoc_client_pool_push(pool, first);
    first = mongoc_client_pool_pop(pool);
    events_ping(first);
    mongoc_client_pool_push(pool, second);
    mongoc_client_pool_push(pool, first);
}

static void use_and_destroy(mongoc_client_pool_t *pool)
{
    use_pool(pool);
    mongoc_client_pool_destroy(pool);
}

static void pool_full(const char *uri)
{
    use_and_destroy(monitored_pool(uri, EVENTS_ALL, EVENTS_A));
}

static void pool_only_succeeded(const char *uri)
{
    use_and_destroy(monitored_pool(uri, EVENTS_SUCCEEDED, EVENTS_A));
}

static void pool_only_started(const char *uri)
{
    use_and_destroy(monitored_pool(uri, EVENTS_STARTED, EVENTS_A));
}

static void pool_no_context(const char *uri)
{
    use_and_destroy(monitored_pool(uri, EVENTS_ALL, NULL));
}

/* The driver takes one registration for a pool. */
static void pool_twice(const char *uri)
{
    mongoc_client_pool_t *pool = monitored_pool(uri, EVENTS_ALL, EVENTS_A);
    mongoc_apm_callbacks_t *other = events_other_table();
    events_set_pool(pool, other, EVENTS_B);
    events_set_pool(pool, NULL, NULL);
    use_pool(pool);
    events_set_pool(pool, other, EVENTS_B);
    use_and_destroy(pool);
    mongoc_apm_callbacks_destroy(other);
}

/* No table uses up the one registration, too. */
static void pool_null(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    events_set_pool(pool, NULL, EVENTS_A);
    events_set_pool(pool, table, EVENTS_B);
    use_and_destroy(pool);
    mongoc_apm_callbacks_destroy(table);
}

/* The registration comes after a client was popped; `used`: after it was used, so that the pool's
 * threads are done. */
static void set_late(const char *uri, mongoc_apm_callbacks_t *table)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_client_t *early = mongoc_client_pool_pop(pool);
    events_ping(early);
    events_set_pool(pool, table, EVENTS_A);
    events_work(early);
    mongoc_client_t *later = mongoc_client_pool_pop(pool);
    events_work(later);
    events_set_pool(pool, table, EVENTS_B);
    mongoc_client_pool_push(pool, early);
    early = mongoc_client_pool_pop(pool);
    events_ping(early);
    mongoc_client_pool_push(pool, early);
    mongoc_client_pool_push(pool, later);
    use_and_destroy(pool);
}

static void pool_late(const char *uri)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_ALL);
    set_late(uri, table);
    mongoc_apm_callbacks_destroy(table);
}

static void pool_late_null(const char *uri)
{
    set_late(uri, NULL);
}

static void pool_late_only_succeeded(const char *uri)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_SUCCEEDED);
    set_late(uri, table);
    mongoc_apm_callbacks_destroy(table);
}

/* Late, and not used before: the client is pushed back when the registration comes. */
static void pool_late_pushed(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *table = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED);
    mongoc_client_pool_push(pool, mongoc_client_pool_pop(pool));
    events_set_pool(pool, table, EVENTS_A);
    use_and_destroy(pool);
    mongoc_apm_callbacks_destroy(table);
}

/* The driver refuses a registration on a pool's client. */
static void pool_client(const char *uri)
{
    mongoc_client_pool_t *pool = monitored_pool(uri, EVENTS_ALL, EVENTS_A);
    mongoc_apm_callbacks_t *other = events_other_table();
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_set(client, other, EVENTS_B);
    events_ping(client);
    events_set(client, NULL, NULL);
    events_ping(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_apm_callbacks_destroy(other);
}

static void pool_client_only(const char *uri)
{
    mongoc_client_pool_t *pool = events_pool(uri);
    mongoc_apm_callbacks_t *other = events_other_table();
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_set(client, other, EVENTS_B);
    events_ping(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
    mongoc_apm_callbacks_destroy(other);
}

static void pool_unused(const char *uri)
{
    mongoc_client_pool_destroy(monitored_pool(uri, EVENTS_ALL, EVENTS_A));
}

/* One table for a pool, a single client and another pool. */
static void pool_shared_table(const char *uri)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED);
    mongoc_client_pool_t *first = events_pool(uri), *second = events_pool(uri);
    mongoc_client_t *single = events_client(uri);
    events_set_pool(first, table, EVENTS_A);
    events_set_other_succeeded(table);
    events_set(single, table, EVENTS_B);
    mongoc_apm_set_command_failed_cb(table, NULL);
    events_set_pool(second, table, EVENTS_C);
    mongoc_apm_callbacks_destroy(table);
    use_pool(second);
    events_work(single);
    use_pool(first);
    mongoc_client_destroy(single);
    mongoc_client_pool_destroy(first);
    mongoc_client_pool_destroy(second);
}

/* Pools one after the other, registered with early, late and never: memory of one is used again for
 * the next. */
static void pool_many(const char *uri)
{
    mongoc_apm_callbacks_t *table = events_table(EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED);
    for (int i = 0; i < 6; i++) {
        mongoc_client_pool_t *pool = events_pool(uri);
        mongoc_client_t *client = i % 3 == 0 ? NULL : mongoc_client_pool_pop(pool);
        if (i % 3 != 1) {
            events_set_pool(pool, table, i < 3 ? EVENTS_A : EVENTS_B);
        }
        client = client ? client : mongoc_client_pool_pop(pool);
        mongoc_client_t *second = mongoc_client_pool_pop(pool);
        events_ping(client);
        events_ping(second);
        mongoc_client_pool_push(pool, client);
        mongoc_client_pool_push(pool, second);
        mongoc_client_t *single =
            i % 3 == 1 ? events_client(uri) : events_monitored(uri, EVENTS_SUCCEEDED, EVENTS_C);
        events_ping(single);
        mongoc_client_pool_destroy(pool);
        mongoc_client_destroy(single);
    }
    mongoc_apm_callbacks_destroy(table);
}

/* ---- threads ---- */

struct thread {
    pthread_t id;
    mongoc_client_pool_t *pool;
    char *text;
    size_t bytes;
};

/* Each thread holds a session until all do: then there are enough of them, and at the end always as
 * many are ended. */
static pthread_barrier_t all_hold_sessions;

static void hold_session(mongoc_client_t *client)
{
    mongoc_client_session_t *session = mongoc_client_start_session(client, NULL, NULL);
    bson_t options = BSON_INITIALIZER,
           *command = BCON_NEW("ping", BCON_INT32(1)); /* one not used is not kept */
    bool good =
        mongoc_client_session_append(session, &options, NULL) &&
        mongoc_client_read_command_with_opts(client, "admin", command, NULL, &options, NULL, NULL);
    events_say(false, "session held %d", good);
    bson_destroy(command);
    bson_destroy(&options);
    pthread_barrier_wait(&all_hold_sessions);
    mongoc_client_session_destroy(session);
}

static void *work(void *argument)
{
    struct thread *thread = argument;
    FILE *out = open_memstream(&thread->text, &thread->bytes);
    events_begin_thread(out);
    mongoc_client_t *client = mongoc_client_pool_pop(thread->pool);
    hold_session(client);
    events_work(client);
    events_work(client);
    mongoc_client_pool_push(thread->pool, client);
    events_end_thread();
    fclose(out);
    return NULL;
}

static void pool_threads(const char *uri)
{
    struct thread threads[THREADS] = {0};
    mongoc_client_pool_t *pool =
        monitored_pool(uri, EVENTS_STARTED | EVENTS_SUCCEEDED | EVENTS_FAILED, EVENTS_A);
    events_use_threads();
    pthread_barrier_init(&all_hold_sessions, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        threads[i].pool = pool;
        if (pthread_create(&threads[i].id, NULL, work, &threads[i]) != 0) {
            abort();
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i].id, NULL);
        printf("thread %d\n%s", i, threads[i].text);
        free(threads[i].text);
    }
    mongoc_client_pool_destroy(pool);
}

/* With a server that streams its state: it answers the ping when its monitor has got the second
 * state. */
static void pool_awaited(const char *uri)
{
    mongoc_client_pool_t *pool = monitored_pool(uri, EVENTS_ALL, EVENTS_A);
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    events_ping(client);
    mongoc_client_pool_push(pool, client);
    mongoc_client_pool_destroy(pool);
}

const struct events_scenario EVENTS_POOL[] = {
    {"pool", pool_full},
    {"pool-only-succeeded", pool_only_succeeded},
    {"pool-only-started", pool_only_started},
    {"pool-no-context", pool_no_context},
    {"pool-twice", pool_twice},
    {"pool-null", pool_null},
    {"pool-late", pool_late},
    {"pool-late-null", pool_late_null},
    {"pool-late-only-succeeded", pool_late_only_succeeded},
    {"pool-late-pushed", pool_late_pushed},
    {"pool-client", pool_client},
    {"pool-client-only", pool_client_only},
    {"pool-unused", pool_unused},
    {"pool-shared-table", pool_shared_table},
    {"pool-many", pool_many},
    {"pool-threads", pool_threads},
    {"pool-awaited", pool_awaited},
    {NULL, NULL},
};
