/* SPDX-License-Identifier: Apache-2.0 */
/*
 * functions.c: the names of the driver's functions, made from wrappers.def, and the search by name
 * that the audit entry and the search for unseen callers need.
 */
#include "driver/functions.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PT_INDEX_SIZE 1024u /* a power of two, about four times the number of functions */

const char *const pt_function_names[PT_FN_COUNT] = {
    [PT_FN_NONE] = "none",
#define PT_FUNCTION_NAME(ret, name, ...) [PT_FN_##name] = #name,
#define PT_TIMED                         PT_FUNCTION_NAME
#define PT_VOID(name, ...)               [PT_FN_##name] = #name,
#define PT_MADE                          PT_FUNCTION_NAME
#define PT_APPEND                        PT_FUNCTION_NAME
#define PT_CONTEXT(name, ...)            [PT_FN_##name] = #name,
#define PT_SPECIAL                       PT_FUNCTION_NAME
#include "driver/wrappers.def"
};

const char *pt_slot_name(unsigned slot)
{
    static const char *const used_names[] = {
#define PT_USED_NAME(ret, name, params) #name,
        PT_USED(PT_USED_NAME)};
    return slot < PT_FN_COUNT ? pt_function_names[slot] : used_names[slot - PT_FN_COUNT];
}

/* Function ids by hash of their names, with linear probing. Filled by whoever comes first; several
 * at once write the same. */
static _Atomic(uint16_t) by_hash[PT_INDEX_SIZE];
static atomic_bool filled;

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *name; name++) {
        hash = (hash ^ (uint8_t)*name) * 16777619u;
    }
    return hash;
}

static void fill(void)
{
    uint16_t made[PT_INDEX_SIZE] = {0};
    for (unsigned id = 1; id < PT_FN_COUNT; id++) {
        uint32_t at = hash_of(pt_function_names[id]) % PT_INDEX_SIZE;
        while (made[at] != 0) {
            at = (at + 1) % PT_INDEX_SIZE;
        }
        made[at] = (uint16_t)id;
    }
    for (unsigned i = 0; i < PT_INDEX_SIZE; i++) {
        atomic_store_explicit(&by_hash[i], made[i], memory_order_relaxed);
    }
    atomic_store_explicit(&filled, true, memory_order_release);
}

unsigned pt_wrapped_function(const char *name)
{
    if (!atomic_load_explicit(&filled, memory_order_acquire)) {
        fill();
    }
    for (uint32_t at = hash_of(name) % PT_INDEX_SIZE;; at = (at + 1) % PT_INDEX_SIZE) {
        unsigned id = atomic_load_explicit(&by_hash[at], memory_order_relaxed);
        if (id == 0 || strcmp(pt_function_names[id], name) == 0) {
            return id;
        }
    }
}
