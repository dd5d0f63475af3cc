/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rank_range.h: by how much one side is larger than the other, with a range that holds the true
 * ratio in 95 of 100 comparisons. The range turns the rank test of Mann and Whitney round: it holds
 * each ratio that the test at the level of 5 % does not refuse. It assumes nothing of the
 * distribution but that both sides have the same, stretched by the ratio.
 *
 * For up to PT_RANK_EXACT values on each side the distribution of the test is exact, above that
 * normal. Any thread.
 */
#ifndef PHASETAP_RANK_RANGE_H
#define PHASETAP_RANK_RANGE_H

#include "diff/sample.h"

#define PT_RANK_EXACT 25

/* Of so many values a side, how many of the pairs lie beyond each end of the range; -1: the values
 * are too few to tell anything at 5 %. */
double pt_rank_beyond(double a, double b);

/*
 * The range of B / A. Both samples are sorted, have more than zero values, and are thinned to
 * PT_RANK_ITEMS_HIGHEST items where they have more. False when the values are too few, all of A
 * are 0, or memory ran out.
 */
#define PT_RANK_ITEMS_HIGHEST 400
bool pt_rank_range(struct pt_sample *a, struct pt_sample *b, double *ret_low, double *ret_high);

#endif
