/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sampler.h: the profiler's own thread, which records the resources of process and system at an
 * interval: first when it starts, last when the process exits. It also allocates log chunks ahead
 * of their use (log/log_file.h).
 *
 * The thread blocks all signals (but SIGBUS where sigbus_guard.h is on), is named `phasetap`, takes
 * no lock and holds no descriptor between two samples. It is started with the recording, hence
 * never in a program that does not call the driver, and is not joined at exit.
 *
 * `internal` is the state of the profiler itself (pt_thread_take_internal): the sampler owns it
 * from pt_sampler_start to pt_sampler_stop.
 */
#ifndef PT_SAMPLER_H
#define PT_SAMPLER_H

#include <stdint.h>

struct pt_thread;

void pt_sampler_start(struct pt_thread *internal);
/* Changes the interval (0 keeps it) and starts the thread if it was not running. From the
 * annotation interface; any thread. */
void pt_sampler_resume(int64_t interval_ns);
/* No samples until pt_sampler_resume. */
void pt_sampler_pause(void);
/* Ends it, takes the last sample, returns the internal thread object for the last documents (NULL:
 * none). At the process's end. */
struct pt_thread *pt_sampler_stop(void);
/* The host's main thread ends by pthread_exit: from now on the sampler ends when it is the last
 * thread. */
void pt_sampler_leader_leaves(void);
/* In the child of a fork, where the thread is not. */
void pt_sampler_forget(void);

#endif
