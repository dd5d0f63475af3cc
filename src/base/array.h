/* SPDX-License-Identifier: Apache-2.0 */
/*
 * array.h: arrays that grow to hold a given index. One function serves lists that are filled from
 * the front (index = number of elements) and tables indexed by an id that a log gives.
 *
 * The caller owns the array, frees it with free(), and limits the index: an id from a log is
 * untrusted, so it is checked before it comes here. Capacities double, so that filling a list costs
 * amortized constant time. One thread.
 */
#ifndef PHASETAP_ARRAY_H
#define PHASETAP_ARRAY_H

#include <stddef.h>

/* What pt_array_reach() does when the array is too short. */
void *pt_array_grow(void *items, size_t *room, size_t index, size_t first, size_t item_bytes);

/*
 * Returns the array with at least index + 1 elements, or NULL when memory ran out; then the old
 * array is unchanged and still valid. `items` may be NULL while *room, its capacity in elements, is
 * 0; `first` (at least 1) is the capacity it gets first. The array may move, and new elements are
 * zero bytes:
 *
 *     struct thing *things = pt_array_reach(list->things, &list->room, list->count, 16,
 *                                           sizeof *things);
 *     if (things == NULL) {
 *         return false;
 *     }
 *     list->things = things;
 *
 * Inline, since it is called for every document and almost never grows anything.
 */
static inline void *pt_array_reach(void *items, size_t *room, size_t index, size_t first,
                                   size_t item_bytes)
{
    return index < *room ? items : pt_array_grow(items, room, index, first, item_bytes);
}

#endif
