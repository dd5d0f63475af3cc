/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures.h: numbers in the cells of a view, on top of text/human.h. `text` holds PT_HUMAN_BYTES
 * and is returned. "-" means "does not apply", or a sample that is too small. Any thread.
 */
#ifndef PHASETAP_FIGURES_H
#define PHASETAP_FIGURES_H

#include "model/phase.h"
#include "text/human.h"

/* Totals of a run have two decimals below a minute: "13.27 s"; otherwise as human.h writes them. */
const char *pt_figure_total(char *text, int64_t duration_ns);
/* A single measurement: one that is shorter than reading the clock is "< 30 ns" for a clock that
 * takes 30 ns; a true zero is "0". */
const char *pt_figure_single(char *text, int64_t duration_ns, int64_t clock_cost_ns);
/* "-" when too few durations are known for it (pt_histogram_least()). */
const char *pt_figure_percentile(char *text, const struct pt_histogram *durations, double percent,
                                 int64_t clock_cost_ns);
/* `tenths` of a percent: "69.2 %". */
const char *pt_figure_share(char *text, int tenths);
/* Whole percent, cut and not rounded up to 100: "8 %". "-" when whole is 0. */
const char *pt_figure_percent(char *text, int64_t part, int64_t whole);
/* Per second: "2,551/s", below ten with two digits: "4.2/s". "-" without time or a count. */
const char *pt_figure_rate(char *text, int64_t count, int64_t duration_ns);
/* The same without its unit, for a column that names it. */
const char *pt_figure_bare_rate(char *text, int64_t count, int64_t duration_ns);
/* "-" for 0. */
const char *pt_figure_count(char *text, int64_t count);
const char *pt_figure_bytes(char *text, int64_t bytes);

#endif
