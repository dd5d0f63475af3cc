/* SPDX-License-Identifier: Apache-2.0 */
/* watch_take.h: adds one document of a log to the counts of its process. */
#ifndef PHASETAP_WATCH_TAKE_H
#define PHASETAP_WATCH_TAKE_H

#include "watch/watch_counts.h"

/* The document's layout was checked (log_layout.h). Kinds that no view needs change nothing. */
void pt_watch_take(struct pt_watch_counts *counts, const struct pt_record *record);

#endif
