/* SPDX-License-Identifier: Apache-2.0 */
/* resources.h: reads the resources of process and system and records them as SAMPLE and SYSTEM
 * documents. The sampler only. */
#ifndef PT_RESOURCES_H
#define PT_RESOURCES_H

#include <stdbool.h>
#include <stdint.h>

struct pt_thread;

/* A whole sample reads everything; others repeat threads, I/O and own CPU of the last whole one,
 * whose files cost five times the rest. */
void pt_resources_record_process(struct pt_thread *internal, int64_t now_ns, bool whole);
void pt_resources_record_system(struct pt_thread *internal, int64_t now_ns);
/* Called by the sampler thread, whose CPU time is our own cost. */
void pt_resources_own_thread(void);
void pt_resources_forget(void);
/* Threads of the process, a leader that has left included. */
int32_t pt_resources_thread_count(void);

#endif
