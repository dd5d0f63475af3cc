/* SPDX-License-Identifier: Apache-2.0 */
/* What text views are laid out with: pages, paragraphs, names that are cut, shares that add up, and
 * tables. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/shares.h"
#include "render/table.h"

static char *printed;
static size_t printed_bytes;

static struct pt_page page_of(int width, bool terminal)
{
    struct pt_page page;
    char columns[16];
    snprintf(columns, sizeof columns, "%d", width);
    struct pt_page_facts facts = {.terminal = terminal, .columns = columns, .term = "xterm"};
    pt_page_decide(&page, open_memstream(&printed, &printed_bytes), PT_COLOURS_NEVER, &facts);
    return page;
}

static void check_printed(struct pt_page *page, const char *expected)
{
    fclose(page->out);
    cr_assert(eq(str, printed, (char *)expected));
    free(printed);
}

/* ---- page ---- */

static int width_for(bool terminal, const char *columns, int of_terminal)
{
    struct pt_page page;
    struct pt_page_facts facts = {
        .terminal = terminal, .columns = columns, .terminal_columns = of_terminal};
    pt_page_decide(&page, stdout, PT_COLOURS_AUTO, &facts);
    return page.width;
}

Test(page, the_width_is_that_of_columns_then_of_the_terminal)
{
    cr_assert(eq(int, width_for(true, "120", 90), 120));
    cr_assert(eq(int, width_for(true, NULL, 90), 90));
    cr_assert(eq(int, width_for(true, "", 90), 90));
    cr_assert(eq(int, width_for(true, "12x", 90), 90));
    cr_assert(eq(int, width_for(true, "-5", 90), 90));
    cr_assert(eq(int, width_for(true, NULL, 0), 80));
    cr_assert(eq(int, width_for(true, "500", 0), 160));
    cr_assert(eq(int, width_for(true, "1", 0), PT_PAGE_LEAST));
}

Test(page, a_pipe_is_as_wide_everywhere)
{
    cr_assert(eq(int, width_for(false, NULL, 0), 100));
    cr_assert(eq(int, width_for(false, "60", 60), 100));
}

static bool coloured(bool terminal, const char *term, const char *no_color, enum pt_colours choice)
{
    struct pt_page page;
    struct pt_page_facts facts = {.terminal = terminal, .term = term, .no_color = no_color};
    pt_page_decide(&page, stdout, choice, &facts);
    return page.colour;
}

Test(page, colours_are_for_terminals_that_want_them)
{
    cr_assert(coloured(true, "xterm", NULL, PT_COLOURS_AUTO));
    cr_assert(coloured(true, "xterm", "", PT_COLOURS_AUTO));
    cr_assert(not(coloured(true, "xterm", "1", PT_COLOURS_AUTO)));
    cr_assert(not(coloured(true, "dumb", NULL, PT_COLOURS_AUTO)));
    cr_assert(not(coloured(true, NULL, NULL, PT_COLOURS_AUTO)));
    cr_assert(not(coloured(false, "xterm", NULL, PT_COLOURS_AUTO)));
    cr_assert(coloured(false, "dumb", "1", PT_COLOURS_ALWAYS));
    cr_assert(not(coloured(true, "xterm", NULL, PT_COLOURS_NEVER)));
}

/* ---- paragraphs ---- */

Test(paragraph, breaks_between_words_and_never_before_a_unit)
{
    struct pt_page page = page_of(30, true);
    struct pt_paragraph p = {
        .first = "1 ", .indent = 2, .tag = "[likely]", .text = "It fills 3.03 s of it, 27 % less."};
    pt_page_paragraph(&page, &p);
    p = (struct pt_paragraph){.indent = 2, .text = "Twenty-seven columns, and 4m 05s."};
    pt_page_paragraph(&page, &p);
    check_printed(&page, "1 It fills 3.03 s of  [likely]\n"
                         "  it, 27 % less.\n"
                         "  Twenty-seven columns, and\n"
                         "  4m 05s.\n");
}

