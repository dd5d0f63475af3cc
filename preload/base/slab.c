/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slab.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

/* Segment 0 has `first` items, segment k the next first << (k - 1): each as many as all before. */
static uint32_t segment_of(const struct pt_slab *slab, uint32_t number)
{
    uint32_t multiple = number / slab->first;
    return multiple == 0 ? 0 : 32 - (uint32_t)__builtin_clz(multiple);
}

static uint32_t first_of(const struct pt_slab *slab, uint32_t segment)
{
    return segment == 0 ? 0 : slab->first << (segment - 1);
}

static size_t bytes_of(const struct pt_slab *slab, uint32_t segment)
{
    uint32_t count = segment == 0 ? slab->first : first_of(slab, segment);
    return (size_t)count * slab->item_bytes;
}

/* Two threads may both find it missing: one of them keeps its memory. */
static bool add_segment(struct pt_slab *slab, uint32_t segment)
{
    int saved_errno = errno;
    size_t bytes = bytes_of(slab, segment);
    void *none = NULL;
    void *fresh = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool mapped = fresh != MAP_FAILED;
    if (mapped && !atomic_compare_exchange_strong(&slab->segments[segment], &none, fresh)) {
        munmap(fresh, bytes);
    }
    errno = saved_errno;
    return mapped || atomic_load(&slab->segments[segment]) != NULL;
}

static bool has_memory(struct pt_slab *slab, uint32_t number)
{
    uint32_t segment = segment_of(slab, number);
    return atomic_load_explicit(&slab->segments[segment], memory_order_acquire) != NULL ||
           add_segment(slab, segment);
}

void *pt_slab_at(const struct pt_slab *slab, uint32_t number)
{
    uint32_t segment = segment_of(slab, number);
    uint8_t *items = atomic_load_explicit(&slab->segments[segment], memory_order_acquire);
    return items + (size_t)(number - first_of(slab, segment)) * slab->item_bytes;
}

uint32_t pt_slab_used(const struct pt_slab *slab)
{
    return atomic_load_explicit(&slab->used, memory_order_acquire);
}

static uint64_t changed(uint64_t head, uint32_t top)
{
    return ((head >> 32) + 1) << 32 | top;
}

static void *pop(struct pt_slab *slab)
{
    uint64_t head = atomic_load_explicit(&slab->free, memory_order_acquire);
    while ((uint32_t)head != 0) {
        struct pt_slab_item *item = pt_slab_at(slab, (uint32_t)head - 1);
        uint32_t below = atomic_load_explicit(&item->next_free, memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&slab->free, &head, changed(head, below),
                                                  memory_order_acquire, memory_order_acquire)) {
            return item;
        }
    }
    return NULL;
}

static void *take_fresh(struct pt_slab *slab)
{
    unsigned number = atomic_load(&slab->used);
    do {
        if (number >= slab->most || !has_memory(slab, number)) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak(&slab->used, &number, number + 1));
    struct pt_slab_item *item = pt_slab_at(slab, number);
    item->number = number;
    return item;
}

void *pt_slab_take(struct pt_slab *slab)
{
    void *item = pop(slab);
    return item ? item : take_fresh(slab);
}

void pt_slab_give(struct pt_slab *slab, void *given)
{
    struct pt_slab_item *item = given;
    uint64_t head = atomic_load_explicit(&slab->free, memory_order_relaxed);
    do {
        atomic_store_explicit(&item->next_free, (uint32_t)head, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&slab->free, &head,
                                                    changed(head, item->number + 1),
                                                    memory_order_release, memory_order_relaxed));
}

bool pt_slab_holds(const struct pt_slab *slab, const void *address)
{
    for (uint32_t segment = 0; segment < PT_SLAB_SEGMENTS; segment++) {
        const uint8_t *items = atomic_load_explicit(&slab->segments[segment], memory_order_acquire);
        if (items && (uintptr_t)address - (uintptr_t)items < bytes_of(slab, segment)) {
            return true;
        }
    }
    return false;
}
