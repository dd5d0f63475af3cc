/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_namespaces.c: unshare and setns of libc. Linux refuses some of their uses to a process with
 * more than one thread (EINVAL), and the writer thread must not be the one too many: it ends before
 * such a call, and another one starts behind it. Costs nothing otherwise. Any thread; errno is that
 * of the call. A program that makes these system calls past libc gets no such help
 * (PHASETAP_WRITER=0).
 */
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/export.h"
#include "host/recording.h"
#include "host/writer.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
/* What only a process of one thread may leave (unshare) or enter (setns). */
#define PT_UNSHARE_ALONE (CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)
#define PT_SETNS_ALONE   (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWTIME)

typedef int (*pt_unshare)(int flags);
typedef int (*pt_setns)(int fd, int type);

static bool begin_alone(bool wanted)
{
    int saved_errno = errno;
    bool paused = wanted && *pt_process_alive && pt_writer_pause();
    errno = saved_errno;
    return paused;
}

static int end_alone(bool paused, int result)
{
    int saved_errno = errno;
    if (paused) {
        pt_writer_continue();
    }
    errno = saved_errno;
    return result;
}

/* The kernel counts the thread for a moment longer than it can be found. */
static bool is_worth_another(bool paused, int result)
{
    if (!paused || result == 0 || errno != EINVAL) {
        return false;
    }
    sched_yield();
    return true;
}

PT_EXPORT int unshare(int flags)
{
    pt_unshare next = (pt_unshare)dlsym(RTLD_NEXT, "unshare");
    bool paused = begin_alone((flags & PT_UNSHARE_ALONE) != 0);
    int result = next ? next(flags) : -1;
    if (is_worth_another(paused, result)) {
        result = next(flags);
    }
    return end_alone(paused, result);
}

/* Without a type the descriptor may be that of any namespace. */
PT_EXPORT int setns(int fd, int type)
{
    pt_setns next = (pt_setns)dlsym(RTLD_NEXT, "setns");
    bool paused = begin_alone(type == 0 || (type & PT_SETNS_ALONE) != 0);
    int result = next ? next(fd, type) : -1;
    if (is_worth_another(paused, result)) {
        result = next(fd, type);
    }
    return end_alone(paused, result);
}
