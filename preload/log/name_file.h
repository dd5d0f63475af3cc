/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_file.h: the key file of PHASETAP_NAMES=alias: LOG.names, which gives each token of the log
 * its name. (docs/PRIVACY.md, "Names")
 *
 * A text file of mode 0600, never an existing one: a first line, then one line for each token,
 * "TOKEN<tab>NAME". In the name, a backslash, tab, newline and carriage return are written as \\,
 * \t, \n and \r. A token may have more than one line.
 *
 * Lines are appended in front of the documents that bring their tokens, by whoever flushes the log
 * (flush.h), so nothing here runs on the way of an event. A file that takes no more lines now is
 * tried again at the next flush.
 */
#ifndef PT_NAME_FILE_H
#define PT_NAME_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Makes the key file of the log at `log_path`. False: it cannot be; *exists: since there is a file
 * of that name. On the thread that starts the recording. */
bool pt_name_file_create(const char *log_path, bool *exists);
/* Removes it: the recording cannot start after all. */
void pt_name_file_abandon(void);

/* Appends what it lacks. `kept`: the calling thread has a descriptor table of its own, in which the
 * file may stay open. Under the flush lock. */
void pt_name_file_write(bool kept);

/* In the child of a fork. */
void pt_name_file_forget(void);

#endif
