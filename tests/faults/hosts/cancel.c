/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cancel URI THREADS: starts threads that insert on and on, one after another, and cancels each in
 * the middle of it (deferred cancellation: inside a system call of the driver). Then works as ever.
 * The number of inserts before a cancellation differs from run to run; they go to `busy`.
 */
#include <mongoc/mongoc.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static const char *server_uri;
static atomic_int begun;

static int insert(mongoc_client_t *client, const char *name, int number)
{
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "faults", name);
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "number", number);
    const bool good = mongoc_collection_insert_one(collection, &document, NULL, NULL, NULL);
    bson_destroy(&document);
    mongoc_collection_destroy(collection);
    return good ? 0 : 1;
}

static void *insert_on_and_on(void *argument)
{
    mongoc_client_t *client = mongoc_client_new(server_uri);
    (void)argument;
    for (;;) {
        insert(client, "busy", 0);
        begun++;
    }
    return NULL;
}

static bool cancel_one(void)
{
    pthread_t thread;
    void *ended = NULL;
    begun = 0;
    pthread_create(&thread, NULL, insert_on_and_on, NULL);
    while (begun < 5) {
        sched_yield();
    }
    pthread_cancel(thread);
    pthread_join(thread, &ended);
    return ended == PTHREAD_CANCELED;
}

static int work_as_ever(void)
{
    int failed = 0;
    mongoc_client_t *client = mongoc_client_new(server_uri);
    for (int i = 0; i < 50; i++) {
        failed += insert(client, "work", i);
    }
    mongoc_client_destroy(client);
    return failed;
}

int main(int argc, char **argv)
{
    int cancelled = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: cancel URI THREADS\n");
        return 120;
    }
    mongoc_init();
    server_uri = argv[1];
    for (int i = 0; i < atoi(argv[2]); i++) {
        cancelled += cancel_one() ? 1 : 0;
    }
    printf("cancelled %d, inserts failed: %d\n", cancelled, work_as_ever());
    return 0;
}
