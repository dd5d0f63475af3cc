/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_time.h: the last step to the partition of each thread's time, once all documents of its
 * process were read: its wall time, the part outside the pipeline, and the time without a CPU.
 *
 * How long a thread was ready to run but had no CPU is measured by the kernel, and read at its
 * first call and at its end. In which part that was is not known. A thread can lose the CPU only
 * while it uses it, so the application's time and calls of the driver lend by the CPU time that was
 * used in them, but no more than they have beside that; what is missing then is shared by what they
 * have left. Connecting and the time outside lend nothing: their CPU time is not told apart.
 */
#ifndef PHASETAP_THREAD_TIME_H
#define PHASETAP_THREAD_TIME_H

#include "model/recorded_process.h"

/* The parts of each thread add up to its wall time afterwards. Once per process. */
void pt_process_close_threads(struct pt_process *process);

#endif
