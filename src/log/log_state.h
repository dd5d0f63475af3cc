/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_state.h: an opened event log: what its reader (log_reader.h) and the walkers of the two
 * format versions (log_chunks.c, log_stream.c) share.
 */
#ifndef PHASETAP_LOG_STATE_H
#define PHASETAP_LOG_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "log/log_layout.h"
#include "log/log_parts.h"
#include "log/ring_reader.h"

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
    uint64_t ring_events;   /* of the events, those that were still in the ring */
    uint64_t missing_parts; /* older parts of the log that could not be found */
};

struct pt_log {
    int fd;
    int64_t version;
    uint32_t chunk_bytes; /* of version 1 */
    uint8_t *buffer;
    uint64_t buffer_bytes; /* in version 1 a multiple of chunk_bytes */
    char *ring_id;         /* of version 2: which ring belongs to it */
    struct pt_ring_copy ring;
    uint64_t end_bytes; /* of version 2: what lies behind is not part of the log */
    int64_t part;       /* which part of its log the file is; 1: the first, or the only one */
    int64_t from_part;  /* a part up to this number needs no older ones; 0: they are wanted */
    struct pt_log_parts parts; /* older ones and this one, if there are any; read as one */
    bool in_damage;
    struct pt_log_facts facts;
};

/* Returns 0 to go on; anything else ends the walk and is returned by it. */
typedef int (*pt_record_handler)(void *context, const struct pt_record *record);

#endif
