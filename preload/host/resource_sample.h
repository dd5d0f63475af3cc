/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resource_sample.h: reads the resources of process and system, and records them as SAMPLE and
 * SYSTEM documents.
 *
 * What to read is here, when to read it is in sampler.h. Keeps what only whole samples read, so one
 * thread at a time: the sampler's, or the one that takes the last sample.
 */
#ifndef PT_RESOURCE_SAMPLE_H
#define PT_RESOURCE_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

struct pt_pen;

/* Notes the clock too, as CLOCK document, when it has changed.
 * A whole sample reads everything; others repeat threads, I/O and own CPU of the last whole one,
 * whose files cost five times the rest. */
void pt_resources_record_process(struct pt_pen *pen, int64_t now_ns, bool whole);
void pt_resources_record_system(struct pt_pen *pen, int64_t now_ns);
/* Called by the sampler thread, whose CPU time is our own cost. */
void pt_resources_own_thread(void);
/* By the same thread, once it has a descriptor table of its own: its samples then keep the files of
 * /proc open in that table. Samples of other threads open them each time. */
void pt_resources_keep_files(void);
/* The thread ends, and its table of descriptors with it. */
void pt_resources_lose_files(void);
void pt_resources_forget(void);
/* Threads of the process, a leader that has left included. */
int32_t pt_resources_thread_count(void);

#endif
