/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_views.h: a comparison as text, JSON or Markdown. `checks` are the outcomes of the rules of
 * --fail-on. Stream errors are left to the caller. One thread.
 */
#ifndef PHASETAP_DIFF_VIEWS_H
#define PHASETAP_DIFF_VIEWS_H

#include <stdio.h>

#include "diff/compare.h"
#include "gate/check.h"
#include "render/page.h"

struct pt_diff_view {
    const struct pt_diff *diff;
    const struct pt_check *checks;
    size_t check_count;
};

void pt_diff_text(const struct pt_diff_view *view, const struct pt_page *page);
void pt_diff_json(const struct pt_diff_view *view, FILE *out);
/* At most PT_DIFF_MARKDOWN_ROWS rows, so that it fits a summary of a build. */
#define PT_DIFF_MARKDOWN_ROWS 100
void pt_diff_markdown(const struct pt_diff_view *view, FILE *out);

/* diff_words.c: sentences that the views share. Each fills `text` (PT_DIFF_SENTENCE_BYTES). */
#define PT_DIFF_SENTENCE_BYTES 400
/* "masker, libmongoc 1.30.4, 120,000 documents each" */
void pt_diff_facts(const struct pt_side *side, char *text);
/* What the verdict on the whole run rests on, or what is missing for one. */
void pt_diff_advice(const struct pt_diff *diff, char *text);
/* Why the run is slower or faster, where one phase explains it; "" where none does. */
void pt_diff_cause(const struct pt_diff *diff, char *text);
/* The absolute floor of times: "50 ms". Holds PT_DIFF_FLOOR_BYTES. */
#define PT_DIFF_FLOOR_BYTES 32
const char *pt_diff_floor(const struct pt_diff *diff, char *text);
/* What "same" means here. */
void pt_diff_legend(const struct pt_diff *diff, char *text);

#endif
