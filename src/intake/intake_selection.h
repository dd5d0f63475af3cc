/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_selection.h: reports over a part of a run: what one thread did (struct pt_selection), or
 * what began within some time. A call counts whole, by its begin. The process counts as started and
 * ended then.
 *
 * Counters that grow over the life of the process count from their last sample before the part. The
 * kernel's counts for a thread are used only if they were read twice within it. Totals of a log
 * that is full cannot be divided: they are left out, and counted as documents without an entry.
 */
#ifndef PHASETAP_INTAKE_SELECTION_H
#define PHASETAP_INTAKE_SELECTION_H

#include "intake/intake_state.h"
#include "log/log_layout.h"

/* Before the first document of a log. */
void pt_intake_select(struct pt_intake *intake);
/* Behind a manifest: moves the start of the process. */
void pt_intake_select_start(struct pt_intake *intake);
/* Behind the last document: moves its end. */
void pt_intake_select_end(struct pt_intake *intake);

/* Only if `selects` is set. True: the document belongs to what is left out, or is held until the
 * span of its call: what precedes a span (errors and write counts have no time of their own) counts
 * or is dropped with it. */
bool pt_intake_is_left_out(struct pt_intake *intake, const struct pt_record *record);

/* A moment, no earlier than the part's begin and no later than its end. */
int64_t pt_intake_selected(const struct pt_intake *intake, int64_t moment_ns);

#endif
