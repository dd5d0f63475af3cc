/* SPDX-License-Identifier: Apache-2.0 */
/*
 * original.h: finds the driver function that a wrapper must forward to, for the code that called
 * the wrapper. The search runs at the first call, since the driver may be loaded long after
 * phasetap, and resolves all functions at once: a later search could have to wait for a thread
 * inside dlopen or dlclose.
 *
 * The candidates are, in this order, what the call would have reached without phasetap:
 *
 *   1. the driver that made the object the call is about (handles.h), if callers are told apart;
 *   2. the driver that the auditing module saw this caller being bound to, or that this caller has
 *      used before (drivers.h);
 *   3. the driver in the global scope (RTLD_NEXT). The usual case: the same for every caller, and
 *      kept in one table;
 *   4. the driver that the calling object is, or needs: plugins in a scope of their own, each with
 *      its own driver or private copy (driver_search.h);
 *   5. any driver that is loaded.
 *
 * phasetap keeps no reference to a driver. After a library was unloaded, originals are searched for
 * again: pt_original_refresh, called by the wrappers that can be the first call on a driver that
 * was just loaded (constructors, and destructors of NULL).
 *
 * Used by the wrappers and by capture; any thread. A function that does not exist is NULL.
 */
#ifndef PT_ORIGINAL_H
#define PT_ORIGINAL_H

#include <stdatomic.h>

#include "driver/functions.h"
#include "driver/mongoc_abi.h"

/* What RTLD_NEXT found. */
extern _Atomic(void *) pt_originals[PT_SLOT_COUNT];
void *pt_original_find(unsigned slot, const void *object, const void *caller);

/* `object`: the driver's object that the call is about, or anything else. A macro, so that neither
 * it nor `caller` is evaluated on the usual way. */
#define pt_original(slot, object, caller)                                                          \
    ({                                                                                             \
        void *pt_found = atomic_load_explicit(&pt_originals[slot], memory_order_relaxed);          \
        __builtin_expect(pt_found != NULL, 1) ? pt_found : pt_original_find(slot, object, caller); \
    })

/* In a wrapper: the code that called it. */
#define PT_CALLER ((const void *)__builtin_return_address(0))
/* Typed pointer to the original of a wrapped function, or NULL; for code at `caller`, or for a call
 * on `object`. */
#define PT_ORIGINAL_FOR(caller, name) ((__typeof__(&name))pt_original(PT_FN_##name, NULL, caller))
#define PT_ORIGINAL_ON(object, name)                                                               \
    ((__typeof__(&name))pt_original(PT_FN_##name, object, PT_CALLER))
#define PT_ORIGINAL(name) PT_ORIGINAL_FOR(PT_CALLER, name)
/* The same for a function of PT_USED. */
#define PT_DRIVER_FOR(caller, name) ((__typeof__(&name))pt_original(PT_USED_##name, NULL, caller))

/* The driver that the same call goes to, as an index of drivers.h: what the call makes belongs to
 * it (pt_handle_add). PT_DRIVER_NONE while one global driver serves all callers. To be asked behind
 * pt_original. */
int pt_original_driver(unsigned slot, const void *object, const void *caller) __attribute__((pure));

/* Forgets what an unloaded driver has taken along. Some 20 ns a driver when none was; takes no
 * lock. */
void pt_original_refresh(void);

/* From now on calls are told apart by their caller alone: the audit module is there, so there may
 * be deep-bound callers. Before the first call. */
void pt_original_by_caller(void);

#endif
