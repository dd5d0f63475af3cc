/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view_rows.h: the rows of a watch screen (watch_view.h), how its sections put them, and the texts
 * that several need. One thread.
 */
#ifndef PHASETAP_VIEW_ROWS_H
#define PHASETAP_VIEW_ROWS_H

#include "render/figures.h"
#include "render/page.h"
#include "text/usage.h"
#include "watch/watch_figures.h"

#define PT_VIEW_ROWS  200
#define PT_VIEW_BYTES 1024
#define PT_VIEW_WIDTH 200 /* columns at most */

/* What the user has chosen. */
struct pt_view_state {
    size_t opened; /* a process, from 1 on; 0: all of them, where there are several */
    size_t scroll; /* rows of the table that are above the screen */
    bool busiest;  /* threads by documents, not by number */
    bool paused;
    int64_t total; /* documents that all processes together are to do, 0: not known */
};

struct pt_view {
    int width, height;
    int count;
    struct {
        char text[PT_VIEW_BYTES];
        enum pt_style style;
    } rows[PT_VIEW_ROWS];
    size_t table_rows; /* of the whole table: how far can be scrolled */
};

/* Adds a row, cut to the width of the view; nothing once its height is reached. What is put passes
 * safe_text.h. */
void pt_view_put(struct pt_view *view, enum pt_style style, const char *format, ...)
    PT_PRINTF(3, 4);

/* Rows that are free above the last one, which is for the keys. */
int pt_view_room(const struct pt_view *view);

/* "2m 40s", rounded to what an estimate can carry: 10 s below 5 minutes, else a minute; "-". */
const char *pt_view_left(char *text, int64_t left_ns);

/* Name of the program, at most PT_VIEW_BYTES; returns `text`. */
const char *pt_view_program(char *text, const struct pt_process *process);

#endif
