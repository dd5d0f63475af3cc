/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slab.h: items of one size in a foreign process: taken, given back, and taken again.
 *
 * Each item has a number, from 0 in the order in which items were first taken, and an address; both
 * stay its own until the process ends. Memory is added by mmap, each time as much as there is, and
 * never returned, so reading an item that was given back is safe, if meaningless. What bounds it is
 * `most` items; a program that holds few takes the first segment alone, which the owner provides.
 *
 * Any thread. Lock-free, so a fork or a cancelled thread leaves at most one item unused. Taking an
 * item is no system call, except for the few that add memory. errno is kept.
 *
 * The free items form a stack (Treiber, "Systems Programming: Coping with Parallelism", 1986). The
 * upper half of its head counts changes, so that a head that was seen before is not mistaken for
 * the same stack (the ABA problem): it repeats after 2^32 changes during one take.
 */
#ifndef PT_SLAB_H
#define PT_SLAB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PT_SLAB_SEGMENTS 16u

/* The first member of every item. The slab's own. */
struct pt_slab_item {
    atomic_uint next_free; /* number + 1; 0: the last */
    uint32_t number;
};

struct pt_slab {
    uint32_t item_bytes;
    uint32_t first; /* items in the first segment: a power of two */
    uint32_t most;  /* items at all, at most first << (PT_SLAB_SEGMENTS - 1) */
    _Atomic(void *) segments[PT_SLAB_SEGMENTS]; /* [0] is the owner's memory, zeroed */
    atomic_uint used;                           /* items that were ever taken */
    _Atomic uint64_t free; /* lower half: number + 1 of the newest free item, 0: none */
};

/* `items`: an array of `count` items, a power of two, which the slab begins with. */
#define PT_SLAB(items, count, most_items)                                                          \
    {                                                                                              \
        .item_bytes = sizeof *(items), .first = (count), .most = (most_items), .segments = {       \
            (items)                                                                                \
        }                                                                                          \
    }

/* An item with the content that it was given back with, zero at first; NULL: `most` are taken, or
 * no memory. */
void *pt_slab_take(struct pt_slab *slab);
/* Gives back an item, once. */
void pt_slab_give(struct pt_slab *slab, void *item);

/* The number below which all items were taken once, and the item of a number below it. */
uint32_t pt_slab_used(const struct pt_slab *slab);
void *pt_slab_at(const struct pt_slab *slab, uint32_t number);
/* True for the address of an item, and for no other memory of the process. */
bool pt_slab_holds(const struct pt_slab *slab, const void *address);

#endif
