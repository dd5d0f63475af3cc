/* SPDX-License-Identifier: Apache-2.0 */
#include "log/recorder.h"

#include <errno.h>
#include <time.h>

#include "base/own_memory.h"
#include "log/chunk_pool.h"
#include "log/essential.h"
#include "log/disk_wait.h"
#include "log/flush.h"
#include "log/status.h"
#include "log/totals.h"

/* A thread that finds no chunk while another one makes more usable waits for that: some ten
 * microseconds, a few times in the life of a process; longer only where the other one is not on a
 * CPU. */
#define PT_GROW_WAITS   100
#define PT_GROW_WAIT_NS 50000

/* How often, and how long, a thread sleeps for a chunk while no append ends: a fifth of a
 * second at most. */
#define PT_CROWD_NAPS   400
#define PT_CROWD_NAP_NS 500000

atomic_bool pt_record_crowded;

void pt_record_finish_chunk(struct pt_pen *pen)
{
    if (pen->at) {
        pt_chunk_finish(pen->chunk);
        pen->at = pen->end = NULL;
    }
}

static uint32_t wait_for_more(uint32_t bytes, bool large)
{
    static const struct timespec moment = {.tv_nsec = PT_GROW_WAIT_NS};
    uint32_t chunk = pt_chunk_take(bytes, large);
    for (int waits = 0; chunk == PT_NO_CHUNK && waits < PT_GROW_WAITS; waits++) {
        bool grown = pt_chunk_pool_grow();
        chunk = pt_chunk_take(bytes, large);
        if (chunk == PT_NO_CHUNK && !grown) {
            if (!pt_chunk_pool_may_grow()) {
                break;
            }
            nanosleep(&moment, NULL);
        }
    }
    return chunk;
}

/* In a crowd every event takes a chunk of its own, and when thousands of threads start together the
 * one that empties chunks is one of thousands that want a CPU. A thread that finds no free chunk
 * then empties some itself, or sleeps while another one does, instead of losing the event. It gives
 * up when no append to the log ends any more: the disk is at fault, and no thread waits again
 * before a chunk is free. */
static uint32_t take_in_crowd(uint32_t bytes)
{
    static const struct timespec nap = {.tv_nsec = PT_CROWD_NAP_NS};
    static atomic_bool stalled;
    uint64_t appends = __atomic_load_n(&pt_ring->generation, __ATOMIC_RELAXED);
    int saved_errno = errno;
    uint32_t chunk = pt_chunk_take(bytes, false);
    int naps = atomic_load(&stalled) ? PT_CROWD_NAPS : 0;
    for (; naps < PT_CROWD_NAPS && chunk == PT_NO_CHUNK; naps++) {
        if (pt_flush(NULL) == PT_FLUSH_BUSY) { /* another thread is at it, the disk may stall */
            nanosleep(&nap, NULL);
        }
        chunk = pt_chunk_take(bytes, false);
        uint64_t now = __atomic_load_n(&pt_ring->generation, __ATOMIC_RELAXED);
        naps = now == appends ? naps : 0;
        appends = now;
    }
    atomic_store(&stalled, chunk == PT_NO_CHUNK);
    errno = saved_errno;
    return chunk;
}

/* A free chunk. When they get few, more are made usable, and the log is written: by the writer, or,
 * where there is none, by this thread. */
static uint32_t take(uint32_t bytes, bool large, bool crowded)
{
    uint32_t chunk = pt_chunk_take(bytes, large);
    if (!pt_chunk_pool_is_low() && chunk != PT_NO_CHUNK) {
        return chunk;
    }
    int saved_errno = errno;
    if (pt_chunk_pool_may_grow()) {
        (void)pt_chunk_pool_grow();
    }
    if (!pt_flush_wake()) {
        (void)pt_flush(NULL);
    }
    chunk = chunk == PT_NO_CHUNK ? wait_for_more(bytes, large) : chunk;
    chunk = chunk == PT_NO_CHUNK && crowded ? take_in_crowd(bytes) : chunk;
    errno = saved_errno;
    return chunk;
}

void pt_record_crowd(bool crowded)
{
    if (atomic_load_explicit(&pt_record_crowded, memory_order_relaxed) != crowded) {
        atomic_store(&pt_record_crowded, crowded);
    }
}

static uint32_t take_for(const struct pt_pen *pen, uint32_t bytes)
{
    bool crowded = atomic_load_explicit(&pt_record_crowded, memory_order_relaxed);
    if (pt_ring == NULL || bytes + sizeof(uint32_t) > PT_LARGE_BYTES) {
        return PT_NO_CHUNK;
    }
    return take(bytes, pen->filled && !crowded, crowded);
}

static enum pt_reason reason_of_loss(void)
{
    enum pt_reason obstacle = pt_status_obstacle();
    return obstacle == PT_REASON_BEHIND && pt_disk_is_stalled() ? PT_REASON_STALLED : obstacle;
}

/* There is no chunk. What has a spare place ends in pt_record_spare. */
static uint8_t *without_chunk(struct pt_pen *pen, uint32_t bytes)
{
    if (pt_ring && bytes + sizeof(uint32_t) <= PT_SPARE_BYTES) {
        return (uint8_t *)pen->spare;
    }
    pt_status_lose_event(reason_of_loss());
    return NULL;
}

uint8_t *pt_record_new_chunk(struct pt_pen *pen, uint32_t bytes)
{
    pen->filled |= pen->at != NULL;
    pt_record_finish_chunk(pen);
    uint32_t chunk = take_for(pen, bytes);
    if (chunk == PT_NO_CHUNK) {
        return without_chunk(pen, bytes);
    }
    pen->chunk = chunk;
    pen->at = pt_ring_bytes(chunk);
    pen->end = pen->at + pt_ring_chunk_bytes(chunk);
    return pen->at;
}

/* The reason stays in the status, whether the event is summed or lost. */
void pt_record_spare(struct pt_pen *pen)
{
    const uint8_t *document = (const uint8_t *)pen->spare;
    bool summed = pt_totals_know(pt_kind_of(document)) && pt_totals_overflow(document);
    pt_status_lose_events(reason_of_loss(), summed ? 0 : 1);
    pen->events += summed;
}

void pt_record_forget(void)
{
    atomic_store(&pt_record_crowded, false);
}

void pt_record_bytes(struct pt_pen *pen, const void *document, uint32_t bytes)
{
    uint8_t *p = pt_record_reserve(pen, bytes);
    if (p) {
        pt_copy_own(p + 4, (const uint8_t *)document + 4, bytes - 4);
        pt_record_commit(pen, p, bytes);
    }
}
