/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_exit.c: _exit and _Exit of libc, which end the process without running destructors: the log
 * is to say that it ended of its own accord (host/leaving.h). exit() of libc ends by a function of
 * its own and does not come here. Any thread, signal handlers, and the child of a vfork too.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/export.h"
#include "host/leaving.h"

static _Noreturn void leave(int status)
{
    pt_leaving_mark();
    if (pt_leaving_exit()) {
        pt_leaving_exit()(status);
    }
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}

PT_EXPORT _Noreturn void _exit(int status)
{
    leave(status);
}

PT_EXPORT _Noreturn void _Exit(int status)
{
    leave(status);
}
