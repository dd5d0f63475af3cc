/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; at most half of the slots are used, so a search is short. */
#include "base/index_map.h"

#include <stdlib.h>

#define SLOTS_FIRST 64

size_t pt_index_map_find(const struct pt_index_map *map, uint64_t hash, pt_index_equal equal,
                         const void *context, const void *key)
{
    for (size_t at = hash; map->room > 0; at++) {
        const struct pt_index_slot *slot = &map->slots[at & (map->room - 1)];
        if (slot->index == 0) {
            break;
        }
        if (slot->hash == hash && equal(context, slot->index - 1, key)) {
            return slot->index - 1;
        }
    }
    return PT_INDEX_NONE;
}

static void put(struct pt_index_slot *slots, size_t room, struct pt_index_slot added)
{
    size_t at = added.hash & (room - 1);
    while (slots[at].index != 0) {
        at = (at + 1) & (room - 1);
    }
    slots[at] = added;
}

static bool grow(struct pt_index_map *map)
{
    size_t room = map->room == 0 ? SLOTS_FIRST : map->room * 2;
    struct pt_index_slot *slots = calloc(room, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->room; i++) {
        if (map->slots[i].index != 0) {
            put(slots, room, map->slots[i]);
        }
    }
    free(map->slots);
    map->slots = slots;
    map->room = room;
    return true;
}

bool pt_index_map_add(struct pt_index_map *map, uint64_t hash, size_t index)
{
    if (map->used * 2 >= map->room && !grow(map)) {
        return false;
    }
    put(map->slots, map->room, (struct pt_index_slot){hash, index + 1});
    map->used++;
    return true;
}

void pt_index_map_release(struct pt_index_map *map)
{
    free(map->slots);
    *map = (struct pt_index_map){0};
}

/* The finaliser of a multiplicative hash: each bit of the number reaches the low bits. */
uint64_t pt_hash_number(uint64_t number)
{
    number = (number ^ number >> 32) * 0x9E3779B97F4A7C15u;
    return number ^ number >> 29;
}

uint64_t pt_hash_text(uint64_t seed, const char *text)
{
    uint64_t hash = pt_hash_number(seed + (text == NULL ? 1 : 2));
    for (; text != NULL && *text != '\0'; text++) {
        hash = pt_hash_number(hash + (uint8_t)*text);
    }
    return hash;
}
