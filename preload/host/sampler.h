/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sampler.h: when to sample the resources of process and system: first when the recording starts,
 * then at an interval, last when the process exits. The writer thread (writer.h) takes the samples.
 *
 * `internal` is the thread object of the profiler itself (number 0): the sampler owns it from
 * pt_sampler_start to pt_sampler_stop, and one thread at a time writes through it.
 */
#ifndef PT_SAMPLER_H
#define PT_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

struct pt_thread;

void pt_sampler_start(struct pt_thread *internal);
/* Changes the interval (0 keeps it) and samples from now on, also where the options said not to.
 * From the annotation interface; any thread. False: nothing is recorded. */
bool pt_sampler_resume(int64_t interval_ns);
/* No samples until pt_sampler_resume. */
void pt_sampler_pause(void);

/* Takes a sample if one is due. By the writer thread. */
void pt_sampler_take_due(void);
/* When the next one is due, CLOCK_MONOTONIC; INT64_MAX: none is. */
int64_t pt_sampler_next_ns(void);

/* Takes the last sample; returns the internal thread object for the last documents (NULL: none).
 * When the process exits. */
struct pt_thread *pt_sampler_stop(void);
/* In the child of a fork. */
void pt_sampler_forget(void);

#endif
