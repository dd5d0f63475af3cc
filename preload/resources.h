/* SPDX-License-Identifier: Apache-2.0 */
/* resources.h: reads the resources of process and system and records them as SAMPLE and SYSTEM documents. The sampler only. */
#ifndef PT_RESOURCES_H
#define PT_RESOURCES_H

#include <stdbool.h>
#include <stdint.h>

struct pt_thread;

void pt_resources_record_process(struct pt_thread *internal, int64_t now_ns);
void pt_resources_record_system(struct pt_thread *internal, int64_t now_ns);
/* Called by the sampler thread: its CPU time is our own cost. */
void pt_resources_note_own_cpu(void);
void pt_resources_forget(void);
/* Threads of the process, a leader that has left included. */
int32_t pt_resources_thread_count(void);
/* True when the main thread has ended while others run. */
bool pt_resources_leader_left(void);

#endif
