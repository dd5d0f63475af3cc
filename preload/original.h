/* SPDX-License-Identifier: Apache-2.0 */
/*
 * original.h: finds the driver's own functions. Lazily, at the first call of each, since the driver may be loaded long after us, and plugins may load it
 * where a plain search does not look: first RTLD_NEXT, then both sonames with RTLD_NOLOAD (libmongoc-1.0.so.0 and libmongoc2.so.2). A handle so
 * found is kept, so that an unloaded plugin cannot leave us with dangling pointers. Never fails hard: what is not there is NULL, and asked for again next time.
 * Any thread; a lookup takes the loader's lock, once for each function.
 */
#ifndef PT_ORIGINAL_H
#define PT_ORIGINAL_H

#include <stdatomic.h>

#include "functions.h"
#include "mongoc_abi.h"

extern _Atomic(void *) pt_originals[PT_FN_COUNT];
void *pt_original_find(enum pt_function function);

static inline void *pt_original(enum pt_function function)
{
    void *found = atomic_load_explicit(&pt_originals[function], memory_order_relaxed);
    return __builtin_expect(found != NULL, 1) ? found : pt_original_find(function);
}

/* Typed pointer to the original of a wrapped function, or NULL. */
#define PT_ORIGINAL(name) ((__typeof__(&name))pt_original(PT_FN_##name))

/* The functions of PT_USED: ids, and a typed pointer or NULL. */
enum pt_used {
#define PT_USED_ENUM(ret, name, params) PT_USED_##name,
    PT_USED(PT_USED_ENUM)
    PT_USED_COUNT
};
void *pt_used_find(enum pt_used function);
#define PT_DRIVER(name) ((__typeof__(&name))pt_used_find(PT_USED_##name))

/* Soname of the driver that was found by name, "" when RTLD_NEXT found it; for the log. */
const char *pt_original_soname(void);

#endif