Test(paragraph, a_word_longer_than_the_line_stands_alone)
{
    struct pt_page page = page_of(24, true);
    struct pt_paragraph p = {.indent = 2, .text = "in abcdefghijklmnopqrstuvwxyz.collection now"};
    pt_page_paragraph(&page, &p);
    check_printed(&page, "  in\n  abcdefghijklmnopqrstuvwxyz.collection\n  now\n");
}

Test(paragraph, shows_control_characters_as_escapes)
{
    struct pt_page page = page_of(60, true);
    struct pt_paragraph p = {.text = "a\x1b[2Jb \xe2\x80\xae"
                                     "c \x9b"};
    pt_page_paragraph(&page, &p);
    check_printed(&page, "a\\u001b[2Jb \\u202ec \\x9b\n");
}

/* ---- names ---- */

static void check_cut(const char *name, int columns, const char *expected)
{
    char text[128];
    pt_name_cut(text, name, columns);
    cr_assert(eq(str, text, (char *)expected));
    cr_assert(le(int, pt_text_columns(text), columns));
}

Test(columns, names_are_cut_in_their_middle)
{
    check_cut("clinic.patients_masked", 24, "clinic.patients_masked");
    check_cut("clinic_production.patients_masked_v2", 26, "clin...patients_masked_v2");
    check_cut("clinic_production.patients_masked_v2", 24, "clin...atients_masked_v2");
}

Test(columns, wide_and_combining_characters_count_as_they_are_shown)
{
    cr_assert(eq(int, pt_text_columns("e\xcc\x81"), 1));
    cr_assert(eq(int, pt_text_columns("\xe6\x82\xa3\xe8\x80\x85"), 4));
    cr_assert(eq(sz, pt_text_fit("\xe6\x82\xa3\xe8\x80\x85", 3), 3));
    check_cut("db.\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85"
              "\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85",
              24,
              "db...\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85"
              "\xe6\x82\xa3\xe8\x80\x85\xe6\x82\xa3\xe8\x80\x85");
}

/* ---- shares ---- */

static int sum_of_shares(const int64_t *values, size_t count, int total)
{
    int shares[PT_SHARES_HIGHEST];
    int sum = 0;
    pt_shares(values, count, total, shares);
    for (size_t i = 0; i < count; i++) {
        double all = 0.0;
        for (size_t j = 0; j < count; j++) {
            all += (double)values[j];
        }
        double exact = (double)values[i] / all * total;
        cr_assert(lt(dbl, exact - shares[i], 1.0));
        cr_assert(lt(dbl, shares[i] - exact, 1.0));
        sum += shares[i];
    }
    return sum;
}

Test(shares, add_up_and_are_never_off_by_one)
{
    const int64_t thirds[] = {1, 1, 1};
    const int64_t sevenths[] = {1, 1, 1, 1, 1, 1, 1};
    const int64_t far[] = {INT64_MAX, 1, INT64_MAX / 2, 0};
    cr_assert(eq(int, sum_of_shares(thirds, 3, 1000), 1000));
    cr_assert(eq(int, sum_of_shares(sevenths, 7, 1000), 1000));
    cr_assert(eq(int, sum_of_shares(far, 4, 32), 32));
}

Test(shares, of_nothing_are_nothing)
{
    const int64_t none[] = {0, -5};
    int shares[2] = {7, 7};
    pt_shares(none, 2, 1000, shares);
    cr_assert(eq(int, shares[0], 0));
    cr_assert(eq(int, shares[1], 0));
}

/* ---- tables ---- */

static const struct pt_column COLUMNS[] = {
    {.head = "Phase", .name = true},
    {.head = "calls", .right = true, .after = " calls"},
    {.head = "time", .right = true},
    {.head = "p50", .right = true, .rank = 1, .base = true, .before = "p50 ", .begins_line = true},
    {.head = "p95", .right = true, .rank = 2, .eager = true, .before = "p95 "},
    {.head = "failed", .right = true, .rank = 3, .after = " failed"},
};

