/* SPDX-License-Identifier: Apache-2.0 */
/* status.h: the second document of the log, updated in place so that counts survive a kill. Any
 * thread; each number is stored on its own. */
#ifndef PT_STATUS_H
#define PT_STATUS_H

#include "phasetap/log_format.h"

struct pt_thread;

/* Writes the document through `t` and remembers where it lies. */
void pt_status_create(struct pt_thread *t);
/* Adds a thread's counts: at its end, or at the end of the process. */
void pt_status_add_thread(struct pt_thread *t);
void pt_status_thread_seen(void);
/* Stores what has been dropped, why, and the state. */
void pt_status_publish(enum pt_state state);
/* Like it, but leaves the state as it is; nothing before pt_status_create. */
void pt_status_refresh(void);
void pt_status_forget(void);

#endif
