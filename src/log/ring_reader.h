/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_reader.h: the ring that a recording process, or one that was killed, has beside its log
 * (docs/FORMAT.md, "The ring"): what it holds is not in the log yet.
 *
 * The ring is untrusted and may change while it is read. It is copied as a whole, and only a copy
 * in which no append to the log began or ended meanwhile is used; every offset in it is checked.
 *
 * One thread per struct pt_ring_copy.
 */
#ifndef PHASETAP_RING_READER_H
#define PHASETAP_RING_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/ring_format.h>

/* Documents in the ring that the log does not hold yet, of one chunk. */
struct pt_ring_run {
    const uint8_t *data;
    uint32_t length_bytes;
    uint64_t sequence;
};

struct pt_ring_copy {
    char *path;     /* of the file; NULL: there is no ring */
    uint8_t *bytes; /* the copy */
    uint64_t size_bytes;
    uint64_t committed_bytes; /* the log counts up to here */
    int64_t part;             /* the part of the log of which it does */
    struct pt_ring_status status;
    struct pt_ring_owner owner; /* texts end in a zero */
    struct pt_ring_run *runs;   /* in the order in which they are to be read */
    uint32_t run_count;
    bool has_totals; /* ring_totals.h */
};

/* Copies the ring of the log at `log_path`, whose manifest has this id (hexadecimal). Looks beside
 * the log, then in /dev/shm, then among all rings in the log's folder: the log may have another
 * name by now. False: there is none, or it is closed, or it is no ring of this log;
 * then `copy` is empty. */
bool pt_ring_copy_read(struct pt_ring_copy *copy, const char *log_path, const char *id);
/* Reads the header of any ring at `path`. False: it is none, or cannot be read. */
bool pt_ring_header_read(struct pt_ring_header *header, const char *path);
void pt_ring_copy_release(struct pt_ring_copy *copy);

#endif
