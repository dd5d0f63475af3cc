/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring.h: the memory that events are written into: a small file, mapped shared, so that what a
 * killed process wrote stays readable. Layout: <phasetap/ring_format.h>.
 *
 * Where the file lies decides what a disk can do to the host, since the host's threads store into
 * it (docs/ARCHITECTURE.md, "Where the ring lies"):
 *   PT_RING_SHM     a file in /dev/shm: no disk is behind it, so a store never waits and never
 *                   fails; it does not survive a reboot or the container's end.
 *   PT_RING_LOG     NAME.bson.ring beside the log: it survives both, but a frozen file system stops
 *                   the next store to a page that was written back.
 *   PT_RING_MEMORY  private memory: nothing survives a kill. Taken only where no file can be made.
 *
 * The file is created, mapped and closed by the one thread that starts the recording. Only a prefix
 * of each area is usable at first; pt_ring_grow populates more, so that no store ever faults on a
 * page that has no memory behind it. All other functions: any thread.
 */
#ifndef PT_RING_H
#define PT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "phasetap/ring_format.h"

/* The first two in the order of the option PHASETAP_RING. */
enum pt_ring_place { PT_RING_SHM, PT_RING_LOG, PT_RING_MEMORY };

/* The mapped ring, NULL: none. Set before any other thread can come here. */
extern struct pt_ring_header *pt_ring;

/* Makes a ring at `place`, or, where that fails, at the next one of the list above. `log_path` is
 * absolute. PT_REASON_NONE, or why there is no memory at all. */
enum pt_reason pt_ring_create(enum pt_ring_place place, const char *log_path,
                              const uint8_t id[PT_RING_ID_BYTES]);
enum pt_ring_place pt_ring_place(void);
/* Absolute path of the file, "" when there is none. */
const char *pt_ring_path(void);

/* Chunks below these numbers are usable: small ones are 0 to pt_ring_small() - 1, large ones
 * PT_SMALL_COUNT to PT_SMALL_COUNT + pt_ring_large() - 1. */
uint32_t pt_ring_small(void);
uint32_t pt_ring_large(void);
/* Makes more chunks usable, as far as there are. System calls; one thread at a time. False: there
 * is no more memory, or all are usable. */
bool pt_ring_grow_small(void);
bool pt_ring_grow_large(void);

static inline bool pt_ring_is_large(uint32_t chunk)
{
    return chunk >= PT_SMALL_COUNT;
}

static inline uint32_t pt_ring_chunk_bytes(uint32_t chunk)
{
    return pt_ring_is_large(chunk) ? PT_LARGE_BYTES : PT_SMALL_BYTES;
}

static inline struct pt_ring_chunk *pt_ring_chunk(uint32_t chunk)
{
    uint8_t *chunks = (uint8_t *)pt_ring + PT_RING_HEADER_BYTES;
    return (struct pt_ring_chunk *)(void *)chunks + chunk;
}

static inline uint8_t *pt_ring_bytes(uint32_t chunk)
{
    uint8_t *base = (uint8_t *)pt_ring;
    return pt_ring_is_large(chunk)
               ? base + PT_RING_LARGE_OFFSET + (uint64_t)(chunk - PT_SMALL_COUNT) * PT_LARGE_BYTES
               : base + PT_RING_SMALL_OFFSET + (uint64_t)chunk * PT_SMALL_BYTES;
}

/* The length of the log that counts; only the thread that appends stores it. */
static inline uint64_t pt_ring_committed_bytes(void)
{
    return pt_ring->committed_bytes[__atomic_load_n(&pt_ring->generation, __ATOMIC_ACQUIRE) & 1];
}

/* Gives memory to the pages of a range of the file. False: there is none. */
bool pt_ring_populate(uint32_t offset, uint32_t bytes);

/* Everything is in the log: marks the ring as closed and removes the file. The mapping stays, since
 * other threads may still write into it. */
void pt_ring_remove(void);

/* The recording cannot start after all: removes file and mapping. */
void pt_ring_abandon(void);

/* In the child of a fork, from its own first call: the parent goes on using the file. Its mapping
 * stays until pt_ring_leave_parent, which the child calls once it records, or knows why it cannot:
 * then `reason` is left for the parent, whose log is the only one that can tell. */
void pt_ring_forget(void);
void pt_ring_leave_parent(enum pt_reason reason);

#endif
