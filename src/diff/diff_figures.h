/* SPDX-License-Identifier: Apache-2.0 */
/* diff_figures.h: figures of a comparison as text. Any thread. */
#ifndef PHASETAP_DIFF_FIGURES_H
#define PHASETAP_DIFF_FIGURES_H

#include "diff/compare.h"

#define PT_DIFF_FIGURE_BYTES 48

/* The two values of a row in one unit, chosen by the larger one, with three significant digits of
 * it: "0.96 ms" and "1.10 ms". "-": not known. Each text holds PT_DIFF_FIGURE_BYTES. */
void pt_diff_pair(const struct pt_diff_row *row, char *a, char *b);

/* "+13.8 %"; "new" and "gone" of a phase on one side only; "-": not known. */
const char *pt_diff_change(const struct pt_diff_row *row, char *text);
/* "+11.9 to +15.6 %", the numbers in columns; "" without a range. */
const char *pt_diff_range(const struct pt_diff_row *row, char *text);

#endif
