/* SPDX-License-Identifier: Apache-2.0 */
/* intake_work.h: the tables of namespaces, servers and retries (model/work.h), filled from the
 * documents of calls. */
#ifndef PHASETAP_INTAKE_WORK_H
#define PHASETAP_INTAKE_WORK_H

#include "intake/intake_state.h"

/* A call that is an entry of a reported phase, without what it wrote. */
void pt_intake_work_call(struct pt_intake *intake, int32_t name_space, int32_t phase,
                         const struct pt_entry *entry);
/* Documents that the server acknowledged. */
void pt_intake_work_writes(struct pt_intake *intake, int32_t name_space, int32_t phase,
                           const int64_t writes[PT_WRITE_COUNTS]);

/* Operations that were not done. */
void pt_intake_work_left(struct pt_intake *intake, int32_t name_space, int32_t phase,
                         const struct pt_outcome *left);
/* A command, at its server, and as a retry if it is one. */
void pt_intake_work_command(struct pt_intake *intake, const struct pt_doc_command *command);

/* Phases whose documents are those that the server acknowledged. */
bool pt_intake_is_writing(int32_t phase);

/* At the end of the log: moves the tables into the model, and frees them. */
void pt_intake_close_work(struct pt_intake *intake);

#endif
