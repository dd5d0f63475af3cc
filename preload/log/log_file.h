/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_file.h: the log as a mapped file. (docs/FORMAT.md, "File") All system calls of the log layer
 * are here, so that the recorder is plain stores. Called by the recorder, and by host to open,
 * supply and close it.
 *
 * The file is made with its full size limit as a sparse file, mapped shared, and its descriptor
 * closed at once: nothing that the host does to descriptors, working directory or root can touch
 * it. A chunk is claimed by one atomic addition; its blocks are allocated before the first store
 * (MADV_POPULATE_WRITE, or posix_fallocate on kernels before 5.14), because a store to a block that
 * the disk has no room for would be a SIGBUS in the host.
 *
 * The path and limits are set once by pt_log_file_open on one thread, before any other call.
 * pt_log_file_claim may be called by any thread at any time.
 */
#ifndef PT_LOG_FILE_H
#define PT_LOG_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "phasetap/log_format.h"

/* Makes `path` (never an existing file: O_EXCL, O_NOFOLLOW, mode 0600), at most `limit_bytes` long,
 * less where RLIMIT_FSIZE says so, and maps it. Returns PT_REASON_NONE or why not; *exists tells a
 * file of that name from other causes. */
enum pt_reason pt_log_file_open(const char *path, int64_t limit_bytes, bool *exists);

/* Forgets the mapping without touching the file: for the child of a fork, whose parent goes on
 * writing. */
void pt_log_file_forget(void);

/* The next free chunk, allocated and zero, or NULL with *reason set. A system call or two:
 * allocates the chunk itself when nobody has prepared it. */
uint8_t *pt_log_file_claim(enum pt_reason *reason);

/* Unmaps the pages of a chunk that is full, so that the log does not count as memory of the host.
 * The file keeps them. */
void pt_log_file_unmap(uint8_t *chunk);

/* Page faults of a new chunk take longer than the writing of its events, so a thread of ours may
 * allocate chunks ahead of their use: `wake` is called, by the thread that claims, when few are
 * left, and should lead to pt_log_file_prepare on that thread of ours. NULL: nobody does. */
void pt_log_file_set_supplier(void (*wake)(void));
/* Allocates the next PT_CHUNKS_AHEAD chunks. One thread at a time, with SIGXFSZ blocked. */
void pt_log_file_prepare(void);
#define PT_CHUNKS_AHEAD 8u

/* Ends the claiming for good and cuts the file behind the last chunk in use. The mapping stays:
 * late writers do no harm. Returns the number of chunks; chunk i begins at pt_log_file_chunk(i). */
uint32_t pt_log_file_close(void);
uint8_t *pt_log_file_chunk(uint32_t index);
/* True for a chunk that is allocated and was left out by claims. */
bool pt_log_file_is_empty(uint32_t index);

/* For a signal handler: when `address` lies in the mapping, puts ordinary memory in its place, so
 * that stores go on harmlessly, and ends the claiming. True when it did. */
bool pt_log_file_replace(const void *address);

const char *pt_log_file_path(void);
int64_t pt_log_file_limit_bytes(void);

#endif
