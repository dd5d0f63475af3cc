/* SPDX-License-Identifier: Apache-2.0 */
/* intake_calls.h: handlers of the documents of calls and of the gaps between them, which are most
 * of a log. */
#ifndef PHASETAP_INTAKE_CALLS_H
#define PHASETAP_INTAKE_CALLS_H

#include <phasetap/partition.h>

#include "intake/intake_state.h"

/* Adds to the parts of a thread's time. */
void pt_intake_partition(struct pt_recorded_thread *thread, const struct pt_partition *p);

void pt_intake_span(struct pt_intake *intake, const struct pt_doc_span *span);
void pt_intake_gap(struct pt_intake *intake, const struct pt_doc_gap *gap);
void pt_intake_command(struct pt_intake *intake, const struct pt_doc_command *command);
void pt_intake_error(struct pt_intake *intake, const struct pt_doc_error *error);

#endif
