/* SPDX-License-Identifier: Apache-2.0 */
#include "host/thread_life.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/annotate.h"
#include "bson/bson_writer.h"
#include "base/clock.h"
#include "base/options.h"
#include "host/recording.h"
#include "capture/call_documents.h"
#include "log/recorder.h"
#include "host/sampler.h"
#include "log/status.h"

__thread struct pt_thread *pt_thread_current;

static struct pt_thread pool[PT_THREADS_MAX]; /* pages of it exist only once used */
static atomic_bool taken[PT_THREADS_MAX];
static atomic_uint hint; /* where the search for a free object begins */
static atomic_bool full; /* no object was free; until one is given back */
static atomic_int last_number;

/* Its destructor tells that a thread ends. */
static pthread_key_t end_key;
static bool have_end_key;
static char main_thread_mark; /* the key's value on a main thread that has not called the driver */
static pthread_once_t end_key_once = PTHREAD_ONCE_INIT;

static void write_thread_document(struct pt_thread *t, const char *event, int64_t now_ns)
{
    uint8_t buffer[160];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_THREAD);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "tid", t->tid);
    pt_bson_int64(&b, "t", now_ns);
    pt_bson_string(&b, "ev", event, 8);
    if (event[0] == 'e') {
        pt_bson_int64(&b, "events", t->pen.events + 1);
        pt_bson_int64(&b, "clocks", t->clocks);
        pt_bson_int64(&b, "cpus", t->cpus);
    }
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

void pt_thread_publish_counts(struct pt_thread *t)
{
    pt_status_add(t->pen.events, t->clocks, t->cpus);
    t->pen.events = t->clocks = t->cpus = 0;
}

static void release(struct pt_thread *t)
{
    pt_record_release_chunk(&t->pen);
    memset(t, 0, sizeof *t);
    atomic_store(&taken[t - pool], false);
    atomic_store(&full, false);
}

/* Runs when a thread ends; the driver or the application may still be called by later destructors,
 * which then make a new object. */
static void thread_ended(void *object)
{
    struct pt_thread *t = object == &main_thread_mark ? NULL : object;
    int saved_errno = errno;
    pt_thread_current = NULL;
    if (syscall(SYS_gettid) == getpid()) {
        pt_sampler_leader_leaves();
    }
    if (t && *pt_process_alive && !t->stale) {
        int64_t now_ns = pt_now_ns();
        pt_annotate_thread_ended(t);
        pt_record_last_gap(t, now_ns);
        write_thread_document(t, "end", now_ns);
        pt_thread_publish_counts(t);
        pt_status_refresh();
        release(t);
    }
    errno = saved_errno;
}

static void make_end_key(void)
{
    /* Without a key (the host used them all) ends of threads go unseen; nothing else changes. */
    have_end_key = pthread_key_create(&end_key, thread_ended) == 0;
}

void pt_thread_watch_main(void)
{
    pthread_once(&end_key_once, make_end_key);
    if (have_end_key) {
        (void)pthread_setspecific(end_key, &main_thread_mark);
    }
}

static struct pt_thread *take(void)
{
    unsigned start = atomic_load(&hint);
    if (atomic_load_explicit(&full, memory_order_relaxed)) {
        pt_status_lose_event(PT_REASON_THREADS);
        return NULL;
    }
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        unsigned index = (start + i) % PT_THREADS_MAX;
        if (!atomic_exchange(&taken[index], true)) {
            atomic_store(&hint, index + 1);
            memset(&pool[index], 0, sizeof pool[index]);
            return &pool[index];
        }
    }
    atomic_store(&full, true);
    return NULL;
}

struct pt_thread *pt_thread_attach_internal(void)
{
    struct pt_thread *t = take();
    if (t) {
        t->tid = (int32_t)syscall(SYS_gettid);
    }
    return t;
}

static struct pt_thread *attach(void)
{
    struct pt_thread *t = take();
    if (t == NULL) {
        return NULL;
    }
    t->pen.number = atomic_fetch_add(&last_number, 1) + 1;
    t->tid = (int32_t)syscall(SYS_gettid);
    pt_thread_current = t;
    pthread_once(&end_key_once, make_end_key);
    if (have_end_key) {
        (void)pthread_setspecific(end_key, t);
    }
    pt_status_thread_seen();
    write_thread_document(t, "first", pt_now_ns());
    t->mark_ns = pt_now_ns(); /* behind our own work, which is not the application's */
    t->mark_cpu_ns = pt_options.CPU_CLOCK ? pt_thread_cpu_ns() : 0;
    return t;
}

struct pt_thread *pt_thread_self(void)
{
    struct pt_thread *t = pt_thread_current;
    if (__builtin_expect(t != NULL && *pt_process_alive && !t->stale, 1)) {
        return t;
    }
    int saved_errno = errno;
    bool started = pt_process_start();
    t = pt_thread_current;
    t = !started ? NULL : t && !t->stale ? t : attach();
    errno = saved_errno;
    return t;
}

void pt_thread_reset_all(void)
{
    bool forked =
        syscall(SYS_gettid) == getpid(); /* the thread that forked is the child's leader: when it is
                                            the caller, nobody points here any more */
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        if (atomic_load(&taken[i])) {
            memset(&pool[i], 0, sizeof pool[i]);
            pool[i].stale = !forked;
            atomic_store(&taken[i], !forked);
        }
    }
    atomic_store(&full, false);
    atomic_store(&last_number, 0);
    pt_thread_current = NULL;
}

void pt_thread_each(void (*visit)(struct pt_thread *))
{
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        if (atomic_load(&taken[i]) && !pool[i].stale) {
            visit(&pool[i]);
        }
    }
}
