/* SPDX-License-Identifier: Apache-2.0 */
#include "log/recorder.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "log/log_file.h"
#include "log/status.h"

/* Partly filled chunks of ended threads, for pens that begin: a host that makes a thread per
 * request must not use up a chunk for each. Only a pen without a chunk takes one, so that the
 * events of one thread stay in file order. */
#define PT_LEFT_CHUNKS   64u
#define PT_SETTLE_YIELDS 200
static _Atomic(uint8_t *) left_at[PT_LEFT_CHUNKS];

static atomic_int claiming; /* threads that have claimed a chunk and not begun it */
static atomic_bool stopped; /* no further chunk can be had */

/* A chunk's end from any address in it: chunks are aligned in the mapping, which begins at a page.
 */
static uint8_t *chunk_end_of(uint8_t *at)
{
    uint8_t *first = pt_log_file_chunk(0);
    return first + ((size_t)(at - first) / PT_CHUNK_BYTES + 1) * PT_CHUNK_BYTES;
}

static bool take_left_chunk(struct pt_pen *pen, uint32_t bytes)
{
    for (unsigned i = 0; i < PT_LEFT_CHUNKS; i++) {
        uint8_t *at = atomic_exchange(&left_at[i], NULL);
        if (at == NULL) {
            continue;
        }
        if ((size_t)(chunk_end_of(at) - at) >= (size_t)bytes + 8) {
            pen->at = at;
            pen->chunk_end = chunk_end_of(at);
            return true;
        }
    }
    return false;
}

/* Claims a chunk and puts a filler over it. pt_record_await_claims waits for the time in between,
 * in which the chunk is no sequence of documents. */
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

bool pt_record_new_chunk(struct pt_pen *pen, uint32_t bytes)
{
    if (bytes + 8 > PT_CHUNK_BYTES || atomic_load_explicit(&stopped, memory_order_relaxed)) {
        pt_status_lose_event(PT_REASON_LIMIT);
        return false;
    }
    if (pen->at == NULL && take_left_chunk(pen, bytes)) {
        return true;
    }
    enum pt_reason reason = PT_REASON_NONE;
    uint8_t *chunk = begin_chunk(&reason);
    if (chunk == NULL) {
        atomic_store(&stopped, true);
        pt_status_lose_event(reason);
        return false;
    }
    uint8_t *full = pen->at ? pen->chunk_end - PT_CHUNK_BYTES : NULL;
    if (full && full != pt_log_file_chunk(0)) { /* the first chunk holds the status document */
        pt_log_file_unmap(full);
    }
    pen->at = chunk;
    pen->chunk_end = chunk + PT_CHUNK_BYTES;
    return true;
}

void pt_record_release_chunk(struct pt_pen *pen)
{
    uint8_t *at = pen->at;
    pen->at = pen->chunk_end = NULL;
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
    atomic_store(&stopped, false);
}

void pt_record_await_claims(void)
{
    static const struct timespec moment = {.tv_nsec = 100000};
    for (int waits = 0; atomic_load(&claiming) > 0 && waits < PT_SETTLE_YIELDS; waits++) {
        /* A yield is too short where more threads run than there are CPUs. */
        nanosleep(&moment, NULL);
    }
}

void pt_record_settle(struct pt_pen *pen)
{
    for (int yields = 0; pen->writing && yields < PT_SETTLE_YIELDS; yields++) {
        sched_yield();
    }
    if (pen->writing && pen->at) {
        /* Its thread was stopped inside an event that will never be complete. */
        pt_record_filler(pen->at, (uint32_t)(pen->chunk_end - pen->at));
    }
}

void pt_record_fill_unclaimed(uint32_t chunks)
{
    for (uint32_t i = 0; i < chunks; i++) {
        if (pt_log_file_is_empty(i)) {
            pt_record_filler(pt_log_file_chunk(i), PT_CHUNK_BYTES);
        }
    }
}

void pt_record_bytes(struct pt_pen *pen, const void *document, uint32_t bytes)
{
    uint8_t *p = pt_record_reserve(pen, bytes);
    if (p) {
        memcpy(p + 4, (const uint8_t *)document + 4, bytes - 4);
        pt_record_commit(pen, p, bytes);
    }
}
