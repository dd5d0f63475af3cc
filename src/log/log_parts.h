/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_parts.h: a log that went on in further files (docs/FORMAT.md, "Parts").
 *
 * All parts of one log name the same ring and have numbers from 1 on. The part with the highest
 * number stands for all parts that lie in its folder, whatever they are called: its reader takes
 * their bytes, one part behind the other, as one stream. An older part stands for itself.
 *
 * Files are untrusted: only the first bytes of each are looked at, and at most PT_PARTS_LOOKED_AT
 * files of a folder.
 */
#ifndef PHASETAP_LOG_PARTS_H
#define PHASETAP_LOG_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_PARTS_LOOKED_AT 20000
#define PT_PART_ID_BYTES   33 /* of a ring, in hexadecimal, with its end */

/* One file of a log. */
struct pt_log_part {
    int fd;
    int64_t number;
    uint64_t begin_bytes, bytes; /* where it begins in the stream, and what counts of it */
    char *path;
};

struct pt_log_parts {
    struct pt_log_part *list; /* by number; the last is the one that was opened */
    size_t count, room;       /* 0: the log is one file */
    int64_t missing;          /* older parts that are not in the folder */
};

/* Which log a file is a part of, from its first bytes. False: it is no log that can have parts. */
bool pt_log_part_of(int fd, char id[PT_PART_ID_BYTES], int64_t *ret_number);

/* The older parts of the log at `path`, which is part `number` of log `id`, and itself as the last.
 * Empty where `number` is 1 or the folder has a newer part. */
void pt_log_parts_find(struct pt_log_parts *parts, const char *path, const char *id,
                       int64_t number);
/* Sets where each part begins. Returns the length of all. */
uint64_t pt_log_parts_lay_out(struct pt_log_parts *parts);
/* The part that holds this byte of the stream; NULL: none does. */
const struct pt_log_part *pt_log_parts_at(const struct pt_log_parts *parts, uint64_t offset);
struct pt_log_part *pt_log_parts_numbered(struct pt_log_parts *parts, int64_t number);
void pt_log_parts_release(struct pt_log_parts *parts);

/* Sets older[i] where another of these files, in the same folder, is a newer part of the log at
 * paths[i]: that one stands for it. */
void pt_log_mark_older_parts(char *const *paths, size_t count, bool *older);

#endif
