/* SPDX-License-Identifier: Apache-2.0 */
/*
 * original.h: finds the driver's own functions, for the code that called ours. Lazily, at the first call of each: the driver may be loaded long after us.
 *
 * Where a call would have gone without us, in this order:
 *   1. to what the audit module says (it saw the binding), or to the driver that this caller has used already (driver_view.h);
 *   2. to the driver in the global scope, behind us (RTLD_NEXT): the usual case, the same for every caller, and kept in one table;
 *   3. to what the calling object or a library that it needs exports: plugins in a scope of their own, each with its own driver or private copy;
 *   4. to a loaded libmongoc of either soname.
 * Nothing is pinned. When a library was unloaded, what was found is searched for again: pt_original_refresh, called by those wrappers that an application can call
 * first on a driver that has just been loaded (constructors, and destructors of NULL).
 *
 * Any thread. A search takes the loader's lock. Never fails hard: what is not there is NULL, and asked for again next time.
 */
#ifndef PT_ORIGINAL_H
#define PT_ORIGINAL_H

#include <stdatomic.h>

#include "functions.h"
#include "mongoc_abi.h"

/* The functions of PT_USED have the slots behind those of the wrapped ones. */
enum pt_used {
    PT_USED_BEFORE_FIRST = PT_FN_COUNT - 1,
#define PT_USED_ENUM(ret, name, params) PT_USED_##name,
    PT_USED(PT_USED_ENUM)
    PT_SLOT_COUNT
};

/* What RTLD_NEXT found. */
extern _Atomic(void *) pt_originals[PT_SLOT_COUNT];
void *pt_original_find(unsigned slot, const void *caller);

static inline void *pt_original(unsigned slot, const void *caller)
{
    void *found = atomic_load_explicit(&pt_originals[slot], memory_order_relaxed);
    return __builtin_expect(found != NULL, 1) ? found : pt_original_find(slot, caller);
}

/* In a wrapper: the code that called it. */
#define PT_CALLER ((const void *)__builtin_return_address(0))
/* Typed pointer to the original of a wrapped function, or NULL; for code at `caller`. */
#define PT_ORIGINAL_FOR(caller, name) ((__typeof__(&name))pt_original(PT_FN_##name, caller))
#define PT_ORIGINAL(name) PT_ORIGINAL_FOR(PT_CALLER, name)
/* The same for a function of PT_USED. */
#define PT_DRIVER_FOR(caller, name) ((__typeof__(&name))pt_original(PT_USED_##name, caller))

/* Forgets what an unloaded library may have taken along. Some 200 ns when nothing was. */
void pt_original_refresh(void);

/* From now on calls are told apart by their caller alone: the audit module is there, so there may be deep-bound callers. Before the first call. */
void pt_original_by_caller(void);

/* The drivers that were called so far, in order. */
struct pt_driver {
    char version[32];
    char soname[64];            /* its file's name */
    const void *dynamic;        /* which object it is */
};
#define PT_DRIVERS_MAX 8u
extern atomic_uint pt_driver_count;
const struct pt_driver *pt_driver_at(unsigned index);

#endif
