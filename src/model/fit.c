/* SPDX-License-Identifier: Apache-2.0 */
#include "model/fit.h"

#include "base/saturate.h"

void pt_fit_add(struct pt_fit *fit, int64_t x, int64_t y)
{
    x = pt_min(pt_max(0, x), PT_FIT_HIGHEST_X);
    y = pt_min(pt_max(0, y), PT_FIT_HIGHEST_Y);
    fit->x_least = fit->count == 0 ? x : pt_min(fit->x_least, x);
    fit->x_most = pt_max(fit->x_most, x);
    fit->count++;
    fit->x += (uint64_t)x;
    fit->y += (uint64_t)y;
    fit->xx += (unsigned __int128)x * (uint64_t)x;
    fit->xy += (unsigned __int128)x * (uint64_t)y;
    fit->yy += (unsigned __int128)y * (uint64_t)y;
}

void pt_fit_merge(struct pt_fit *to, const struct pt_fit *from)
{
    if (from->count == 0) {
        return;
    }
    to->x_least = to->count == 0 ? from->x_least : pt_min(to->x_least, from->x_least);
    to->x_most = pt_max(to->x_most, from->x_most);
    to->count += from->count;
    to->x += from->x;
    to->y += from->y;
    to->xx += from->xx;
    to->xy += from->xy;
    to->yy += from->yy;
}

bool pt_fit_line(const struct pt_fit *fit, struct pt_line *line)
{
    long double n = (long double)fit->count;
    long double x = (long double)fit->x, y = (long double)fit->y;
    long double xx = n * (long double)fit->xx - x * x;
    long double xy = n * (long double)fit->xy - x * y;
    long double yy = n * (long double)fit->yy - y * y;
    if (fit->count < 2 || fit->x_least == fit->x_most || xx <= 0 || yy <= 0) {
        return false;
    }
    line->slope = (double)(xy / xx);
    line->intercept = (double)((y - xy / xx * x) / n);
    line->r2 = (double)(xy * xy / (xx * yy));
    return true;
}
