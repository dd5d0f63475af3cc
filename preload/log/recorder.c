/* SPDX-License-Identifier: Apache-2.0 */
#include "log/recorder.h"

#include "log/chunk_pool.h"
#include "log/flush.h"
#include "log/status.h"

/* A thread that finds no chunk while another one makes more usable, which takes some ten
 * microseconds, waits for that; it happens a few times in the life of a process. */
#define PT_GROW_YIELDS 200

atomic_bool pt_record_crowded;

void pt_record_finish_chunk(struct pt_pen *pen)
{
    if (pen->at) {
        pt_chunk_finish(pen->chunk);
        pen->at = pen->end = NULL;
    }
}

/* A free chunk. When there is none and no thread of ours writes the log, this thread does. */
static uint32_t take(uint32_t bytes, bool large)
{
    uint32_t chunk = pt_chunk_take(bytes, large);
    if (!pt_chunk_pool_is_low() && chunk != PT_NO_CHUNK) {
        return chunk;
    }
    if (!pt_flush_wake()) {
        (void)pt_flush(NULL);
    }
    for (int yields = 0; chunk == PT_NO_CHUNK && yields < PT_GROW_YIELDS; yields++) {
        bool grown = pt_chunk_pool_grow();
        chunk = pt_chunk_take(bytes, large);
        if (chunk == PT_NO_CHUNK && !grown && !pt_chunk_pool_may_grow()) {
            break;
        }
    }
    return chunk;
}

static void note_crowd(void)
{
    bool crowded = pt_chunk_pool_is_crowded();
    if (atomic_load_explicit(&pt_record_crowded, memory_order_relaxed) != crowded) {
        atomic_store(&pt_record_crowded, crowded);
    }
}

bool pt_record_new_chunk(struct pt_pen *pen, uint32_t bytes)
{
    pen->filled |= pen->at != NULL;
    pt_record_finish_chunk(pen);
    note_crowd();
    uint32_t chunk = pt_ring && bytes + sizeof(uint32_t) <= PT_LARGE_BYTES
                         ? take(bytes, pen->filled && !atomic_load(&pt_record_crowded))
                         : PT_NO_CHUNK;
    if (chunk == PT_NO_CHUNK) {
        pt_status_lose_event(pt_status_obstacle());
        return false;
    }
    pen->chunk = chunk;
    pen->at = pt_ring_bytes(chunk);
    pen->end = pen->at + pt_ring_chunk_bytes(chunk);
    return true;
}

void pt_record_forget(void)
{
    atomic_store(&pt_record_crowded, false);
}

void pt_record_bytes(struct pt_pen *pen, const void *document, uint32_t bytes)
{
    uint8_t *p = pt_record_reserve(pen, bytes);
    if (p) {
        memcpy(p + 4, (const uint8_t *)document + 4, bytes - 4);
        pt_record_commit(pen, p, bytes);
    }
}
