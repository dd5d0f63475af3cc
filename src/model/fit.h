/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fit.h: a straight line y = intercept + slope * x through any number of points in constant memory
 * (least squares over running sums). The sums are integers: their value does not depend on the
 * order of the points, or on how they were divided between fits that were merged.
 *
 * Zero bytes are an empty fit. One thread.
 */
#ifndef PHASETAP_FIT_H
#define PHASETAP_FIT_H

#include <stdbool.h>
#include <stdint.h>

/* Values beyond are taken as these: 19 hours as nanoseconds; sums of 2^32 points do not wrap. */
#define PT_FIT_HIGHEST_X (1LL << 40)
#define PT_FIT_HIGHEST_Y (1LL << 46)

struct pt_fit {
    int64_t count;
    unsigned __int128 x, y, xx, xy, yy;
    int64_t x_least, x_most;
};

struct pt_line {
    double intercept, slope;
    double r2; /* share of the variance of y that the line explains */
};

/* Negative values count as 0. */
void pt_fit_add(struct pt_fit *fit, int64_t x, int64_t y);
void pt_fit_merge(struct pt_fit *to, const struct pt_fit *from);
/* False when all points have the same x, or all the same y. */
bool pt_fit_line(const struct pt_fit *fit, struct pt_line *line);

#endif
