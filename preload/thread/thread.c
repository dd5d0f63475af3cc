/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/thread.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/own_memory.h"
#include "log/recorder.h"
#include "log/status.h"

__thread struct pt_thread *pt_thread_current;

/* States lie in blocks of 64, one bit of a word for each. A block is mapped when the ones before it
 * are in use; the first is part of the object, so that a few threads need no mapping. */
#define PT_BLOCKS      (PT_THREADS_MAX / 64u)
#define PT_BLOCK_BYTES (64u * sizeof(struct pt_thread))
/* From so many states in use on, threads keep no chunk between two calls. */
#define PT_CROWD 256

static struct pt_thread first_block[64];
static struct pt_thread *_Atomic blocks[PT_BLOCKS] = {first_block};
static atomic_ullong used[PT_BLOCKS];
static atomic_int used_count;
static atomic_bool full; /* no state was free; until one is released */
static atomic_int last_number;

static struct pt_thread *block_of(unsigned number)
{
    struct pt_thread *block = atomic_load_explicit(&blocks[number], memory_order_acquire);
    if (block) {
        return block;
    }
    void *made =
        mmap(NULL, PT_BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) {
        return NULL;
    }
    if (!atomic_compare_exchange_strong(&blocks[number], &block, made)) {
        munmap(made, PT_BLOCK_BYTES); /* another thread was faster */
        return block;
    }
    return made;
}

/* A free state of this block; NULL: it has none. */
static struct pt_thread *take_of(unsigned number)
{
    unsigned long long bits = atomic_load(&used[number]);
    struct pt_thread *block = ~bits ? block_of(number) : NULL;
    while (block && ~bits) {
        unsigned long long lowest = ~bits & (bits + 1);
        if (atomic_compare_exchange_weak(&used[number], &bits, bits | lowest)) {
            unsigned in_block = (unsigned)__builtin_ctzll(lowest);
            pt_clear_own(&block[in_block], sizeof *block);
            block[in_block].place = number * 64 + in_block;
            return &block[in_block];
        }
    }
    return NULL;
}

static struct pt_thread *take(void)
{
    if (!atomic_load_explicit(&full, memory_order_relaxed)) {
        for (unsigned i = 0; i < PT_BLOCKS; i++) {
            struct pt_thread *t = take_of(i);
            if (t) {
                pt_record_crowd(atomic_fetch_add(&used_count, 1) >= PT_CROWD);
                return t;
            }
        }
        atomic_store(&full, true);
    }
    pt_status_lose_event(PT_REASON_THREADS);
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
    unsigned place = t->place;
    pt_record_finish_chunk(&t->pen);
    pt_clear_own(t, sizeof *t);
    pt_record_crowd(atomic_fetch_sub(&used_count, 1) > PT_CROWD);
    atomic_fetch_and(&used[place / 64], ~(1ull << (place % 64)));
    atomic_store(&full, false);
}

void pt_thread_publish_counts(struct pt_thread *t)
{
    pt_status_add(t->pen.events, t->clocks, t->cpus);
    t->pen.events = t->clocks = t->cpus = 0;
}

static void each_used(void (*visit)(struct pt_thread *, void *), void *argument)
{
    for (unsigned i = 0; i < PT_BLOCKS; i++) {
        unsigned long long bits = atomic_load(&used[i]);
        for (; bits; bits &= bits - 1) {
            visit(&block_of(i)[__builtin_ctzll(bits)], argument);
        }
    }
}

static void make_stale(struct pt_thread *t, void *unused_argument)
{
    (void)unused_argument;
    unsigned place = t->place;
    pt_clear_own(t, sizeof *t);
    t->stale = true;
    t->place = place;
}

void pt_thread_reset_all(void)
{
    /* The thread that forked is the child's leader: when it is the caller, nothing points to a
     * state any more. */
    bool forked = syscall(SYS_gettid) == getpid();
    each_used(make_stale, NULL);
    for (unsigned i = 0; forked && i < PT_BLOCKS; i++) {
        atomic_store(&used[i], 0);
    }
    atomic_store(&used_count, 0);
    atomic_store(&full, false);
    atomic_store(&last_number, 0);
    pt_thread_current = NULL;
}

struct visitor {
    void (*visit)(struct pt_thread *);
};

static void visit_own(struct pt_thread *t, void *visitor)
{
    if (!t->stale) {
        ((const struct visitor *)visitor)->visit(t);
    }
}

void pt_thread_each(void (*visit)(struct pt_thread *))
{
    struct visitor visitor = {visit};
    each_used(visit_own, &visitor);
}

static void count_own(struct pt_thread *t, void *count)
{
    *(int *)count += !t->stale && t->pen.number > 0;
}

int pt_thread_count(void)
{
    int count = 0;
    each_used(count_own, &count);
    return count;
}
