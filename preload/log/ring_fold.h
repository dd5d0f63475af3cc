/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_fold.h: appends what the ring of a process that is gone still holds to its log, and removes
 * the ring.
 *
 * What `phasetap close` does (src/log/log_fold.h), without allocation: chunk by chunk. It may be
 * stopped at any instruction and done again by anyone: until the ring is removed, the log counts
 * only as far as the ring says. Whoever folds holds the lock of the ring file (flock) meanwhile.
 *
 * By the writer thread alone: it opens files and may wait for a disk.
 */
#ifndef PT_RING_FOLD_H
#define PT_RING_FOLD_H

#include <stdbool.h>

#include "log/ring_owner.h"

enum pt_fold {
    PT_FOLD_SKIPPED, /* no ring of this version and user, or its process is not known to be gone */
    PT_FOLD_FAILED,  /* the log is not there, not the ring's, or takes nothing; both are left */
    PT_FOLD_DONE,
};

/* Memory for one ring at a time; its contents mean nothing between two calls. */
struct pt_fold_room {
    struct pt_ring_header header;
    struct pt_ring_chunk chunks[PT_CHUNK_COUNT];
    uint32_t order[PT_CHUNK_COUNT]; /* numbers of chunks in the order of their events */
    uint8_t bytes[PT_LARGE_BYTES];
};

enum pt_fold pt_ring_fold(const char *ring_path, const struct pt_ring_owner *self,
                          struct pt_fold_room *room);

#endif
