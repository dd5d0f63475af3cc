/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_row.h: one row of a comparison: the values of both sides, the range of the change, and the
 * verdict. docs/DIFF.md explains the statistics and their limits.
 *
 * With enough runs on both sides a row compares the runs: one value of each run. Otherwise nothing
 * is known of the differences between runs; then phases are compared by their calls, and there is
 * no verdict on the whole run. A verdict other than "unclear" needs a range (rank_range.h) that
 * lies beyond the floors as a whole, or within them as a whole. One thread.
 */
#ifndef PHASETAP_DIFF_ROW_H
#define PHASETAP_DIFF_ROW_H

#include "diff/side.h"
#include "gate/metric.h"

enum pt_verdict_of_row {
    PT_ROW_UNCLEAR,
    PT_ROW_SAME,
    PT_ROW_SLOWER,
    PT_ROW_FASTER,
    PT_ROW_MORE, /* CPU time, memory */
    PT_ROW_LESS
};

enum pt_row_kind { PT_ROW_RUN, PT_ROW_PHASE, PT_ROW_RATE, PT_ROW_CPU, PT_ROW_MEMORY };

struct pt_diff_row {
    enum pt_row_kind kind;
    const char *name; /* of a phase owned by a run */
    enum pt_unit unit;
    double a, b;       /* medians, in base units */
    bool has_a, has_b; /* known, of a phase: it is there */
    bool has_change;   /* A is not 0 */
    bool has_range;    /* implies has_change */
    double change;     /* B / A - 1 */
    double low, high;  /* the range of the change, which holds `change` */
    double floor;      /* changes up to here are none */
    bool small;        /* a phase that is below the absolute floor on both sides */
    enum pt_verdict_of_row verdict;
};

#define PT_FLOOR_DEFAULT       0.02
#define PT_FLOOR_CALLS_DEFAULT 0.05       /* without runs to tell the noise between runs from */
#define PT_FLOOR_TIME_DEFAULT  50000000.0 /* ns */
#define PT_FLOOR_SIZE          1048576.0  /* bytes */
#define PT_CALLS_LEAST         20         /* of a phase, to compare its calls */

struct pt_diff_floors {
    double ratio; /* negative: the default */
    double ns;
};

struct pt_diff {
    const struct pt_side *a, *b;
    struct pt_diff_floors floors; /* that were used */
    bool by_calls;                /* the runs are too few to compare runs */
    double spread;                /* of the runs of the side that differ more, by run time */
    struct pt_diff_row *rows;     /* the whole run first, then phases, then the others */
    size_t count, room;
};

/* "slower", "same", ... */
const char *pt_diff_word(enum pt_verdict_of_row verdict);

/* Fills a row of known kind and name. False without memory. */
bool pt_diff_fill(const struct pt_diff *diff, struct pt_diff_row *row);

#endif
