/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_dlclose.c: the one function of libc that is wrapped: hosts close their plugins before they
 * end, and with them goes what could tell that a driver was there whose calls were not seen
 * (unseen.h). Unlike dlopen, dlclose does the same whoever calls it. It costs 150 ns, and a look at
 * the new objects where some were loaded since the last time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/options.h"
#include "host/unseen.h"

typedef int (*dlclose_function)(void *handle);

static _Atomic(dlclose_function) original;

/* Early: a later search would wait for the loader, which calling dlclose from a destructor may
 * hold. */
void pt_unseen_find_dlclose(void)
{
    atomic_store(&original, (dlclose_function)dlsym(RTLD_NEXT, "dlclose"));
}

__attribute__((visibility("default"))) int dlclose(void *handle)
{
    int saved_errno = errno;
    if (atomic_load(&original) == NULL) {
        pt_unseen_find_dlclose();
    }
    if (pt_options.ENABLE) {
        pt_unseen_before_unload(pt_options.handshake[0] != '\0');
    }
    errno = saved_errno;
    dlclose_function next = atomic_load(&original);
    return next ? next(handle) : -1;
}
