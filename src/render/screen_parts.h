/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen_parts.h: what the sections of the summary share: the facts that several need, and how they
 * put lines and headings. Each section is a file of its own (screen_sections.h). One thread.
 */
#ifndef PHASETAP_SCREEN_PARTS_H
#define PHASETAP_SCREEN_PARTS_H

#include "insight/insight.h"
#include "model/model_sums.h"
#include "model/model_view.h"
#include "model/process_links.h"
#include "render/figures.h"
#include "render/page.h"
#include "render/screen_options.h"
#include "render/table.h"

#define PT_TENTHS        1000 /* of a percent, in 100 % */
#define PT_ROWS_FIT      8    /* rows of a table on one screen, "n more" not counted */
#define PT_SCREEN_LINES  36   /* of one screen; beyond them collections are left out */
#define PT_LABEL_COLUMNS 8    /* of "Errors", "Log" */

struct pt_screen {
    const struct pt_model *model; /* that of `view` if one namespace is shown */
    struct pt_model_view view;
    const struct pt_page *page; /* NULL for JSON */
    const struct pt_screen_options *options;
    struct pt_insights insights;
    struct pt_time_use time; /* of all threads */
    struct pt_profiler_cost cost;
    int64_t run_ns;   /* from the start of the first process to the end of the last */
    int64_t clock_ns; /* what reading the clock costs */
    int64_t threads;  /* that used the driver */
};

/* Rows of a table that are shown of `count`, the first `small` of which are worth a row of their
 * own: never all but one, which would take a line too. */
size_t pt_screen_rows(const struct pt_screen *screen, size_t count, size_t worth);

/* "Errors  text", at most the page's width; the lines after the first stand under the text. */
void pt_screen_line(const struct pt_screen *screen, const char *label, const char *text);

void pt_screen_heading(const struct pt_screen *screen, const char *text);
void pt_screen_blank(const struct pt_screen *screen);

/* True for the phase that phasetap recognises under that name, whatever the report calls it. */
bool pt_screen_is_phase(const struct pt_phase_stats *phase, const char *name);

/* What the run read, wrote and removed, and what did not come of it. */
struct pt_screen_documents {
    int64_t read, written, removed;
    struct pt_outcome outcome; /* of all writes */
    bool writes;               /* it has written, or tried to */
};
struct pt_screen_documents pt_screen_documents(const struct pt_model *model);

/* The letter of a part, its name ("application computing") and its short name ("computing"). */
struct pt_part_words {
    char letter;
    const char *name, *brief;
};
const struct pt_part_words *pt_part_words(enum pt_part part);

#endif
