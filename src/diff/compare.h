/* SPDX-License-Identifier: Apache-2.0 */
/* compare.h: two sides, row by row (diff_row.h): which rows there are, and their order. One thread.
 */
#ifndef PHASETAP_COMPARE_H
#define PHASETAP_COMPARE_H

#include "diff/diff_row.h"

/* Compares sides of at least one run each. False without memory. Release in either case. */
bool pt_diff_make(struct pt_diff *diff, const struct pt_side *a, const struct pt_side *b,
                  const struct pt_diff_floors *floors);
void pt_diff_release(struct pt_diff *diff);

#endif
