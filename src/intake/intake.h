/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h: feeds the documents of one log into a model. Each document goes to the handler of its
 * kind: calls and gaps (intake_calls.c), connections (intake_connections.c), annotations
 * (intake_annotations.c); what concerns the whole process is handled in intake.c itself.
 */
#ifndef PHASETAP_INTAKE_H
#define PHASETAP_INTAKE_H

#include "intake/intake_state.h"
#include "log/log_layout.h"

/* A handler for pt_log_walk(); the context is the struct pt_intake. Always returns 0: a document
 * that makes no sense is counted and left out. */
int pt_intake_record(void *context, const struct pt_record *record);

/* At the end of the log: closes what is still open, resolves names, merges everything into the
 * model and releases the state. */
void pt_intake_close(struct pt_intake *intake);

#endif
