/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotation_totals.h: number, sum, minimum and maximum of the completed entries of each annotated
 * phase, so that the program can ask inside the process, without reading the log.
 *
 * Of the process, not of one thread; any thread. A table of PT_TOTALS_MAX phases with an index of
 * its own, in the order in which they first ended: ids of phases are shared with namespaces, of
 * which there may be any number. Finding a phase takes no lock, adding one a lock that is given up
 * after a bounded time. Phases beyond the table have no totals; the report still has them.
 */
#ifndef PT_ANNOTATION_TOTALS_H
#define PT_ANNOTATION_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#define PT_TOTALS_MAX 4096u /* phases */

struct pt_annotation_totals {
    int64_t count, total_ns, min_ns, max_ns;
};

/* `phase` is an id of log/name_ids.h. False: there was no room for one more phase. */
bool pt_annotation_totals_add(int32_t phase, int64_t duration_ns);

/* Number of phases that were ever added. */
unsigned pt_annotation_totals_phases(void);
/* The phase at an index below that number, and its totals. False when no entry of it was completed
 * since the last reset. The four numbers are read one by one, while other threads may add. */
bool pt_annotation_totals_at(unsigned index, int32_t *phase, struct pt_annotation_totals *totals);

/* All totals to zero, recognised ones too, and entries forgotten: only what begins at `now_ns` or
 * later counts. An entry that ends meanwhile may be counted in part. */
void pt_annotation_totals_reset(int64_t now_ns);
/* The moment of the last reset, 0: there was none. */
int64_t pt_annotation_totals_since(void);
/* In the child of a fork: its parent's entries, annotated and recognised, are not its own. */
void pt_annotation_totals_forget(void);

#endif
