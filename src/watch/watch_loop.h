/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_loop.h: watching, from the first look to the last: as lines on a stream, or on a screen.
 * Both end when every process has ended (watch_list.h), at a signal of watch_stop.h, and the screen
 * at `q`. One thread.
 */
#ifndef PHASETAP_WATCH_LOOP_H
#define PHASETAP_WATCH_LOOP_H

#include <stdio.h>

#include "watch/watch_list.h"

struct pt_watch_plan {
    int64_t interval_ns; /* between two lines, or two looks */
    int64_t total;       /* documents that are to be done, 0: not known */
};

/* The first look: afterwards the sources say what is waited for. */
void pt_watch_begin(struct pt_watch_list *list);

/* One line for each process when it appears, at each interval, and at its end. */
void pt_watch_lines(struct pt_watch_list *list, const struct pt_watch_plan *plan, FILE *out);

/* On an open screen (watch_screen.h), which stays open. */
void pt_watch_on_screen(struct pt_watch_list *list, const struct pt_watch_plan *plan);

#endif
