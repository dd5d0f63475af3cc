/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_view.h: what a screen of the watched processes shows, as rows of text: no terminal, no
 * clock, so that it can be tested. watch_screen.h puts the rows on a terminal.
 *
 * One process is shown with its parts and threads, several as one row each until one is opened.
 * Rows fit the given width, in columns of a terminal, and the given height; on a small one parts
 * go first, then threads, and never the run, its documents and its errors. Texts of a log have
 * passed safe_text.h. A figure that cannot be told yet is "-". One thread.
 */
#ifndef PHASETAP_WATCH_VIEW_H
#define PHASETAP_WATCH_VIEW_H

#include "watch/view_rows.h"
#include "watch/watch_list.h"

/* Fills `view`, whose width and height are set. Limits `state->scroll` to what there is. */
void pt_watch_view(struct pt_view *view, const struct pt_watch_list *list,
                   struct pt_view_state *state);

#endif
