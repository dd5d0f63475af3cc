/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison as Markdown, for the summary of a build. */
#include <string.h>

#include "diff/diff_figures.h"
#include "diff/diff_views.h"
#include "text/human.h"
#include "text/safe_text.h"

#define TEXT_BYTES 512

/* Markdown and the HTML in it get no character of a name that means something to them. */
static void put_text(FILE *out, const char *text)
{
    char safe[TEXT_BYTES];
    pt_safe_text(safe, sizeof safe, text);
    for (const char *at = safe; *at != '\0'; at++) {
        if (*at == '<' || *at == '>' || *at == '&') {
            fprintf(out, "&#%d;", *at);
        } else {
            if (strchr("\\`*_{}[]()#|~!", *at) != NULL) {
                fputc('\\', out);
            }
            fputc(*at, out);
        }
    }
}

static void put_side(FILE *out, char letter, const struct pt_side *side)
{
    fprintf(out, "%c %zu run%s, ", letter, side->count, side->count == 1 ? "" : "s");
}

static void put_title(FILE *out, const struct pt_diff *diff)
{
    char change[PT_DIFF_FIGURE_BYTES];
    bool equal;
    const struct pt_diff_row *run = &diff->rows[0];
    fprintf(out, "**phasetap: %s, whole run %s** (", pt_diff_word(run->verdict),
            pt_diff_change(run, change));
    put_side(out, 'A', diff->a);
    put_side(out, 'B', diff->b);
    fprintf(out, "%s documents)\n\n", PT_COUNT((int64_t)pt_side_documents(diff->a, &equal)));
}

static void put_row(FILE *out, const struct pt_diff_row *row)
{
    char a[PT_DIFF_FIGURE_BYTES];
    char b[PT_DIFF_FIGURE_BYTES];
    char change[PT_DIFF_FIGURE_BYTES];
    pt_diff_pair(row, a, b);
    fprintf(out, "| %s | ", pt_diff_word(row->verdict));
    put_text(out, row->name);
    fprintf(out, " | %s | %s | %s | ", a, b, pt_diff_change(row, change));
    if (row->has_range && row->b > 0.0) {
        fprintf(out, "%+.1f to %+.1f %%", 100.0 * row->low, 100.0 * row->high);
    } else {
        fputs("-", out);
    }
    fputs(" |\n", out);
}

static void put_table(FILE *out, const struct pt_diff *diff)
{
    size_t left_out = 0;
    size_t shown = 0;
    fputs("| verdict | phase | A | B | change | 95 % range |\n"
          "| --- | --- | ---: | ---: | ---: | ---: |\n",
          out);
    for (size_t i = 0; i < diff->count; i++) {
        const struct pt_diff_row *row = &diff->rows[i];
        bool phase = row->kind == PT_ROW_PHASE;
        if (phase && (row->small || shown >= PT_DIFF_MARKDOWN_ROWS)) {
            left_out++;
        } else if (row->has_a || row->has_b) {
            put_row(out, row);
            shown++;
        }
    }
    if (left_out > 0) {
        fprintf(out, "\n%zu more, short in every run or far down.\n", left_out);
    }
}

static void put_sentence(FILE *out, const char *text)
{
    if (text[0] != '\0') {
        fputc('\n', out);
        put_text(out, text);
        fputc('\n', out);
    }
}

static void put_checks(FILE *out, const struct pt_diff_view *view)
{
    if (view->check_count > 0) {
        fputs("\n| result | fail on | found |\n| --- | --- | --- |\n", out);
    }
    for (size_t i = 0; i < view->check_count; i++) {
        const struct pt_check *check = &view->checks[i];
        fprintf(out, "| %s | ",
                check->result == PT_CHECK_FAILED ? "failed" : pt_check_word(check->result));
        put_text(out, check->rule->text);
        fputs(" | ", out);
        put_text(out, check->found);
        fputs(" |\n", out);
    }
}

void pt_diff_markdown(const struct pt_diff_view *view, FILE *out)
{
    char text[PT_DIFF_SENTENCE_BYTES];
    put_title(out, view->diff);
    put_table(out, view->diff);
    pt_diff_cause(view->diff, text);
    put_sentence(out, text);
    pt_diff_advice(view->diff, text);
    put_sentence(out, text);
    put_checks(out, view);
}
