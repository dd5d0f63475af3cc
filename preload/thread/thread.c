/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/thread.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log/recorder.h"
#include "log/status.h"

__thread struct pt_thread *pt_thread_current;

static struct pt_thread pool[PT_THREADS_MAX]; /* its pages exist only once used */
static atomic_bool taken[PT_THREADS_MAX];
static atomic_uint hint; /* where the search for a free state begins */
static atomic_bool full; /* no state was free; until one is released */
static atomic_int last_number;

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

struct pt_thread *pt_thread_take_internal(void)
{
    struct pt_thread *t = take();
    if (t) {
        t->tid = (int32_t)syscall(SYS_gettid);
    }
    return t;
}

struct pt_thread *pt_thread_take(void)
{
    struct pt_thread *t = pt_thread_take_internal();
    if (t) {
        t->pen.number = atomic_fetch_add(&last_number, 1) + 1;
    }
    return t;
}

void pt_thread_release(struct pt_thread *t)
{
    pt_record_finish_chunk(&t->pen);
    memset(t, 0, sizeof *t);
    atomic_store(&taken[t - pool], false);
    atomic_store(&full, false);
}

void pt_thread_publish_counts(struct pt_thread *t)
{
    pt_status_add(t->pen.events, t->clocks, t->cpus);
    t->pen.events = t->clocks = t->cpus = 0;
}

void pt_thread_reset_all(void)
{
    /* The thread that forked is the child's leader: when it is the caller, nothing points into the
     * pool any more. */
    bool forked = syscall(SYS_gettid) == getpid();
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

int pt_thread_count(void)
{
    int count = 0;
    for (unsigned i = 0; i < PT_THREADS_MAX; i++) {
        count += atomic_load_explicit(&taken[i], memory_order_relaxed) && !pool[i].stale &&
                 pool[i].pen.number > 0;
    }
    return count;
}
