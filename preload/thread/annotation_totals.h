/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotation_totals.h: number, sum, minimum and maximum of the completed entries of each annotated
 * phase, so that phasetap_phase_summary can answer inside the process without reading the log.
 *
 * Of the process, not of one thread; any thread, no lock. A table of fixed size: phases beyond it
 * have no totals, and the report, which reads the log, still has them.
 */
#ifndef PT_ANNOTATION_TOTALS_H
#define PT_ANNOTATION_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

struct pt_annotation_totals {
    int64_t count, total_ns, min_ns, max_ns;
};

/* `phase` is an id of log/name_ids.h. */
void pt_annotation_totals_add(int32_t phase, int64_t duration_ns);
/* False when no entry of the phase was completed, or it has no totals. The four numbers are read
 * one by one, while other threads may add. */
bool pt_annotation_totals_read(int32_t phase, struct pt_annotation_totals *totals);
/* In the child of a fork: its parent's entries are not its own. */
void pt_annotation_totals_forget(void);

#endif
