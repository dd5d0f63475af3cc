/* SPDX-License-Identifier: Apache-2.0 */
/* Whether anything is left to flush. (flush.h) */
#include "log/flush.h"
#include "log/ring.h"

static bool is_pending(uint32_t chunk, uint32_t end)
{
    for (; chunk < end; chunk++) {
        struct pt_ring_chunk *c = pt_ring_chunk(chunk);
        uint32_t flushed = __atomic_load_n(&c->flushed_bytes, __ATOMIC_RELAXED);
        const void *next = pt_ring_bytes(chunk) + flushed;
        if (__atomic_load_n(&c->state, __ATOMIC_ACQUIRE) != PT_CHUNK_FREE &&
            flushed + sizeof(uint32_t) <= pt_ring_chunk_bytes(chunk) &&
            __atomic_load_n((const uint32_t *)next, __ATOMIC_ACQUIRE) != 0) {
            return true;
        }
    }
    return false;
}

bool pt_flush_is_pending(void)
{
    return pt_ring && (is_pending(0, pt_ring_small()) ||
                       is_pending(PT_SMALL_COUNT, PT_SMALL_COUNT + pt_ring_large()));
}
