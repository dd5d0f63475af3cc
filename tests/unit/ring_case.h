/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_case.h: a log with its ring in a folder of the test's own, and a third reader of both,
 * written for the tests from docs/FORMAT.md.
 */
#ifndef RING_CASE_H
#define RING_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "log/pen.h"

#define RING_CASE_NUMBERS 4096 /* of one pen */
#define RING_CASE_PENS    8

extern char ring_case_log[96]; /* path */

/* What log and ring hold of each pen. */
struct ring_case_seen {
    int32_t last[RING_CASE_PENS]; /* highest `q`, 0: none */
    int total;
    int names;           /* NAME documents */
    int ends;            /* END documents */
    int64_t in_totals;   /* documents that were added to the totals instead */
    int64_t in_overflow; /* by their own thread, for want of room */
    bool in_order;       /* each pen's numbers are 1, 2, 3, ... without a gap or a repetition */
    bool good;           /* documents follow each other without a gap */
    uint64_t bytes;      /* of the log that count */
};

void ring_case_begin(int64_t limit_bytes);
void ring_case_end(void);

/* Writes a GAP document with this number. False: the ring has no room, it was summed at most. */
bool ring_case_write(struct pt_pen *pen, int32_t number);

/* Reads the files as another process would. */
void ring_case_read(struct ring_case_seen *seen);

#endif
