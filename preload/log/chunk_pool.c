/* SPDX-License-Identifier: Apache-2.0 */
#include "log/chunk_pool.h"

#include <stdatomic.h>

#include "base/try_lock.h"

/* A bit for each chunk that is usable and free. Taking the lowest one keeps few chunks in use, so
 * their memory stays in the cache. */
#define PT_WORDS       (PT_CHUNK_COUNT / 64u)
#define PT_SMALL_WORDS (PT_SMALL_COUNT / 64u)
_Static_assert(PT_SMALL_COUNT % 64u == 0 && PT_LARGE_COUNT % 64u == 0, "whole words");

/* One of the two sizes: its words, and where to begin to look. */
struct pool {
    uint32_t first_word;
    uint32_t words;
    atomic_int free;  /* may lag behind the bits for a moment */
    atomic_uint hint; /* no earlier word has a free chunk, most likely */
};

static atomic_ullong free_bits[PT_WORDS];
static struct pool small_pool = {.first_word = 0, .words = PT_SMALL_WORDS};
static struct pool large_pool = {.first_word = PT_SMALL_WORDS, .words = PT_WORDS - PT_SMALL_WORDS};
static struct pt_try_lock growing;

static void set_free(uint32_t chunk)
{
    struct pool *pool = pt_ring_is_large(chunk) ? &large_pool : &small_pool;
    uint32_t word = chunk / 64;
    atomic_fetch_or_explicit(&free_bits[word], 1ull << (chunk % 64), memory_order_release);
    atomic_fetch_add_explicit(&pool->free, 1, memory_order_relaxed);
    if (word - pool->first_word < atomic_load_explicit(&pool->hint, memory_order_relaxed)) {
        atomic_store_explicit(&pool->hint, word - pool->first_word, memory_order_relaxed);
    }
}

static void set_free_from(uint32_t first, uint32_t end)
{
    for (uint32_t chunk = first; chunk < end; chunk++) {
        set_free(chunk);
    }
}

void pt_chunk_pool_reset(void)
{
    for (uint32_t i = 0; i < PT_WORDS; i++) {
        atomic_store(&free_bits[i], 0);
    }
    atomic_store(&small_pool.free, 0);
    atomic_store(&large_pool.free, 0);
    atomic_store(&small_pool.hint, 0);
    atomic_store(&large_pool.hint, 0);
    pt_unlock(&growing);
    set_free_from(0, pt_ring_small());
    set_free_from(PT_SMALL_COUNT, PT_SMALL_COUNT + pt_ring_large());
}

/* Takes a free chunk of this word; PT_NO_CHUNK: it has none. */
static uint32_t take_from(uint32_t word)
{
    unsigned long long bits = atomic_load_explicit(&free_bits[word], memory_order_acquire);
    while (bits != 0) {
        unsigned long long lowest = bits & -bits;
        if (atomic_compare_exchange_weak_explicit(&free_bits[word], &bits, bits & ~lowest,
                                                  memory_order_acquire, memory_order_acquire)) {
            return word * 64 + (uint32_t)__builtin_ctzll(lowest);
        }
    }
    return PT_NO_CHUNK;
}

static uint32_t take_of(struct pool *pool)
{
    uint32_t start = atomic_load_explicit(&pool->hint, memory_order_relaxed);
    for (uint32_t i = 0; i < pool->words; i++) {
        uint32_t word = (start + i) % pool->words;
        uint32_t chunk = take_from(pool->first_word + word);
        if (chunk != PT_NO_CHUNK) {
            atomic_fetch_sub_explicit(&pool->free, 1, memory_order_relaxed);
            if (i > 0) {
                atomic_store_explicit(&pool->hint, word, memory_order_relaxed);
            }
            return chunk;
        }
    }
    return PT_NO_CHUNK;
}

/* The chunk's first length word is 0, and whoever sees it as owned sees that it is empty. */
static void begin(uint32_t chunk)
{
    struct pt_ring_chunk *descriptor = pt_ring_chunk(chunk);
    __atomic_store_n((uint32_t *)(void *)pt_ring_bytes(chunk), 0, __ATOMIC_RELAXED);
    __atomic_store_n(&descriptor->flushed_bytes, 0, __ATOMIC_RELAXED);
    uint64_t sequence = __atomic_fetch_add(&pt_ring->sequence, 1, __ATOMIC_ACQ_REL);
    __atomic_store_n(&descriptor->sequence, sequence, __ATOMIC_RELAXED);
    __atomic_store_n(&descriptor->state, PT_CHUNK_OWNED, __ATOMIC_RELEASE);
}

uint32_t pt_chunk_take(uint32_t bytes, bool large)
{
    bool fits_small = bytes + sizeof(uint32_t) <= PT_SMALL_BYTES;
    uint32_t chunk = take_of(large || !fits_small ? &large_pool : &small_pool);
    if (chunk == PT_NO_CHUNK && fits_small) {
        chunk = take_of(large ? &small_pool : &large_pool);
    }
    if (chunk != PT_NO_CHUNK) {
        begin(chunk);
    }
    return chunk;
}

void pt_chunk_finish(uint32_t chunk)
{
    __atomic_store_n(&pt_ring_chunk(chunk)->state, PT_CHUNK_FULL, __ATOMIC_RELEASE);
}

void pt_chunk_release(uint32_t chunk)
{
    __atomic_store_n(&pt_ring_chunk(chunk)->state, PT_CHUNK_FREE, __ATOMIC_RELEASE);
    set_free(chunk);
}

static bool is_low(const struct pool *pool, uint32_t usable)
{
    return atomic_load_explicit(&pool->free, memory_order_relaxed) < ((int)usable + 1) / 2;
}

bool pt_chunk_pool_is_low(void)
{
    return is_low(&small_pool, pt_ring_small()) || is_low(&large_pool, pt_ring_large());
}

static bool grow_low(void)
{
    bool grown = false;
    uint32_t small = pt_ring_small();
    uint32_t large = pt_ring_large();
    if (is_low(&small_pool, small) && pt_ring_grow_small()) {
        set_free_from(small, pt_ring_small());
        grown = true;
    }
    if (is_low(&large_pool, large) && pt_ring_grow_large()) {
        set_free_from(PT_SMALL_COUNT + large, PT_SMALL_COUNT + pt_ring_large());
        grown = true;
    }
    return grown;
}

bool pt_chunk_pool_grow(void)
{
    bool grown = false;
    if (pt_try_lock(&growing)) {
        grown = grow_low();
        pt_unlock(&growing);
    }
    return grown;
}

bool pt_chunk_pool_may_grow(void)
{
    return pt_ring_small() < PT_SMALL_COUNT || pt_ring_large() < PT_LARGE_COUNT;
}
