/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc_file.h: reads the small text files of /proc and /sys.
 *
 * A file is opened, read and closed in one call, because the host may close or reuse any descriptor
 * that stays open. Only a thread with a descriptor table of its own may keep one (pt_proc_kept): a
 * read then takes a fifth of the time. Otherwise no state; any layer, any thread. Costs
 * microseconds, so only when the recording starts and in the sampler.
 */
#ifndef PT_PROC_FILE_H
#define PT_PROC_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Reads up to size_bytes - 1 bytes and ends them with a zero; returns their number, 0 when the file
 * cannot be read. */
size_t pt_proc_read(const char *path, char *out, size_t size_bytes);

/* A file that stays open from its first read on. For one thread, in whose own table the descriptor
 * is; it is closed by the end of that thread. */
struct pt_proc_kept {
    const char *path;
    int fd; /* -1: not open */
};

/* Like pt_proc_read, but one pread at the start of the file. A descriptor that gives nothing is
 * closed and opened anew at the next read. */
size_t pt_proc_read_kept(struct pt_proc_kept *file, char *out, size_t size_bytes);

/* The number behind the first `key` in `text`, spaces and tabs between them skipped; -1 when there
 * is none. */
int64_t pt_proc_number_after(const char *text, const char *key);

/* A numeric field of /proc/self/stat, counted from 1 as in proc_pid_stat(5), from field 3 on; -1
 * when the file cannot be read. */
int64_t pt_proc_stat_field(int field);
/* The same from the text of the file. */
int64_t pt_proc_stat_field_of(const char *text, int field);
#define PT_STAT_THREADS     20 /* threads of the process, a leader that has exited included */
#define PT_STAT_START_TICKS 22 /* start in clock ticks since boot; with the pid a unique name */

#define PT_PROGRAM_BYTES    65u /* what logs and their file names have of it */

/* Base name of the running executable, "program" when /proc does not tell it. Never argv: hosts
 * rewrite it, and users put passwords there. */
void pt_program_name(char *out, size_t size_bytes);

#endif
