/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_sync.h: PHASETAP_SYNC. What was appended to the log is made to survive the end of the machine
 * (fdatasync), by the writer thread alone: no thread of the host ever waits for it, but for the
 * exit, which waits for the writer's last words within its limits (host/writer.h).
 *
 * With the first sync the folder is synced too, since a file whose name is not on the disk is lost
 * with all its bytes. An error is not repeated: the kernel reports it once, and has then given up
 * the pages.
 */
#ifndef PT_LOG_SYNC_H
#define PT_LOG_SYNC_H

#include <stdbool.h>

/* After each flush. appended: it added to the log; last: nothing follows, so what is not synced yet
 * is synced now. kept_fd as for pt_flush. Keeps errno. */
void pt_log_sync(const int *kept_fd, bool appended, bool last);

/* In the child of a fork, and when the log becomes another file. */
void pt_log_sync_forget(void);

#endif
