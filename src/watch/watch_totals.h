/* SPDX-License-Identifier: Apache-2.0 */
/* watch_totals.h: documents that a log holds only as totals (docs/FORMAT.md, "Totals"), added to
 * the counts of their process. The totals name no call, so no thread's newest call is in them. */
#ifndef PHASETAP_WATCH_TOTALS_H
#define PHASETAP_WATCH_TOTALS_H

#include "watch/watch_counts.h"

/* A document of kind PT_KIND_TOTAL. */
void pt_watch_take_total(struct pt_watch_counts *counts, const struct pt_record *record);

#endif
