/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer.h: the one thread of ours. It appends what the host's threads have written into the ring
 * to the log (log/flush.h), never more than a fifth of a second behind, and takes the samples of
 * resources (sampler.h). First of all it completes the logs of processes that were killed
 * (orphans.h).
 *
 * It is started with the recording, so never in a program that does not use the driver, and not at
 * all with PHASETAP_WRITER=0: then a thread that fills a chunk writes it. All signals are blocked
 * in it, it is named `phasetap`, takes no lock that a thread of the host waits for, and has a table
 * of descriptors of its own, in which the log stays open. A disk that stalls stops this thread
 * alone.
 */
#ifndef PT_WRITER_H
#define PT_WRITER_H

#include <stdbool.h>

/* Starts the thread where the options and the process allow one. On the thread that starts the
 * recording, after pt_sampler_start. */
void pt_writer_start(void);

/* Starts it for its samples, if it is not running: from the annotation interface, any thread. */
void pt_writer_want_samples(void);

/* The time of the next sample may have changed: look again. Any thread. */
void pt_writer_look(void);

/* Ends the thread until pt_writer_continue, for a system call that wants a process of one thread
 * (interpose/wrap_namespaces.c). Waits until the kernel has let go of it, a second at most. False:
 * there is no thread, or another caller has it paused; then nothing is to be continued. */
bool pt_writer_pause(void);
void pt_writer_continue(void);

/* The host's main thread ends by pthread_exit: from now on the writer ends when it is the last
 * thread. */
void pt_writer_leader_leaves(void);

/* The process exits: runs `before`, appends everything to the log, and runs `behind` (each may be
 * NULL). All on the writer thread where there is one: a filter on system calls that the program has
 * given its own thread since (seccomp) kills on calls that it does not know. False: the disk does
 * not take it now, or not in time; then it stays in the ring, and `behind` does not run. Waits at
 * most PT_WRITER_LAST_WAIT_NS, and a tenth of that for a disk that stalls. */
bool pt_writer_finish(void (*before)(void), void (*behind)(void));
#define PT_WRITER_LAST_WAIT_NS 5000000000

/* In the child of a fork, where the thread is not. */
void pt_writer_forget(void);

#endif
