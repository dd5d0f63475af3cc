/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_dlclose.c: dlclose of libc. Hosts close their plugins before they
 * exit; a driver whose calls phasetap did not see (host/unseen) must be found before it goes.
 * Unlike dlopen, dlclose does the same whoever calls it, so forwarding changes nothing. Costs
 * 150 ns, and a search of the new objects if any were loaded since the last one. Any thread.
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
