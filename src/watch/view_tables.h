/* SPDX-License-Identifier: Apache-2.0 */
/* view_tables.h: the tables of a watch screen. For watch_view.c. One thread. */
#ifndef PHASETAP_VIEW_TABLES_H
#define PHASETAP_VIEW_TABLES_H

#include "watch/view_rows.h"
#include "watch/watch_figures.h"
#include "watch/watch_list.h"

/* Where the time of what ended in the window went, the longest part first. */
void pt_view_parts(struct pt_view *view, const struct pt_watch_figures *figures);
/* The living threads, as many as the screen has room for. */
void pt_view_threads(struct pt_view *view, const struct pt_watch_process *watched,
                     const struct pt_watch_figures *figures, struct pt_view_state *state);
/* One row for each process. */
void pt_view_processes(struct pt_view *view, const struct pt_watch_list *list,
                       struct pt_view_state *state);

#endif
