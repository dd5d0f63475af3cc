/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/address_index.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define PT_WAYS       7u
#define PT_FIRST_SETS 1024u /* 7,168 places in 128 KiB */
#define PT_LEVELS     5u    /* 2.4 million places in all */

/* Addresses in one cache line, values in the next. */
struct set {
    _Atomic(const void *) address[PT_WAYS];
    atomic_bool crowded; /* was full when one more came: the search goes on behind it */
    _Atomic(void *) value[PT_WAYS];
} __attribute__((aligned(64)));

static struct set first_level[PT_FIRST_SETS];
static _Atomic(struct set *) levels[PT_LEVELS] = {first_level};

/* In a place whose value is not stored yet: no object lies there. */
static const char claimed;

static size_t sets_of(unsigned level)
{
    return (size_t)PT_FIRST_SETS << (2 * level);
}

/* Fibonacci hashing: addresses differ in their middle bits. */
static size_t hash_of(const void *address)
{
    return (size_t)((uint64_t)(uintptr_t)address * 0x9E3779B97F4A7C15u >> 40);
}

static struct set *set_at(unsigned level, size_t hash)
{
    struct set *sets = atomic_load_explicit(&levels[level], memory_order_acquire);
    return sets ? &sets[hash & (sets_of(level) - 1)] : NULL;
}

static struct set *find(const void *address, unsigned *ret_way)
{
    size_t hash = hash_of(address);
    for (unsigned level = 0; level < PT_LEVELS; level++) {
        struct set *set = set_at(level, hash);
        for (*ret_way = 0; set && *ret_way < PT_WAYS; ++*ret_way) {
            if (atomic_load_explicit(&set->address[*ret_way], memory_order_acquire) == address) {
                return set;
            }
        }
        if (set == NULL || !atomic_load_explicit(&set->crowded, memory_order_relaxed)) {
            return NULL;
        }
    }
    return NULL;
}

void *pt_address_find(const void *address)
{
    unsigned way;
    struct set *set = find(address, &way);
    return set ? atomic_load_explicit(&set->value[way], memory_order_relaxed) : NULL;
}

/* Two threads may both find it missing: one of them keeps its memory. */
static struct set *set_to_fill(unsigned level, size_t hash)
{
    struct set *none = NULL;
    if (atomic_load_explicit(&levels[level], memory_order_acquire) == NULL) {
        int saved_errno = errno;
        size_t bytes = sets_of(level) * sizeof(struct set);
        void *fresh = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (fresh != MAP_FAILED && !atomic_compare_exchange_strong(&levels[level], &none, fresh)) {
            munmap(fresh, bytes);
        }
        errno = saved_errno;
    }
    return set_at(level, hash);
}

static bool put_in(struct set *set, const void *address, void *value)
{
    for (unsigned way = 0; way < PT_WAYS; way++) {
        const void *expected = NULL;
        if (atomic_compare_exchange_strong(&set->address[way], &expected, &claimed)) {
            atomic_store_explicit(&set->value[way], value, memory_order_relaxed);
            atomic_store_explicit(&set->address[way], address, memory_order_release);
            return true;
        }
    }
    atomic_store_explicit(&set->crowded, true, memory_order_relaxed);
    return false;
}

bool pt_address_put(const void *address, void *value)
{
    size_t hash = hash_of(address);
    for (unsigned level = 0; level < PT_LEVELS; level++) {
        struct set *set = set_to_fill(level, hash);
        if (set == NULL) {
            return false;
        }
        if (put_in(set, address, value)) {
            return true;
        }
    }
    return false;
}

void pt_address_remove(const void *address)
{
    unsigned way;
    struct set *set = find(address, &way);
    if (set) {
        atomic_store_explicit(&set->address[way], NULL, memory_order_release);
    }
}
