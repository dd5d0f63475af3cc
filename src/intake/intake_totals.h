/* SPDX-License-Identifier: Apache-2.0 */
/* intake_totals.h: the handler of TOTAL documents: what a log's single documents leave out. */
#ifndef PHASETAP_INTAKE_TOTALS_H
#define PHASETAP_INTAKE_TOTALS_H

#include "intake/intake_state.h"
#include "log/log_layout.h"

void pt_intake_total(struct pt_intake *intake, const struct pt_record *record);

#endif
