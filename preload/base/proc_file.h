/* SPDX-License-Identifier: Apache-2.0 */
/* proc_file.h: reads the small text files of /proc and /sys. Each is opened, read and closed at
 * once: no descriptor is kept. Any thread; keeps nothing. */
#ifndef PT_PROC_FILE_H
#define PT_PROC_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Reads up to size_bytes - 1 bytes and ends them with a zero; returns their number, 0 when the file
 * cannot be read. */
size_t pt_proc_read(const char *path, char *out, size_t size_bytes);

/* The number behind the first `key` in `text`, spaces and tabs between them skipped; -1 when there
 * is none. */
int64_t pt_proc_number_after(const char *text, const char *key);

/* Field 22 of /proc/self/stat: start of the process in clock ticks since boot; with the pid it
 * names a process for good. */
int64_t pt_proc_start_ticks(void);

#endif
