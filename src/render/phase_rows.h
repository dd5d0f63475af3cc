/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phase_rows.h: the phases of a table in its order, with their shares of the threads' time. Those
 * that phasetap recognises do not overlap: with the time in no phase their shares add up to 100.0.
 * Those that the program annotates may lie within each other, so nothing is added up. One thread.
 */
#ifndef PHASETAP_PHASE_ROWS_H
#define PHASETAP_PHASE_ROWS_H

#include "render/screen_parts.h"

struct pt_phase_row {
    const struct pt_phase_stats *phase;
    int tenths; /* of a percent of the threads' time */
};

struct pt_phase_rows {
    struct pt_phase_row *rows;
    size_t count;
    size_t worth; /* the first so many take 0.1 % or more each */
};

/* Release with free(rows). */
void pt_phase_rows_make(struct pt_phase_rows *rows, const struct pt_screen *screen, bool annotated);

#endif
