/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recognised_totals.h: number, sum, minimum and maximum of the entries of each recognised phase,
 * for a program that asks inside the process. What counts as an entry, and its duration, follow
 * docs/FORMAT.md, "Entries of the report".
 *
 * Each thread adds to a block of its own (in struct pt_thread), with plain stores: this is on the
 * way of each recorded call. A thread that ends adds its block to that of the process. A reset
 * begins a new generation, and each thread clears its block with its next entry.
 */
#ifndef PT_RECOGNISED_TOTALS_H
#define PT_RECOGNISED_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "phasetap/log_format.h"

#define PT_RECOGNISED_PHASES 13 /* by id; 0 is not used. Higher ids are no phases of the report */

struct pt_recognised_sum {
    int64_t count, total_ns, min_ns, max_ns;
};

struct pt_recognised {
    uint32_t generation;
    /* Connections of the call in progress; the first may lie before its span. */
    int64_t connecting_ns, first_start_ns, first_ns;
    struct pt_recognised_sum sums[PT_RECOGNISED_PHASES];
};

/* ---- by the owner of the block ---- */

/* One entry. Ids that are no phase of the report are ignored. */
void pt_recognised_add(struct pt_recognised *block, int32_t phase, int64_t duration_ns);
/* A connection of `duration_ns`, which took `construction_ns` more before. */
void pt_recognised_connection(struct pt_recognised *block, int64_t start_ns, int64_t duration_ns,
                              int64_t construction_ns);
/* The span of a call, which ends it: connections inside it are not part of its duration. */
void pt_recognised_span(struct pt_recognised *block, int32_t phase, int64_t start_ns,
                        int64_t duration_ns);
/* The thread ends: its block goes to the process's. */
void pt_recognised_retire(struct pt_recognised *block);

/* ---- any thread ---- */

/* Starts reading: `sums` are those of threads that have ended, and no block retires until
 * pt_recognised_read_end. False: somebody else reads; there is nothing to end. */
bool pt_recognised_read_begin(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES]);
/* Adds the block of a thread that lives. */
void pt_recognised_read(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES],
                        const struct pt_recognised *block);
void pt_recognised_read_end(void);

/* All sums to zero. */
void pt_recognised_reset(void);
/* In the child of a fork. */
void pt_recognised_forget(void);

#endif
