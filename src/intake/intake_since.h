/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_since.h: reports over the end of a run only, from `since_ns` of the model on: what began
 * earlier is left out, whole. The process counts as started then.
 */
#ifndef PHASETAP_INTAKE_SINCE_H
#define PHASETAP_INTAKE_SINCE_H

#include "intake/intake_state.h"
#include "log/log_layout.h"

/* True: the document belongs to what is left out. What preceded a span that is left out (errors and
 * write counts have no time of their own) is dropped with it. */
bool pt_intake_is_before(struct pt_intake *intake, const struct pt_record *record);

/* Behind the manifest: moves the start of the process. */
void pt_intake_start_since(struct pt_intake *intake);

#endif
