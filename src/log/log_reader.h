/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_reader.h: walks an event log (docs/FORMAT.md) document by document.
 *
 * The log is untrusted and may grow or be truncated while it is read. Chunks are therefore read
 * with pread() and never mapped: a truncated file gives a short read instead of SIGBUS, and a
 * length cannot change after it was checked. Memory is one buffer, whatever the size of the log.
 * Every length is checked against the bytes available; anything that does not fit is counted in
 * struct pt_log_facts and skipped as FORMAT.md describes.
 *
 * One thread per struct pt_log. Functions return 0 or a negative code from PT_LOG_CODES;
 * pt_log_text() gives its text.
 */
#ifndef PHASETAP_LOG_READER_H
#define PHASETAP_LOG_READER_H

#include "log/log_state.h"

/* Opens a log and checks its manifest: it must be a regular file that begins with one of a known
 * version. */
int pt_log_open(struct pt_log *log, const char *path);
/* The same for a reader that has read all before this part: no folder is searched for older ones
 * while the log is still in it. */
int pt_log_open_from(struct pt_log *log, const char *path, int64_t part);
void pt_log_release(struct pt_log *log);

/* Hands every document to the handler, in the order of the file. May be called again: facts begin
 * anew. */
int pt_log_walk(struct pt_log *log, pt_record_handler handler, void *context);

/* The clause that says what was wrong, to stand behind "cannot read 'x': ". */
const char *pt_log_text(int code);

#endif
