/* SPDX-License-Identifier: Apache-2.0 */
/*
 * killme URI THREADS FILE: works until it is killed. Each thread has a client of its own, inserts
 * and pings in turn, and after each call that returned adds one to its slot of FILE (mapped and
 * shared, so that it outlives the process): what a log must hold at least. A slot is two 64-bit
 * numbers: the kernel's id of the thread and its completed operations. Writes `ready` when all
 * threads work.
 */
#include "driver_work.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS_MAX 64

typedef struct {
    _Atomic int64_t tid;
    _Atomic int64_t completed;
} slot;

static const char *server_uri;

static void *work_for_ever(void *argument)
{
    slot *own = argument;
    mongoc_client_t *client = mongoc_client_new(server_uri);
    if (client == NULL) {
        return NULL;
    }
    for (int64_t i = 0;; i++) {
        if (!(i % 2 == 0 ? work_insert(client, i) : work_ping(client))) {
            fprintf(stderr, "killme: an operation failed\n");
            exit(1);
        }
        atomic_store_explicit(&own->completed, i + 1, memory_order_release);
        if (i == 0) {
            atomic_store_explicit(&own->tid, syscall(SYS_gettid), memory_order_release);
        }
    }
}

static slot *map_slots(const char *file)
{
    const int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0 || ftruncate(descriptor, THREADS_MAX * sizeof(slot)) != 0) {
        return NULL;
    }
    slot *slots =
        mmap(NULL, THREADS_MAX * sizeof(slot), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return slots == MAP_FAILED ? NULL : slots;
}

static void wait_until_all_work(slot *slots, int threads)
{
    for (int i = 0; i < threads; i++) {
        while (atomic_load_explicit(&slots[i].tid, memory_order_acquire) == 0) {
            usleep(100);
        }
    }
}

int main(int argc, char **argv)
{
    const int threads = argc == 4 ? atoi(argv[2]) : 0;
    slot *slots = threads > 0 && threads <= THREADS_MAX ? map_slots(argv[3]) : NULL;
    if (slots == NULL) {
        fprintf(stderr, "usage: killme URI THREADS FILE\n");
        return 2;
    }
    mongoc_init();
    server_uri = argv[1];
    for (int i = 0; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work_for_ever, &slots[i]) != 0) {
            return 1;
        }
    }
    wait_until_all_work(slots, threads);
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}
