/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_writes.h: what a call wrote, what it left undone, and its shares in other phases: the
 * documents that come before its span. Counts go into their phase and namespace at once and not
 * with the span, which the log may not hold.
 */
#ifndef PHASETAP_INTAKE_WRITES_H
#define PHASETAP_INTAKE_WRITES_H

#include <phasetap/total_format.h>

#include "intake/intake_state.h"

/* Whether a phase has entries in the report. */
bool pt_intake_is_reported(int32_t phase);

void pt_intake_write(struct pt_intake *intake, const struct pt_doc_write *write);
void pt_intake_left(struct pt_intake *intake, const struct pt_doc_left *left);
/* Writes inside a transaction: they count as done once a document says that it was committed. */
void pt_intake_transaction(struct pt_intake *intake, const struct pt_doc_txn *txn);
/* The same of the totals; `name_space` PT_TOTAL_ALL_NAMESPACES: of the whole phase. */
void pt_intake_transaction_total(struct pt_intake *intake, uint32_t name_space, int32_t phase_id,
                                 const struct pt_total_txn *total);
void pt_intake_part(struct pt_intake *intake, const struct pt_doc_part *part);

/* Puts what came of the call in that phase into `detail`. */
void pt_intake_take_share(const struct pt_recorded_thread *thread, int32_t phase,
                          struct pt_call_detail *detail);

#endif
