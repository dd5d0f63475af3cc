/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phase_use.h: what a process used while a phase ran: CPU time, page faults, storage I/O, memory,
 * from the samples that were taken of the process meanwhile. All threads of the process count, not
 * only those in the phase: the CPU time of the phase's own calls is in phase.h.
 *
 * What the process used between two samples is spread evenly over the time between them. Of each
 * bucket of the run's course a phase gets the share of the bucket that it filled. That says
 * something only if the phase filled most of it: calls much shorter than the time between two
 * samples share it with whatever ran before and behind them. Such a phase has no figures.
 *
 * Integers only, so that sums over processes do not depend on their order. Times are nanoseconds of
 * the process's CLOCK_MONOTONIC. One thread.
 */
#ifndef PHASETAP_PHASE_USE_H
#define PHASETAP_PHASE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/log_format.h>

#include "model/time_series.h"

/* What was sampled of one process while its log is read; zero bytes: nothing yet. */
struct pt_sampled {
    struct pt_time_series cpu, io; /* what was used, and for how long that is known */
    struct pt_time_series memory;  /* highest resident bytes */
    int64_t samples;
    bool has_cpu, has_io;
    int64_t cpu_t_ns, cpu_ns, minor_faults, major_faults; /* of the sample before */
    int64_t io_t_ns, read_bytes, written_bytes;
};

void pt_sampled_add(struct pt_sampled *sampled, const struct pt_doc_sample *sample);
void pt_sampled_release(struct pt_sampled *sampled);

/* Sums over processes; zero bytes: none. */
struct pt_phase_use {
    int64_t told_ns;    /* of the run's time, in which it ran and the process was sampled */
    int64_t untold_ns;  /* in which it ran, but what the process used cannot be told */
    int64_t short_ns;   /* of that, because its calls are shorter than the time between samples */
    int64_t crowded_ns; /* of threads, in which it was not followed: too many phases */
    int64_t shared_ns;  /* of threads, in calls on one collection only (model_view.h) */
    int64_t totals_ns;  /* of threads, in calls of which the log has only totals */
    int64_t cpu_ns, minor_faults, major_faults; /* in told_ns */
    int64_t io_ns, read_bytes, written_bytes;   /* in io_ns, a part of told_ns */
    int64_t resident_bytes;                     /* highest sample; 0: none */
};

/* What the process of `sampled` used while the phase ran; `busy`: the time of all threads in it
 * (value 0). */
struct pt_phase_use pt_phase_use_of(const struct pt_time_series *busy,
                                    const struct pt_sampled *sampled);
void pt_phase_use_merge(struct pt_phase_use *to, const struct pt_phase_use *from);

/* NULL: the figures hold, for most of its time. Otherwise why there are none. */
const char *pt_phase_use_unknown(const struct pt_phase_use *use);

#endif
