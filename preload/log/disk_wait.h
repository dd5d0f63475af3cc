/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk_wait.h: whether a thread is inside a system call that waits for the log's disk, and since
 * when. One thread at a time begins and ends a wait: the one that holds the flush; any thread asks.
 */
#ifndef PT_DISK_WAIT_H
#define PT_DISK_WAIT_H

#include <stdbool.h>

#define PT_STALL_NS 100000000

void pt_disk_wait_begins(void);
void pt_disk_wait_ends(void);

/* True between the two: the disk may be stalled. */
bool pt_disk_is_awaited(void);
/* True when it has been awaited for PT_STALL_NS or longer. */
bool pt_disk_is_stalled(void);

#endif
