/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_life.h: when the state of a thread (thread/thread.h) begins and ends.
 *
 * It begins at the thread's first call of the driver or of the annotation interface, and is
 * announced in the log; it ends in the destructor of a thread-specific key, with the documents that
 * close it. Above the state, because beginning may start the recording of the process and the end
 * of the main thread concerns the sampler.
 */
#ifndef PT_THREAD_LIFE_H
#define PT_THREAD_LIFE_H

#include "thread/thread.h"

/* The calling thread's state: found, or made and announced. The first call in the process starts
 * the recording, and so does the first call in a forked child, which a page shows that the kernel
 * wipes in children. NULL: nothing may be recorded (switched off, ended, too many threads), and the
 * caller only forwards. Any thread; keeps errno. */
struct pt_thread *pt_thread_self(void);

/* When the process exits: records the gap in progress of each thread that is in no call, while the
 * threads may be running. One that enters a call waits meanwhile, microseconds. */
void pt_thread_close_gaps(void);

/* By the constructor, on the main thread: its end by pthread_exit must be noticed even if it never
 * calls the driver, since the sampler may then be the only thread left. */
void pt_thread_watch_main(void);

#endif
