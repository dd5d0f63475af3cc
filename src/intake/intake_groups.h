/* SPDX-License-Identifier: Apache-2.0 */
/* intake_groups.h: feeds what verdicts are drawn from: calls by namespace (call_group.h), what the
 * threads did over the course of the run, and the memory of the process (activity.h). */
#ifndef PHASETAP_INTAKE_GROUPS_H
#define PHASETAP_INTAKE_GROUPS_H

#include "intake/intake_state.h"

/* A span, whose thread and time are plausible. `own_ns` is its duration without waits and
 * connections. */
void pt_intake_group_span(struct pt_intake *intake, struct pt_recorded_thread *thread,
                          const struct pt_doc_span *span, int64_t own_ns, int32_t command);
void pt_intake_group_gap(struct pt_intake *intake, const struct pt_doc_gap *gap, int64_t cpu_ns);
void pt_intake_group_sample(struct pt_intake *intake, const struct pt_doc_sample *sample);

/* Moves everything into the model: part of pt_intake_close(). */
void pt_intake_close_groups(struct pt_intake *intake);

#endif
