/* SPDX-License-Identifier: Apache-2.0 */
/* intake_annotations.h: handlers of the documents of the annotation interface. */
#ifndef PHASETAP_INTAKE_ANNOTATIONS_H
#define PHASETAP_INTAKE_ANNOTATIONS_H

#include "intake/intake_state.h"
#include "log/log_layout.h"

void pt_intake_begin(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_finish(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_misuse(struct pt_intake *intake, const struct pt_record *record);
/* At the end of the log, when all names are known. */
void pt_intake_close_misuses(struct pt_intake *intake);
void pt_intake_reset(struct pt_intake *intake, const struct pt_record *record);
void pt_intake_throughput(struct pt_intake *intake, const struct pt_record *record);

/* Annotated phases that the thread never left become open entries. */
void pt_intake_close_open(struct pt_intake *intake, struct pt_recorded_thread *thread);

#endif
