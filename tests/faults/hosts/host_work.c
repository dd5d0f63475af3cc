/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that use the driver from one thread, and the meeting point with the test. */
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DATABASE "faults"
#define KNOWN    50 /* collection names that `handles` uses in turn */

mongoc_client_t *host_client(void)
{
    static mongoc_client_t *client;
    static pid_t owner;
    if (client == NULL || owner != getpid()) {
        client = mongoc_client_new(host_uri);
        owner = getpid();
    }
    return client;
}

static bool insert(mongoc_collection_t *collection, int number)
{
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "number", number);
    const bool good = mongoc_collection_insert_one(collection, &document, NULL, NULL, NULL);
    bson_destroy(&document);
    return good;
}

int host_inserts(mongoc_client_t *client, const char *name, int count)
{
    int failed = 0;
    mongoc_collection_t *collection = mongoc_client_get_collection(client, DATABASE, name);
    for (int i = 0; i < count; i++) {
        failed += insert(collection, i) ? 0 : 1;
    }
    mongoc_collection_destroy(collection);
    return failed;
}

static void step_ops(const char *argument)
{
    host_say("inserts failed: %d\n",
             host_inserts(host_client(), "work", (int)host_number(argument)));
}

static void step_fresh(const char *argument)
{
    mongoc_client_t *client = mongoc_client_new(host_uri);
    host_say("inserts failed: %d\n", host_inserts(client, "work", (int)host_number(argument)));
    mongoc_client_destroy(client);
}

/* All open at once, two rounds of one insert with each. */
static void step_clients(const char *argument)
{
    const int count = (int)host_number(argument);
    mongoc_client_t **clients = calloc((size_t)count, sizeof *clients);
    int failed = 0;
    for (int i = 0; i < 2 * count; i++) {
        if (i < count) {
            clients[i] = mongoc_client_new(host_uri);
        }
        failed += host_inserts(clients[i % count], "work", 1);
    }
    for (int i = 0; i < count; i++) {
        mongoc_client_destroy(clients[i]);
    }
    free(clients);
    host_say("clients: %d, inserts failed: %d\n", count, failed);
}

/* All held at once; every tenth of them inserts. */
static void step_handles(const char *argument)
{
    const int count = (int)host_number(argument);
    mongoc_collection_t **handles = calloc((size_t)count, sizeof *handles);
    int failed = 0;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "held%d", i % KNOWN);
        handles[i] = mongoc_client_get_collection(host_client(), DATABASE, name);
    }
    for (int i = 0; i < count; i++) {
        failed += i % 10 == 0 && !insert(handles[i], i);
        mongoc_collection_destroy(handles[i]);
    }
    free(handles);
    host_say("handles: %d, inserts failed: %d\n", count, failed);
}

static void step_names(const char *argument)
{
    const int count = (int)host_number(argument);
    int failed = 0;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "name%d", i);
        failed += host_inserts(host_client(), name, 1);
    }
    host_say("names: %d, inserts failed: %d\n", count, failed);
}

/* The program's own memory, in MiB, written to, kept. */
static void step_allocate(const char *argument)
{
    const size_t bytes = (size_t)host_number(argument) << 20;
    void *memory = malloc(bytes);
    if (memory != NULL) {
        memset(memory, 1, bytes);
    }
    host_result("allocate", memory != NULL);
}

static void step_map(const char *argument)
{
    const size_t bytes = (size_t)host_number(argument) << 20;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    host_result("map", memory != MAP_FAILED);
}

/* Says `ready` and waits until the test has done to the surroundings what it wants done now. */
static void step_meet(const char *argument)
{
    char byte = 0;
    (void)argument;
    host_say("ready\n");
    ssize_t got = -1;
    do {
        got = read(STDIN_FILENO, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) {
        host_say("nobody met\n");
    }
}

static void step_cleanup(const char *argument)
{
    (void)argument;
    mongoc_client_destroy(host_client());
    mongoc_cleanup();
    host_say("cleanup\n");
}

const struct host_step host_work_steps[] = {
    {"ops", step_ops},         {"fresh", step_fresh},
    {"clients", step_clients}, {"handles", step_handles},
    {"names", step_names},     {"allocate", step_allocate},
    {"map", step_map},         {"meet", step_meet},
    {"cleanup", step_cleanup}, {NULL, NULL},
};
