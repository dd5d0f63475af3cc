/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_figures.h: what a view of a watched process prints, computed from its counts and marks. A
 * figure that cannot be told yet is PT_WATCH_UNKNOWN, which views show as "-".
 *
 * Rates "now" are those since the older mark. The remaining time comes from the mean of the whole
 * run: a rate of seconds makes it jump. It is told from PT_WATCH_TELL_NS on, and only while the
 * rate now differs from the mean by less than half of it. One thread.
 */
#ifndef PHASETAP_WATCH_FIGURES_H
#define PHASETAP_WATCH_FIGURES_H

#include "watch/watch_process.h"

#define PT_WATCH_UNKNOWN INT64_MIN
#define PT_WATCH_TELL_NS 10000000000LL
#define PT_WATCH_PHASES  4 /* phases of threads that are told one by one */

struct pt_watch_figures {
    int64_t run_ns; /* since the start of the process, to its end */
    int64_t done;   /* documents */
    bool writes;    /* `done` is of writes; otherwise of reads */
    int64_t window_ns, window_done;
    int64_t total, percent, left_ns;
    int64_t cpu_ns, cpu_window_ns; /* used in that time, between the last two samples */
    int64_t rss_bytes;
    int64_t parts_ns[PT_PART_COUNT]; /* of calls and gaps that ended in the window */
    int64_t parts_sum_ns;
    int64_t threads; /* alive, that have called the driver */
};

/* `total`: documents that are to be done, 0: not known. */
void pt_watch_figures_make(struct pt_watch_figures *figures, const struct pt_watch_process *watched,
                           int64_t total);

/* Documents of one thread in the window. Not known once the log holds some calls as totals alone.
 */
int64_t pt_watch_thread_done(const struct pt_watch_process *watched, size_t number);

/* The phase that a thread is in (the innermost annotated one that it has entered) or that its
 * newest call belongs to; 0: none. `*ret_inside`: it is in it now. */
int32_t pt_watch_thread_phase(const struct pt_watch_thread *thread, bool *ret_inside);

/* How many living threads are in a phase, or made their newest call in it: the most frequent ones
 * first. Returns how many rows there are; `*ret_more` counts the threads of all others. */
struct pt_watch_phase_use {
    int32_t phase; /* id, 0: none yet */
    int64_t threads;
};
int pt_watch_phase_uses(const struct pt_watch_counts *counts,
                        struct pt_watch_phase_use uses[PT_WATCH_PHASES], int64_t *ret_more);

#endif
