/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time_parts MODE URI: spends its time in a known way, and prints what its own clocks say of it:
 * one line "NAME NS".
 *
 *   watch    six steps of a change stream: `stepped`, in calls that brought nothing
 *   early    reads test.docs, computes for each document, and exits at once: `computed` of CPU time
 *   lists    steps through the indexes and collections of a database
 *   select   selects a server, and no more
 *   crowded  shares one CPU with another process while it computes: `crowded`, without the CPU
 *   helper   a thread named "cruncher" computes and is alive at the end: `crunched` of CPU time
 *   starved  waits for the only client of a pool: `starved`
 *   forked   lives for a while, and forks a child that works: `child`, the child's life
 *   packed   inserts 4,000 documents, as the URI says compressed: `packed` of CPU time in that call
 */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver_work.h"

#define MS 1000000L

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

static int64_t cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static void say(const char *name, int64_t ns)
{
    printf("%s %" PRId64 "\n", name, ns);
    fflush(stdout);
}

static void compute(int64_t ns)
{
    const int64_t end = cpu_ns() + ns;
    while (cpu_ns() < end) {}
}

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * MS};
    nanosleep(&time, NULL);
}

static void watch(mongoc_client_t *client)
{
    bson_t pipeline = BSON_INITIALIZER;
    const bson_t *document;
    int64_t stepped = 0;
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "test", "docs");
    mongoc_change_stream_t *stream = mongoc_collection_watch(collection, &pipeline, NULL);
    for (int i = 0; i < 6; i++) {
        const int64_t start = now_ns();
        if (!mongoc_change_stream_next(stream, &document)) {
            stepped += now_ns() - start;
        }
    }
    mongoc_change_stream_destroy(stream);
    mongoc_collection_destroy(collection);
    say("stepped", stepped);
}

static void early(mongoc_client_t *client)
{
    bson_t filter = BSON_INITIALIZER;
    const bson_t *document;
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "test", "docs");
    mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &filter, NULL, NULL);
    int64_t computed = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        const int64_t start = cpu_ns();
        compute(MS);
        computed += cpu_ns() - start;
    }
    say("computed", computed);
    exit(0);
}

static void step_through(mongoc_cursor_t *cursor)
{
    const bson_t *document;
    while (mongoc_cursor_next(cursor, &document)) {}
    mongoc_cursor_destroy(cursor);
}

static void lists(mongoc_client_t *client)
{
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "test", "docs");
    mongoc_database_t *database = mongoc_client_get_database(client, "test");
    step_through(mongoc_collection_find_indexes_with_opts(collection, NULL));
    step_through(mongoc_database_find_collections_with_opts(database, NULL));
    work_ping(client);
    mongoc_database_destroy(database);
    mongoc_collection_destroy(collection);
}

static void select_server(mongoc_client_t *client)
{
    mongoc_server_description_destroy(mongoc_client_select_server(client, true, NULL, NULL));
}

/* Both are bound to the CPU that this thread runs on. */
static void crowded(mongoc_client_t *client)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    const pid_t other = fork();
    if (other == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {}
    }
    work_ping(client);
    const int64_t start = now_ns(), start_cpu = cpu_ns();
    compute(300 * MS);
    say("crowded", now_ns() - start - (cpu_ns() - start_cpu));
    work_ping(client);
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
}

static int crunched[2];

static void *crunch(void *unused)
{
    prctl(PR_SET_NAME, "cruncher");
    compute(200 * MS);
    const int64_t used = cpu_ns();
    if (write(crunched[1], &used, sizeof used) == sizeof used) {
        pause_ms(60000);
    }
    return unused;
}

static void helper(mongoc_client_t *client)
{
    pthread_t thread;
    int64_t used = 0;
    work_ping(client);
    if (pipe(crunched) == 0 && pthread_create(&thread, NULL, crunch, NULL) == 0 &&
        read(crunched[0], &used, sizeof used) == sizeof used) {
        say("crunched", used);
    }
    exit(0);
}

static void *hold_client(void *pool)
{
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    work_ping(client);
    pause_ms(150);
    mongoc_client_pool_push(pool, client);
    return NULL;
}

static void starved(const char *uri)
{
    pthread_t thread;
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    mongoc_client_pool_t *pool = mongoc_client_pool_new(parsed);
    mongoc_client_pool_max_size(pool, 1);
    pthread_create(&thread, NULL, hold_client, pool);
    pause_ms(50);
    const int64_t start = now_ns();
    mongoc_client_t *client = mongoc_client_pool_pop(pool);
    say("starved", now_ns() - start);
    work_ping(client);
    mongoc_client_pool_push(pool, client);
    pthread_join(thread, NULL);
    mongoc_client_pool_destroy(pool);
    mongoc_uri_destroy(parsed);
}

static void forked(const char *uri)
{
    pause_ms(500);
    const int64_t start = now_ns();
    const pid_t child = fork();
    if (child == 0) {
        work_rounds(uri, 2);
        pause_ms(100);
        say("child", now_ns() - start);
        exit(0);
    }
    waitpid(child, NULL, 0);
}

static void packed(mongoc_client_t *client)
{
    enum { COUNT = 4000, BYTES = 600 };
    char text[BYTES + 1] = "";
    unsigned seed = 1;
    work_ping(client);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "test", "docs");
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(collection, NULL);
    for (int i = 0; i < COUNT; i++) {
        for (int at = 0; at < BYTES; at++) {
            text[at] = (char)('a' + rand_r(&seed) % 26);
        }
        bson_t *document = BCON_NEW("text", BCON_UTF8(text));
        mongoc_bulk_operation_insert_with_opts(bulk, document, NULL, NULL);
        bson_destroy(document);
    }
    const int64_t start = cpu_ns();
    mongoc_bulk_operation_execute(bulk, NULL, NULL);
    say("packed", cpu_ns() - start);
    mongoc_bulk_operation_destroy(bulk);
    mongoc_collection_destroy(collection);
}

static const struct {
    const char *name;
    void (*with_client)(mongoc_client_t *client);
    void (*with_uri)(const char *uri);
} modes[] = {
    {"watch", watch, NULL},     {"early", early, NULL},          {"lists", lists, NULL},
    {"crowded", crowded, NULL}, {"select", select_server, NULL}, {"helper", helper, NULL},
    {"packed", packed, NULL},   {"starved", NULL, starved},      {"forked", NULL, forked},
};

static void spend(const char *mode, const char *uri)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(modes[i].name, mode) == 0 && modes[i].with_uri) {
            modes[i].with_uri(uri);
        } else if (strcmp(modes[i].name, mode) == 0) {
            mongoc_client_t *client = mongoc_client_new(uri);
            modes[i].with_client(client);
            mongoc_client_destroy(client);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: time_parts MODE URI\n");
        return 2;
    }
    mongoc_init();
    spend(argv[1], argv[2]);
    mongoc_cleanup();
    return 0;
}
