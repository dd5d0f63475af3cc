/* SPDX-License-Identifier: Apache-2.0 */
#include "interpose/audit_entry.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "driver/drivers.h"
#include "driver/original.h"

#define PT_INDEX_SIZE 1024u /* a power of two, some four times the functions */

static const void *const wrappers[PT_FN_COUNT] = {
#define PT_WRAPPER(ret, name, ...) [PT_FN_##name] = (const void *)&name,
#define PT_TIMED                   PT_WRAPPER
#define PT_VOID(name, ...)         [PT_FN_##name] = (const void *)&name,
#define PT_MADE                    PT_WRAPPER
#define PT_APPEND                  PT_WRAPPER
#define PT_CONTEXT(name, ...)      [PT_FN_##name] = (const void *)&name,
#define PT_SPECIAL                 PT_WRAPPER
#include "driver/wrappers.def"
};

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

__attribute__((visibility("default"))) const void *phasetap_audit_v1(const char *name,
                                                                     const void *caller,
                                                                     void *original);

/* Binding to the wrapper is right only if the wrapper will find this very original again. */
const void *phasetap_audit_v1(const char *name, const void *caller, void *original)
{
    unsigned id = pt_wrapped_function(name);
    int driver = id != 0 ? pt_driver_of_function(original) : PT_DRIVER_NONE;
    if (pt_driver_function(driver, id) != original || !pt_caller_uses(caller, driver)) {
        return NULL;
    }
    pt_driver_set_bound(driver);
    return wrappers[id];
}
