/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaving.h: ends of the process that run no destructor of ours: _exit, _Exit, quick_exit. Nothing
 * can be flushed then, and nothing needs to be: the ring stays, and one document in it says that
 * the process ended of its own accord (docs/FORMAT.md, kind 43). Without it, it was killed, or
 * crashed.
 *
 * _exit may be called by a signal handler, or under a filter on system calls: pt_leaving_mark takes
 * no lock, allocates nothing and makes no system call, since its place in the ring was reserved
 * when the recording began. The child of a vfork shares that memory and cannot be told from its
 * parent without a system call; a reader can tell, since the log of the parent goes on.
 */
#ifndef PT_LEAVING_H
#define PT_LEAVING_H

#include <stdint.h>

/* In the constructor: finds libc's functions, and registers for quick_exit. */
void pt_leaving_begin(void);
/* The recording begins: reserves the place. `alive` reads 0 in the child of a fork, whatever way it
 * was forked (host/recording.h). On the thread that starts it. */
void pt_leaving_prepare(volatile const uint8_t *alive);
/* In the child of a fork, before `alive` reads 1 there: the place is in the parent's ring, which
 * the child unmaps, and may get none of its own. */
void pt_leaving_forget(void);
/* The calling process is about to end. Any thread, signal handlers too. */
void pt_leaving_mark(void);

/* Of libc, or NULL: call the kernel. */
typedef void (*pt_exit_function)(int status);
pt_exit_function pt_leaving_exit(void);

#endif
