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

#include <stdbool.h>
#include <stdint.h>

#include "log/log_layout.h"

#define PT_LOG_CODES(C)                                                                            \
    C(OPEN, -1, "it cannot be opened")                                                             \
    C(NOT_FILE, -2, "it is not a regular file")                                                    \
    C(EMPTY, -3, "it is empty; nothing has been recorded yet")                                     \
    C(NOT_LOG, -4, "it is not a phasetap log")                                                     \
    C(VERSION, -5,                                                                                 \
      "this phasetap does not support its format version; use the version that wrote it or a "     \
      "newer one")                                                                                 \
    C(READ, -6, "it cannot be read")                                                               \
    C(MEMORY, -7, "out of memory")
enum pt_log_code {
    PT_LOG_OK = 0,
#define PT_LOG_ENUM(name, code, text) PT_LOG_##name = (code),
    PT_LOG_CODES(PT_LOG_ENUM)
#undef PT_LOG_ENUM
};

/* What a walk found beside the documents. */
struct pt_log_facts {
    uint64_t file_bytes; /* size when opened */
    uint64_t used_bytes; /* end of the last chunk in use, at most file_bytes */
    uint64_t events;     /* documents handed out */
    uint64_t fillers;
    uint64_t torn; /* documents that were being written when the process was killed, or are being
                      written now */
    uint64_t damaged_places; /* runs of bytes that are neither event, filler nor hole */
    uint64_t damaged_bytes;
};

struct pt_log {
    int fd;
    uint32_t chunk_bytes;
    uint8_t *buffer;
    uint64_t buffer_bytes; /* a multiple of chunk_bytes */
    struct pt_log_facts facts;
};

/* Returns 0 to go on; anything else ends the walk and is returned by it. */
typedef int (*pt_record_handler)(void *context, const struct pt_record *record);

/* Opens a log and checks its manifest: it must be a regular file that begins with one of a known
 * version. */
int pt_log_open(struct pt_log *log, const char *path);
void pt_log_release(struct pt_log *log);

/* Hands every document to the handler, in the order of the file. May be called again: facts begin
 * anew. */
int pt_log_walk(struct pt_log *log, pt_record_handler handler, void *context);

/* The clause that says what was wrong, to stand behind "cannot read 'x': ". */
const char *pt_log_text(int code);

#endif
