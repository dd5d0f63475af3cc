/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index_map.h: finds the element of a list by a hash, in constant time. The list stays the owner's:
 * the map holds positions in it only, and asks `equal` whether the element at a position is the one
 * that is looked for, so that two keys of one hash are never taken for each other.
 *
 * Zero bytes are an empty map. Release with pt_index_map_release(). One thread.
 */
#ifndef PHASETAP_INDEX_MAP_H
#define PHASETAP_INDEX_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_INDEX_NONE SIZE_MAX

struct pt_index_map {
    struct pt_index_slot {
        uint64_t hash;
        size_t index; /* plus 1; 0: free */
    } *slots;
    size_t room; /* a power of two, or 0 */
    size_t used;
};

/* True when the element at `index` of the list that `context` leads to has the key. */
typedef bool (*pt_index_equal)(const void *context, size_t index, const void *key);

/* The position of the element, PT_INDEX_NONE: there is none. */
size_t pt_index_map_find(const struct pt_index_map *map, uint64_t hash, pt_index_equal equal,
                         const void *context, const void *key);

/* Adds the position of an element that was not found. False when memory ran out. */
bool pt_index_map_add(struct pt_index_map *map, uint64_t hash, size_t index);

void pt_index_map_release(struct pt_index_map *map);

/* Hashes for keys: of a number, and of a text (NULL is a text too) behind `seed`. */
uint64_t pt_hash_number(uint64_t number);
uint64_t pt_hash_text(uint64_t seed, const char *text);

#endif
