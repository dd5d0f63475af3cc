/* SPDX-License-Identifier: Apache-2.0 */
/* resources.h: reads the resources of process and system and records them as SAMPLE and SYSTEM documents. The sampler only. */
#ifndef PT_RESOURCES_H
#define PT_RESOURCES_H

#include <stdint.h>

struct pt_thread;

void pt_resources_record_process(struct pt_thread *internal, int64_t now_ns);
void pt_resources_record_system(struct pt_thread *internal, int64_t now_ns);
/* The calling thread is the sampler: its CPU time is our own cost. */
void pt_resources_own_clock(void);
void pt_resources_forget(void);

#endif
