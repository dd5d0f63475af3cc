/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_sched.h: what the kernel's scheduler counts for each thread: time on a CPU, and time ready
 * to run while others had the CPU or the cgroup's quota was used up. (/proc/PID/task/TID/schedstat)
 *
 * A thread of the host is read when it is first seen and when it ends, by itself; in between and
 * when the process exits, by whoever takes samples, together with all others. Never inside a call
 * of the driver. The report subtracts the first reading from the last one.
 *
 * Threads that have never called the driver are recorded by name (HELPER documents) if they use
 * the CPU. Names of threads are program text, not data (docs/FORMAT.md).
 *
 * Nothing is recorded where the kernel keeps no such counts: the report then says that it cannot
 * tell.
 */
#ifndef PT_THREAD_SCHED_H
#define PT_THREAD_SCHED_H

#include <stdbool.h>
#include <stdint.h>

struct pt_pen;
struct pt_thread;

/* The calling thread's own counts. Keeps nothing; opens a file, but is no cancellation point. */
void pt_sched_record_own(struct pt_thread *t, int64_t now_ns);

/* All threads, when it is time again (after 1, 2, 4, then every 8 seconds) or `last` is set. Called
 * at whole samples by the owner of `pen`; one thread at a time. */
void pt_sched_sweep(struct pt_pen *pen, int64_t now_ns, bool last);

/* In the child of a fork. */
void pt_sched_forget(void);

#endif
