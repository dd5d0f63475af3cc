/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recording.h: the state of the recording in one process.
 *
 *     NEW --first driver or annotation call--> starting --> ON --exit--> CLOSED
 *                                                 \-- log cannot be made --> OFF
 *
 * Nothing is opened, started or allocated before the first call, because the object is loaded into
 * every child of a shell. Whatever goes wrong leads to OFF: the reason goes to `phasetap run`
 * (base/tell.h), and all calls are forwarded. A forked child finds itself in state ON with a wiped
 * `alive` page; its first call starts a recording of its own. Any thread.
 */
#ifndef PT_RECORDING_H
#define PT_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

/* 1 while the recording is on in this very process; the kernel makes it 0 in a forked child. */
extern volatile const uint8_t *pt_process_alive;

/* Starts the recording if it has not started; false when it is off. If another thread is starting
 * it, waits for that thread. */
bool pt_process_start(void);

/* True until the first start, even a failed one. */
bool pt_process_is_new(void);
/* ON becomes CLOSED, in the process that started it. True for the one caller that did it, which
 * then writes the last documents. */
bool pt_process_close(void);

#endif
