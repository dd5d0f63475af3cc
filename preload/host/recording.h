/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h: the life of the recording in one process.
 *
 *     NEW --first driver or annotation call--> STARTING --> ON --exit--> CLOSED
 *                                                 \-- log cannot be made --> OFF
 *
 * Nothing is opened, started or allocated before the first call: the object is loaded into every
 * child of a shell. The library never ends the process, prints, or lets an error out: whatever goes
 * wrong leads to OFF, with its reason told to `phasetap run` if that listens, and the calls are
 * forwarded. A forked child is in state ON with a wiped `alive` page: its first call starts it
 * anew.
 */
#ifndef PT_PROCESS_H
#define PT_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct pt_thread;

/* 1 while the recording is on in this very process; the kernel makes it 0 in a forked child. */
extern volatile const uint8_t *pt_process_alive;

/* Starts the recording if it was not; false when it is off. Any thread; a thread that comes while
 * another starts it waits for that. */
bool pt_process_start(void);

#endif
