/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_format.h: the ring file as C, shared by the writer (preload/) and the reader (src/).
 * docs/FORMAT.md, "The ring", is the law; this header follows it and has no behaviour.
 *
 * While a process records, its newest events lie in a small ring file that is mapped into the
 * process; a writer thread appends them to the log. A process that is killed leaves the ring
 * behind, and a reader takes log and ring as one. After an ordered end there is no ring.
 *
 * The file: a header, one descriptor for each chunk, the small chunks, the large chunks. Offsets
 * stand in the header. A chunk is a run of BSON documents, each a multiple of 8 bytes, that ends
 * with a length word of 0. A document becomes part of the chunk by the store of its length, the
 * last store of it.
 *
 * Integers are little-endian. Words marked atomic are stored whole, with release order.
 */
#ifndef PHASETAP_RING_FORMAT_H
#define PHASETAP_RING_FORMAT_H

#include <stdint.h>

#include "phasetap/log_format.h"
#include "phasetap/total_format.h"

#define PT_RING_MAGIC     0x676e697250415450ull /* "PTAPring" */
#define PT_RING_VERSION   3u
#define PT_RING_SUFFIX    ".ring"              /* behind the log's name, or: */
#define PT_RING_IN_MEMORY "/dev/shm/phasetap-" /* then the id in hexadecimal, then the suffix */
#define PT_RING_ID_BYTES  16u

/* A thread begins in a small chunk, so that thousands of threads fit; one that fills it goes on in
 * a large one. Every document fits a large chunk. */
#define PT_SMALL_BYTES  1024u
#define PT_SMALL_COUNT  1024u
#define PT_LARGE_BYTES  16384u
#define PT_LARGE_COUNT  192u
#define PT_CHUNK_COUNT  (PT_SMALL_COUNT + PT_LARGE_COUNT)
#define PT_INTENT_COUNT 64u /* chunks that one append takes from */

enum pt_chunk_state {
    PT_CHUNK_FREE = 0, /* holds nothing */
    PT_CHUNK_OWNED,    /* a thread writes into it */
    PT_CHUNK_FULL,     /* no thread writes into it any more */
};

struct pt_ring_chunk {
    uint32_t state; /* atomic: enum pt_chunk_state */
    uint32_t
        flushed_bytes; /* atomic: of its documents, from its beginning, so many are in the log */
    uint64_t sequence; /* order in which chunks were taken: that of the events of a thread */
};

/* What one append to the log takes out of the ring. The append counts from the moment in which
 * `generation` of the header becomes `generation` of the intent. */
struct pt_ring_intent {
    uint64_t generation;
    uint32_t count; /* atomic: entries that are valid; 0: none */
    uint32_t unused;
    struct {
        uint32_t chunk;
        uint32_t flushed_bytes; /* of that chunk, once the append counts */
    } entries[PT_INTENT_COUNT];
};

/* The STATUS document of the log while the process runs (docs/FORMAT.md, kind 2). Words are atomic,
 * each for itself. */
struct pt_ring_status {
    int32_t state;  /* enum pt_state */
    int32_t reason; /* enum pt_reason */
    int64_t events;
    int64_t dropped;
    int64_t clocks;
    int64_t cpus;
    int64_t threads;
    int64_t handles;
};

/* Which process writes, and into which log: enough to complete the log when the process is gone.
 * Stored once, before `magic`. Texts end in a zero; "": not known. */
struct pt_ring_owner {
    int64_t pid;
    int64_t start_ticks;    /* field 22 of /proc/PID/stat */
    uint64_t pid_namespace; /* inode of /proc/self/ns/pid, in which `pid` counts; 0: not known */
    char boot_id[40];
    char log_path[1024]; /* absolute; "" also where it is longer */
};

struct pt_ring_header {
    uint64_t magic;
    uint32_t version;
    uint32_t small_count;
    uint32_t large_count;
    uint32_t small_bytes;
    uint32_t large_bytes;
    uint32_t chunks_offset; /* of the descriptors: small chunks first */
    uint32_t small_offset;
    uint32_t large_offset;
    uint8_t id[PT_RING_ID_BYTES]; /* equals `ring` of the log's manifest */
    uint64_t sequence;            /* atomic: the next chunk's */
    uint64_t generation;          /* atomic: appends to the log that count */
    uint64_t committed_bytes[2];  /* the log's length after generation g: element g & 1 */
    struct pt_ring_intent intent;
    struct pt_ring_status status;
    struct pt_ring_owner owner;
    /* Children of a fork that used the driver and could not record it. They have the ring mapped
     * when they find out, so they count themselves. */
    int32_t children_lost;    /* atomic */
    int32_t children_reason;  /* atomic: enum pt_reason of the first one */
    uint32_t totals_offset;   /* of a struct pt_totals; 0: none */
    uint32_t redo_offset;     /* of PT_TOTAL_REDO_COUNT struct pt_total_redo */
    uint32_t redo_count;      /* new values of cells, which count together with the intent */
    uint32_t totals_used;     /* 1: some cell is not 0 */
    uint32_t overflow_offset; /* of a second struct pt_totals, for what found no room here */
    uint32_t overflow_used;   /* atomic; 1: some cell of it is not 0 */
    uint32_t parts[2];        /* which part of the log generation g appends to: element g & 1 */
};

#define PT_RING_HEADER_BYTES  4096u
#define PT_RING_CHUNKS_BYTES  24576u /* descriptors */
#define PT_RING_SMALL_OFFSET  (PT_RING_HEADER_BYTES + PT_RING_CHUNKS_BYTES)
#define PT_RING_LARGE_OFFSET  1114112u
#define PT_RING_TOTALS_OFFSET (PT_RING_LARGE_OFFSET + PT_LARGE_COUNT * PT_LARGE_BYTES)
#define PT_RING_REDO_OFFSET   (PT_RING_TOTALS_OFFSET + (uint32_t)sizeof(struct pt_totals))
#define PT_RING_REDO_BYTES    (PT_TOTAL_REDO_COUNT * (uint32_t)sizeof(struct pt_total_redo))
/* On pages of its own: it has memory only where it is needed. */
#define PT_RING_OVERFLOW_OFFSET                                                                    \
    ((PT_RING_REDO_OFFSET + PT_RING_REDO_BYTES + 65535u) / 65536u * 65536u)
#define PT_RING_FILE_BYTES                                                                         \
    ((PT_RING_OVERFLOW_OFFSET + (uint32_t)sizeof(struct pt_totals) + 65535u) / 65536u * 65536u)

_Static_assert(__builtin_offsetof(struct pt_ring_header, totals_offset) == 1768 &&
                   __builtin_offsetof(struct pt_ring_header, parts) == 1792,
               "as docs/FORMAT.md says");
_Static_assert(sizeof(struct pt_ring_header) <= PT_RING_HEADER_BYTES, "header");
_Static_assert(PT_CHUNK_COUNT * sizeof(struct pt_ring_chunk) <= PT_RING_CHUNKS_BYTES, "chunks");
_Static_assert(PT_RING_SMALL_OFFSET + PT_SMALL_COUNT * PT_SMALL_BYTES <= PT_RING_LARGE_OFFSET,
               "small chunks");
/* Areas begin and end at a page's border on every page size that Linux has. */
_Static_assert(PT_RING_LARGE_OFFSET % 65536u == 0 && PT_RING_FILE_BYTES % 65536u == 0, "pages");

#endif
