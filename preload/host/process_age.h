/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process_age.h: when the time of the process begins that a log is about. Any thread.
 */
#ifndef PT_PROCESS_AGE_H
#define PT_PROCESS_AGE_H

#include <stdint.h>

/* CLOCK_MONOTONIC in ns: of a program that was started, or has replaced another one by exec, when
 * phasetap was loaded into it; of a process that was forked later, when it was forked, as the
 * kernel tells in clock ticks (10 ms). */
int64_t pt_process_start_ns(void);

#endif
