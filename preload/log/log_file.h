/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_file.h: the log as a file that is only appended to. (docs/FORMAT.md, "The log")
 *
 * The file is created once, and its descriptor closed: nothing that the host does to descriptors
 * can touch it. Later it is opened by name for an append, and only while the name still leads to
 * the file that was created. Whoever appends holds the flush lock (flush.h).
 */
#ifndef PT_LOG_FILE_H
#define PT_LOG_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "phasetap/log_format.h"

/* Makes `path`, an absolute one: never an existing file (O_EXCL, O_NOFOLLOW), mode 0600. PT_REASON_
 * NONE or why not; *exists tells a file of that name from other causes. On the thread that starts
 * the recording. */
enum pt_reason pt_log_create(const char *path, int64_t limit_bytes, bool *exists);

/* The log, opened for appending; -1: its name does not lead to it any more. */
int pt_log_reopen(void);

/* Where the log's name leads. */
enum pt_log_name {
    PT_LOG_NAME_OURS,    /* to the log */
    PT_LOG_NAME_FREE,    /* nowhere, in the folder in which the log was created */
    PT_LOG_NAME_EMPTY,   /* to an empty file of this user */
    PT_LOG_NAME_UNKNOWN, /* to a file of somebody else, or this cannot be told */
};
enum pt_log_name pt_log_look(void);

/* A new file, or an empty one that has the name; its descriptor, -1: none. */
int pt_log_create_part(const char *path);
int pt_log_adopt_part(const char *path);
/* From now on the log is this file. */
void pt_log_take_over(int fd);
/* Removes what lies behind `bytes`. False: it could not be. */
bool pt_log_cut_back(int fd, uint64_t bytes);

/* True if the size limit allows `bytes` more. */
bool pt_log_has_room(uint64_t committed_bytes, uint64_t bytes);

/* Appends to the log, of which `committed_bytes` count: what lies behind them is cut off first. All
 * or nothing. PT_REASON_NONE; DISK; CUT: the file is shorter than that. */
enum pt_reason pt_log_append(int fd, uint64_t committed_bytes, const struct iovec *parts,
                             unsigned count);

/* The recording cannot start after all: removes the file. */
void pt_log_abandon(void);
/* Forgets the file: for the child of a fork, whose parent goes on writing. */
void pt_log_forget(void);

const char *pt_log_path(void);
int64_t pt_log_limit_bytes(void);

#endif