static void print_table(struct pt_page *page, const char *const *cells, size_t count)
{
    struct pt_table table;
    pt_table_init(&table, COLUMNS, 6);
    for (size_t i = 0; i < count; i++) {
        if (i % 6 == 0) {
            pt_table_name(&table, "", cells[i]);
        } else {
            pt_table_cell(&table, cells[i]);
        }
    }
    pt_table_plan(&table, page);
    pt_table_print(&table, page, NULL, NULL);
    pt_table_release(&table);
}

static const char *const TWO[] = {"Document Query", "1,200", "3.03 s", "1.10 ms", "12.0 ms", "0",
                                  "2 more",         "3",     "15 ms",  "-",       "-",       "0"};

Test(table, numbers_stand_right_and_names_left)
{
    struct pt_page page = page_of(80, true);
    print_table(&page, TWO, 12);
    check_printed(&page, "Phase           calls    time      p50      p95  failed\n"
                         "Document Query  1,200  3.03 s  1.10 ms  12.0 ms       0\n"
                         "2 more              3   15 ms        -        -       0\n");
}

Test(table, a_column_with_nothing_in_it_is_left_out)
{
    static const char *const cells[] = {"a", "1", "2 s", "-", "", "0"};
    struct pt_page page = page_of(80, true);
    print_table(&page, cells, 6);
    check_printed(&page, "Phase  calls  time  failed\n"
                         "a          1   2 s       0\n");
}

Test(table, columns_go_before_names_are_cut)
{
    static const char *const cells[] = {
        "clinic_production.patients_masked_v2_", "1", "2 s", "1.10 ms", "12.0 ms", "0"};
    struct pt_page page = page_of(70, true);
    print_table(&page, cells, 6);
    check_printed(&page, "Phase                                  calls  time      p50      p95\n"
                         "clinic_production.patients_masked_v2_      1   2 s  1.10 ms  12.0 ms\n");
    page = page_of(60, true);
    print_table(&page, cells, 6);
    check_printed(&page, "Phase                                  calls  time      p50\n"
                         "clinic_production.patients_masked_v2_      1   2 s  1.10 ms\n");
}

Test(table, names_that_would_look_alike_stay_whole)
{
    static const char *const cells[] = {
        "clinic_first_of_the_university_hospitals.patients_masked_v2",  "1", "2 s", "-", "-", "0",
        "clinic_other_of_the_university_hospitals.patients_masked_v2",  "3", "4 s", "-", "-", "0",
        "archive_of_last_year_in_the_first_hospital.encounters_masked", "5", "6 s", "-", "-", "0"};
    struct pt_page page = page_of(60, true);
    print_table(&page, cells, 18);
    check_printed(&page, "Phase                                            calls  time\n"
                         "clinic_first_of_the_university_hospitals.patients_masked_v2\n"
                         "                                                     1   2 s\n"
                         "clinic_other_of_the_university_hospitals.patients_masked_v2\n"
                         "                                                     3   4 s\n"
                         "arch..._in_the_first_hospital.encounters_masked      5   6 s\n");
}

Test(table, a_pipe_shows_names_whole)
{
    char name[300];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    const char *cells[] = {"a", "1", "2 s", "-", "-", "0", name, "1", "2 s", "-", "-", "0"};
    struct pt_page page = page_of(0, false);
    print_table(&page, cells, 12);
    fclose(page.out);
    cr_assert(ne(ptr, strstr(printed, name), NULL));
    cr_assert(eq(ptr, strstr(printed, "..."), NULL));
    cr_assert(eq(sz, strcspn(printed, "\n"), 100));
    free(printed);
}

Test(table, a_narrow_page_has_blocks)
{
    struct pt_page page = page_of(59, true);
    print_table(&page, TWO, 12);
    check_printed(&page, "Phase\n"
                         "Document Query\n"
                         "  1,200 calls  3.03 s\n"
                         "  p50 1.10 ms  p95 12.0 ms  0 failed\n"
                         "2 more\n"
                         "  3 calls  15 ms  0 failed\n");
}
