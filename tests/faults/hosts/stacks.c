/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stacks URI KIB: inserts from threads whose stack has KIB KiB, with a client that is connected
 * already. The stack lies above
 * a page that nobody may touch: what needs more than the bare program does ends in SIGSEGV.
 */
#include <mongoc/mongoc.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define THREADS 8
#define INSERTS 20

static mongoc_collection_t *collection;
static bson_t document = BSON_INITIALIZER;

static int insert_all(void)
{
    int failed = 0;
    for (int i = 0; i < INSERTS; i++) {
        failed += mongoc_collection_insert_one(collection, &document, NULL, NULL, NULL) ? 0 : 1;
    }
    return failed;
}

static void *run(void *argument)
{
    (void)argument;
    return (void *)(intptr_t)insert_all();
}

/* The stack of each thread is mapped by hand: glibc's own would be rounded up, or reused. */
static int insert_on_stack_of(size_t bytes)
{
    pthread_t thread;
    pthread_attr_t attributes;
    void *failed = NULL;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
        return 1;
    }
    pthread_attr_init(&attributes);
    if (pthread_attr_setstack(&attributes, memory + page, bytes) != 0 ||
        pthread_create(&thread, &attributes, run, NULL) != 0) {
        return 1;
    }
    pthread_join(thread, &failed);
    munmap(memory, bytes + page);
    return (int)(intptr_t)failed;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: stacks URI KIB\n");
        return 120;
    }
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new(argv[1]);
    collection = mongoc_client_get_collection(client, "faults", "work");
    BSON_APPEND_INT32(&document, "number", 1);
    int failed = insert_all();
    for (int i = 0; i < THREADS; i++) {
        failed += insert_on_stack_of((size_t)atol(argv[2]) << 10);
    }
    printf("inserts failed: %d\n", failed);
    mongoc_collection_destroy(collection);
    mongoc_client_destroy(client);
    return 0;
}
