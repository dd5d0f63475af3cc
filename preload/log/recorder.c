/* SPDX-License-Identifier: Apache-2.0 */
#include "log/recorder.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "log/log_file.h"
#include "log/status.h"

/* Chunks that ended threads left partly filled, for threads that begin: a host that makes a thread
 * per request must not use up a chunk for each. Only a thread without events takes one, so that the
 * events of one thread stay in file order. */
#define PT_LEFT_CHUNKS   64u
#define PT_SETTLE_YIELDS 200
static _Atomic(uint8_t *) left_at[PT_LEFT_CHUNKS];

static atomic_int claiming; /* threads that have claimed a chunk and not begun it */
static atomic_llong dropped;
static atomic_int lost_reason; /* enum pt_reason: the first one */
static atomic_bool stopped;    /* no further chunk can be had */

/* A chunk's end from any address in it: chunks are aligned in the mapping, which begins at a page.
 */
static uint8_t *chunk_end_of(uint8_t *at)
{
    uint8_t *first = pt_log_file_chunk(0);
    return first + ((size_t)(at - first) / PT_CHUNK_BYTES + 1) * PT_CHUNK_BYTES;
}

static bool take_left_chunk(struct pt_thread *t, uint32_t bytes)
{
    for (unsigned i = 0; i < PT_LEFT_CHUNKS; i++) {
        uint8_t *at = atomic_exchange(&left_at[i], NULL);
        if (at == NULL) {
            continue;
        }
        if ((size_t)(chunk_end_of(at) - at) >= (size_t)bytes + 8) {
            t->at = at;
            t->chunk_end = chunk_end_of(at);
            return true;
        }
    }
    return false;
}

/* Claims a chunk and lays a filler over it; the end of the process waits for what happens in
 * between. */
static uint8_t *begin_chunk(enum pt_reason *reason)
{
    atomic_fetch_add(&claiming, 1);
    uint8_t *chunk = pt_log_file_claim(reason);
    if (chunk) {
        pt_record_filler(chunk, PT_CHUNK_BYTES);
    }
    atomic_fetch_sub(&claiming, 1);
    return chunk;
}

bool pt_record_new_chunk(struct pt_thread *t, uint32_t bytes)
{
    if (bytes + 8 > PT_CHUNK_BYTES || atomic_load_explicit(&stopped, memory_order_relaxed)) {
        pt_record_lose(PT_REASON_LIMIT);
        return false;
    }
    if (t->at == NULL && take_left_chunk(t, bytes)) {
        return true;
    }
    enum pt_reason reason = PT_REASON_NONE;
    uint8_t *chunk = begin_chunk(&reason);
    if (chunk == NULL) {
        atomic_store(&stopped, true);
        pt_record_lose(reason);
        return false;
    }
    if (t->at && pt_log_file_chunk(0) !=
                     t->chunk_end -
                         PT_CHUNK_BYTES) { /* the first chunk holds the status, which is updated */
        pt_log_file_unmap(t->chunk_end - PT_CHUNK_BYTES);
    }
    t->at = chunk;
    t->chunk_end = chunk + PT_CHUNK_BYTES;
    return true;
}

void pt_record_release_chunk(struct pt_thread *t)
{
    uint8_t *at = t->at;
    t->at = t->chunk_end = NULL;
    for (unsigned i = 0; at && i < PT_LEFT_CHUNKS; i++) {
        uint8_t *expected = NULL;
        if (atomic_compare_exchange_strong(&left_at[i], &expected, at)) {
            return;
        }
    }
}

void pt_record_reset(void)
{
    for (unsigned i = 0; i < PT_LEFT_CHUNKS; i++) {
        atomic_store(&left_at[i], NULL);
    }
    atomic_store(&claiming, 0);
    atomic_store(&dropped, 0);
    atomic_store(&lost_reason, PT_REASON_NONE);
    atomic_store(&stopped, false);
}

int64_t pt_record_dropped(void)
{
    return atomic_load(&dropped);
}

enum pt_reason pt_record_reason(void)
{
    return (enum pt_reason)atomic_load(&lost_reason);
}

void pt_record_lose(enum pt_reason reason)
{
    int none = PT_REASON_NONE;
    atomic_fetch_add(&dropped, 1);
    atomic_compare_exchange_strong(&lost_reason, &none, (int)reason);
    pt_status_refresh();
}

static void settle_thread(struct pt_thread *t)
{
    for (int yields = 0; t->writing && yields < PT_SETTLE_YIELDS; yields++) {
        sched_yield();
    }
    if (t->writing && t->at) {
        /* The thread was stopped inside an event that will never be complete: its place is filler
         * again. */
        pt_record_filler(t->at, (uint32_t)(t->chunk_end - t->at));
    }
}

void pt_record_settle(uint32_t chunks)
{
    static const struct timespec moment = {.tv_nsec = 100000};
    for (int waits = 0; atomic_load(&claiming) > 0 && waits < PT_SETTLE_YIELDS; waits++) {
        nanosleep(&moment,
                  NULL); /* a yield is too short where more threads run than there are CPUs */
    }
    pt_thread_each(settle_thread);
    for (uint32_t i = 0; i < chunks; i++) {
        if (pt_log_file_is_empty(i)) {
            pt_record_filler(pt_log_file_chunk(i), PT_CHUNK_BYTES);
        }
    }
}

void pt_record_bytes(struct pt_thread *t, const void *document, uint32_t bytes)
{
    uint8_t *p = pt_record_reserve(t, bytes);
    if (p) {
        memcpy(p + 4, (const uint8_t *)document + 4, bytes - 4);
        pt_record_commit(t, p, bytes);
    }
}
