/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_sides.h: reads a side of a comparison: a log, a JSON report of `phasetap report`, or a
 * folder of any number of both, in which the logs of one run are one run.
 */
#ifndef PHASETAP_DIFF_SIDES_H
#define PHASETAP_DIFF_SIDES_H

#include "diff/side.h"

/* 0, or PT_EXIT_USAGE after an error message. The caller releases the side in either case. */
int pt_side_read(struct pt_side *side, const char *path);

#endif
