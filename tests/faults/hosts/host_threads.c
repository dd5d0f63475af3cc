/* SPDX-License-Identifier: Apache-2.0 */
/* Steps with several threads. Many threads share few clients, each behind a lock: the number of
 * threads is what is tested, not that of connections. */
#include "host.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define SHARED      8
#define STACK_BYTES (128u << 10)
#define BUSY_MOST   64

static struct {
    pthread_mutex_t lock;
    mongoc_client_t *client;
} shared[SHARED];

static atomic_int inserts_failed;
static atomic_bool stop_busy;
static pthread_barrier_t all_inserted;
static pthread_t busy[BUSY_MOST];
static int busy_count;
static atomic_int busy_begun;
static pthread_rwlock_t may_insert = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void open_shared(void)
{
    for (int i = 0; i < SHARED; i++) {
        pthread_mutex_init(&shared[i].lock, NULL);
        shared[i].client = mongoc_client_new(host_uri);
    }
}

static void insert_shared(size_t number, int count)
{
    pthread_mutex_lock(&shared[number % SHARED].lock);
    inserts_failed += host_inserts(shared[number % SHARED].client, "work", count);
    pthread_mutex_unlock(&shared[number % SHARED].lock);
}

/* Lives until every other thread of its kind has inserted. */
static void *living(void *argument)
{
    insert_shared((size_t)argument, 1);
    pthread_barrier_wait(&all_inserted);
    return NULL;
}

static bool start(pthread_t *thread, void *(*run)(void *), size_t number)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    errno = pthread_create(thread, &attributes, run, (void *)number);
    return errno == 0;
}

/* N threads alive at once, one insert each. */
static void step_threads(const char *argument)
{
    const size_t count = (size_t)host_number(argument);
    pthread_t *threads = calloc(count, sizeof *threads);
    open_shared();
    pthread_barrier_init(&all_inserted, NULL, (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        if (!start(&threads[i], living, i)) {
            host_say("threads: %zu, then %s\n", i, strerrorname_np(errno));
            _Exit(122);
        }
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
    host_say("threads: %zu, inserts failed: %d\n", count, inserts_failed);
}

static void *short_lived(void *argument)
{
    insert_shared((size_t)argument, 40);
    return NULL;
}

/* N threads one after another, 40 inserts each. */
static void step_churn(const char *argument)
{
    const size_t count = (size_t)host_number(argument);
    open_shared();
    for (size_t i = 0; i < count; i++) {
        pthread_t thread;
        if (start(&thread, short_lived, i)) {
            pthread_join(thread, NULL);
        }
    }
    host_say("short-lived threads: %zu, inserts failed: %d\n", count, inserts_failed);
}

static void *wait_for_ever(void *unused)
{
    (void)unused;
    for (;;) {
        pause();
    }
    return NULL;
}

/* How many threads the system grants, up to N. They stay. */
static void step_granted(const char *argument)
{
    const long most = host_number(argument);
    long count = 0;
    pthread_t thread;
    while (count < most && start(&thread, wait_for_ever, 0)) {
        count++;
    }
    host_say("threads granted: %ld\n", count);
}

static void *insert_on_and_on(void *argument)
{
    mongoc_client_t *client = mongoc_client_new(host_uri);
    (void)argument;
    host_inserts(client, "busy", 5);
    busy_begun++;
    while (!stop_busy) {
        pthread_rwlock_rdlock(&may_insert);
        host_inserts(client, "busy", 1);
        pthread_rwlock_unlock(&may_insert);
    }
    mongoc_client_destroy(client);
    return NULL;
}

/* N threads that insert until `quiet`, into a collection of their own. Goes on when each is
 * connected: a fork beside a thread that connects can leave locks of the resolver or of OpenSSL
 * held in the child, in the bare program as well. */
static void step_busy(const char *argument)
{
    const int count = (int)host_number(argument);
    for (int i = 0; i < count && busy_count < BUSY_MOST; i++) {
        pthread_create(&busy[busy_count++], NULL, insert_on_and_on, NULL);
    }
    while (busy_begun < busy_count) {
        sched_yield();
    }
}

/* From here to `resume` the busy threads are outside the driver. */
static void step_pause(const char *argument)
{
    (void)argument;
    pthread_rwlock_wrlock(&may_insert);
}

static void step_resume(const char *argument)
{
    (void)argument;
    pthread_rwlock_unlock(&may_insert);
}

static void step_quiet(const char *argument)
{
    (void)argument;
    stop_busy = true;
    while (busy_count > 0) {
        pthread_join(busy[--busy_count], NULL);
    }
    stop_busy = false;
    busy_begun = 0;
    host_say("quiet\n");
}

const struct host_step host_thread_steps[] = {
    {"threads", step_threads}, {"churn", step_churn}, {"granted", step_granted},
    {"busy", step_busy},       {"quiet", step_quiet}, {"pause", step_pause},
    {"resume", step_resume},   {NULL, NULL},
};
