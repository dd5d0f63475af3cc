/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recognised_totals.h: number, sum, minimum and maximum of the entries of each recognised phase,
 * for a program that asks inside the process. What counts as an entry, and its duration, follow
 * docs/FORMAT.md, "Entries of the report".
 *
 * This is on the way of each recorded call: a thread adds by plain stores to a block of sums that
 * it has alone while it lives. The next thread goes on with the block of one that has ended, so a
 * reader only adds up all blocks. There are fewer blocks than threads may live; the threads beyond
 * share one, under a lock. A reset begins a new generation, and each block is cleared with its next
 * entry.
 */
#ifndef PT_RECOGNISED_TOTALS_H
#define PT_RECOGNISED_TOTALS_H

#include <stdint.h>

#include "phasetap/log_format.h"

#define PT_RECOGNISED_PHASES 13   /* by id; 0 is not used. Higher ids are no phases of the report */
#define PT_RECOGNISED_BLOCKS 256u /* threads with a block of their own at one time */

struct pt_recognised_sum {
    int64_t count, total_ns, min_ns, max_ns;
};

struct pt_recognised_block;

/* Part of a thread's state; zero at its beginning. */
struct pt_recognised {
    struct pt_recognised_block *block; /* NULL: none yet */
    /* Connections of the call in progress; the first may lie before its span. */
    int64_t connecting_ns, first_start_ns, first_ns;
};

/* ---- by the thread ---- */

/* One entry that began at `start_ns`. Ids that are no phase of the report are ignored. */
void pt_recognised_add(struct pt_recognised *r, int32_t phase, int64_t start_ns,
                       int64_t duration_ns);
/* A connection of `duration_ns`, which took `construction_ns` more before. */
void pt_recognised_connection(struct pt_recognised *r, int64_t start_ns, int64_t duration_ns,
                              int64_t construction_ns);
/* The span of a call, which ends it: connections inside it are not part of its duration. */
void pt_recognised_span(struct pt_recognised *r, int32_t phase, int64_t start_ns,
                        int64_t duration_ns);
/* The thread ends. */
void pt_recognised_release(struct pt_recognised *r);

/* ---- any thread ---- */

/* The sums of all threads, those that have ended too. Each number is read by itself, while threads
 * may add. */
void pt_recognised_read(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES]);
/* All sums to zero. What began before `now_ns` is not counted any more either, as a report since
 * then does not count it. */
void pt_recognised_reset(int64_t now_ns);
/* In the child of a fork, where no state of a thread holds a block any more. */
void pt_recognised_forget(void);

#endif
