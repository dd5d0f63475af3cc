/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison on a terminal or in a pipe. */
#include <stdlib.h>
#include <string.h>

#include "diff/diff_figures.h"
#include "diff/diff_views.h"
#include "render/columns.h"
#include "text/human.h"
#include "text/safe_text.h"

#define VERDICT_COLUMNS 8  /* with the blanks behind it */
#define NAME_COLUMNS    18 /* that of "Document Insertion" */
#define FIGURE_COLUMNS  46 /* behind the name */
#define NAME_BYTES      1024
#define LINE_BYTES      256
#define ROWS_COMPARED   300

/* The columns of names: as wide as the longest, or as the page allows. */
struct names {
    int columns;
    bool cut;
};

static const char *safe_name(const struct pt_diff_row *row, const struct names *names, char *text)
{
    char whole[NAME_BYTES];
    pt_safe_text(whole, sizeof whole - 8, row->name);
    if (names->cut && pt_text_columns(whole) > names->columns) {
        pt_name_cut(text, whole, names->columns);
    } else {
        strcpy(text, whole);
    }
    return text;
}

static int longest_name(const struct pt_diff *diff)
{
    const struct names whole = {.cut = false};
    char text[NAME_BYTES];
    int longest = NAME_COLUMNS;
    for (size_t i = 0; i < diff->count; i++) {
        int columns = pt_text_columns(safe_name(&diff->rows[i], &whole, text));
        longest = columns > longest && !diff->rows[i].small ? columns : longest;
    }
    return longest;
}

/* Two names that would look alike stay whole; so do those of a table too long to look through. */
static bool look_alike(const struct pt_diff *diff, const struct names *names)
{
    char one[NAME_BYTES];
    char other[NAME_BYTES];
    if (diff->count > ROWS_COMPARED) {
        return true;
    }
    for (size_t i = 0; i < diff->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(safe_name(&diff->rows[i], names, one),
                       safe_name(&diff->rows[j], names, other)) == 0) {
                return true;
            }
        }
    }
    return false;
}

static struct names plan_names(const struct pt_diff *diff, const struct pt_page *page)
{
    struct names names = {.columns = longest_name(diff)};
    int room = page->width - VERDICT_COLUMNS - FIGURE_COLUMNS;
    room = room < PT_NAME_LEAST ? PT_NAME_LEAST : room;
    if (!page->whole && !pt_page_is_narrow(page) && names.columns > room) {
        struct names cut = {.columns = room, .cut = true};
        return look_alike(diff, &cut) ? names : cut;
    }
    return names;
}

static const char *word_of(const struct pt_diff_row *row)
{
    static const char *const loud[] = {[PT_ROW_SLOWER] = "SLOWER",
                                       [PT_ROW_FASTER] = "FASTER",
                                       [PT_ROW_MORE] = "MORE",
                                       [PT_ROW_LESS] = "LESS"};
    bool changed = row->verdict != PT_ROW_SAME && row->verdict != PT_ROW_UNCLEAR;
    return changed ? loud[row->verdict] : pt_diff_word(row->verdict);
}

static void put_word(const struct pt_page *page, const struct pt_diff_row *row)
{
    const char *word = word_of(row);
    bool worse = row->verdict == PT_ROW_SLOWER || row->verdict == PT_ROW_MORE;
    pt_page_put(page, worse ? PT_WARN : PT_PLAIN, word);
    pt_page_pad(page, VERDICT_COLUMNS - (int)strlen(word));
}

static void put_figures(const struct pt_page *page, const struct pt_diff_row *row)
{
    char a[PT_DIFF_FIGURE_BYTES];
    char b[PT_DIFF_FIGURE_BYTES];
    char change[PT_DIFF_FIGURE_BYTES];
    char range[PT_DIFF_FIGURE_BYTES];
    char line[LINE_BYTES];
    pt_diff_pair(row, a, b);
    pt_diff_range(row, range);
    snprintf(line, sizeof line, "%9s%11s%9s%s%s\n", a, b, pt_diff_change(row, change),
             range[0] != '\0' ? "  " : "", range);
    pt_page_put(page, PT_PLAIN, line);
}

static void put_row(const struct pt_page *page, const struct pt_diff_row *row,
                    const struct names *names)
{
    char name[NAME_BYTES];
    put_word(page, row);
    safe_name(row, names, name);
    pt_page_put(page, PT_PLAIN, name);
    pt_page_pad(page, names->columns - pt_text_columns(name));
    put_figures(page, row);
}

