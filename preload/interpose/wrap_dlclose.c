/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_dlclose.c: the one function of libc that is wrapped: hosts close their plugins before they
 * end, and with them goes what could tell that a driver was there whose calls were not seen
 * (unseen.h). Unlike dlopen, dlclose does the same whoever calls it. It costs 150 ns, and a look at
 * the new objects where some were loaded since the last time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include "base/export.h"
#include "base/options.h"
#include "host/unseen.h"

PT_EXPORT int dlclose(void *handle)
{
    int saved_errno = errno;
    if (pt_options.ENABLE) {
        pt_unseen_before_unload(pt_options.handshake[0] != '\0');
    }
    pt_dlclose next = pt_unseen_original_dlclose();
    errno = saved_errno;
    return next ? next(handle) : -1;
}