/* On a narrow page: the verdict and the name, and the figures below. */
static void put_block(const struct pt_page *page, const struct pt_diff_row *row,
                      const struct names *names)
{
    char name[NAME_BYTES];
    char a[PT_DIFF_FIGURE_BYTES];
    char b[PT_DIFF_FIGURE_BYTES];
    char change[PT_DIFF_FIGURE_BYTES];
    char line[LINE_BYTES];
    put_word(page, row);
    pt_page_put(page, PT_PLAIN, safe_name(row, names, name));
    pt_diff_pair(row, a, b);
    snprintf(line, sizeof line, "\n  %s -> %s  %s\n", a, b, pt_diff_change(row, change));
    pt_page_put(page, PT_PLAIN, line);
}

static void put_heading(const struct pt_page *page, const struct names *names)
{
    char line[LINE_BYTES];
    pt_page_pad(page, VERDICT_COLUMNS + names->columns);
    snprintf(line, sizeof line, "%9s%11s%9s%14s\n", "A median", "B median", "change", "95 % range");
    pt_page_put(page, PT_BOLD, line);
}

static void put_rest(const struct pt_page *page, const struct pt_diff *diff, size_t rest)
{
    char line[LINE_BYTES];
    char floor[PT_DIFF_FLOOR_BYTES];
    if (rest > 0) {
        snprintf(line, sizeof line, "        %zu more, under %s in every run\n", rest,
                 pt_diff_floor(diff, floor));
        pt_page_put(page, PT_PLAIN, line);
    }
}

static void put_table(const struct pt_page *page, const struct pt_diff *diff)
{
    struct names names = plan_names(diff, page);
    bool narrow = pt_page_is_narrow(page);
    size_t rest = 0;
    if (!narrow) {
        put_heading(page, &names);
    }
    for (size_t i = 0; i < diff->count; i++) {
        const struct pt_diff_row *row = &diff->rows[i];
        if (row->kind != PT_ROW_PHASE && row->kind != PT_ROW_RUN && rest > 0) {
            put_rest(page, diff, rest);
            rest = 0;
        }
        if (row->small) {
            rest++;
        } else if (row->has_a || row->has_b) {
            (narrow ? put_block : put_row)(page, row, &names);
        }
    }
}

static void put_side(const struct pt_page *page, const struct pt_diff *diff, bool second)
{
    char facts[PT_DIFF_SENTENCE_BYTES];
    char others[PT_DIFF_SENTENCE_BYTES];
    char text[NAME_BYTES];
    const struct pt_side *side = second ? diff->b : diff->a;
    int columns = (int)(strlen(diff->a->name) > strlen(diff->b->name) ? strlen(diff->a->name)
                                                                      : strlen(diff->b->name));
    pt_diff_facts(side, facts);
    pt_diff_facts(diff->a, others);
    snprintf(text, sizeof text, "%c %-*s  %zu %s   %s", second ? 'B' : 'A',
             columns > 200 ? 0 : columns, side->name, side->count,
             side->count == 1 ? "run " : "runs",
             second && strcmp(facts, others) == 0 ? "the same" : facts);
    char safe[2 * NAME_BYTES];
    pt_page_put(page, PT_PLAIN, pt_safe_text(safe, sizeof safe, text));
    pt_page_put(page, PT_PLAIN, "\n");
}

static void put_sentence(const struct pt_page *page, const char *text)
{
    struct pt_paragraph paragraph = {.first = "", .text = text};
    if (text[0] != '\0') {
        pt_page_paragraph(page, &paragraph);
    }
}

static void put_check(const struct pt_page *page, const struct pt_check *check)
{
    char first[32];
    char text[PT_RULE_TEXT_BYTES + PT_CHECK_BYTES + 8];
    snprintf(first, sizeof first, "  %-11s  ", pt_check_word(check->result));
    snprintf(text, sizeof text, "%s (%s)", check->rule->text, check->found);
    struct pt_paragraph line = {.first = first,
                                .first_style =
                                    check->result == PT_CHECK_PASSED ? PT_PLAIN : PT_WARN,
                                .indent = 15,
                                .text = text};
    pt_page_paragraph(page, &line);
}

void pt_diff_text(const struct pt_diff_view *view, const struct pt_page *page)
{
    char text[PT_DIFF_SENTENCE_BYTES];
    put_side(page, view->diff, false);
    put_side(page, view->diff, true);
    pt_page_put(page, PT_PLAIN, "\n");
    put_table(page, view->diff);
    pt_page_put(page, PT_PLAIN, "\n");
    pt_diff_cause(view->diff, text);
    put_sentence(page, text);
    pt_diff_advice(view->diff, text);
    put_sentence(page, text);
    pt_diff_legend(view->diff, text);
    put_sentence(page, text);
    if (view->check_count > 0) {
        pt_page_put(page, PT_BOLD, "\nFail on\n");
    }
    for (size_t i = 0; i < view->check_count; i++) {
        put_check(page, &view->checks[i]);
    }
}
