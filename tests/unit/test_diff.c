/* SPDX-License-Identifier: Apache-2.0 */
/* `diff` on runs whose distribution is known: no alarm without a difference, an alarm with one;
 * what is refused; the views. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff_check.h"
#include "diff/diff_views.h"
#include "diff_case.h"

#define PAIRS  20
#define SECOND 1000000000LL

static struct pt_side a, b;
static struct pt_diff diff;
static const struct pt_diff_floors FLOORS = {.ratio = -1.0, .ns = PT_FLOOR_TIME_DEFAULT};

static void end(void)
{
    pt_diff_release(&diff);
    pt_side_release(&a);
    pt_side_release(&b);
}

static void compare(void)
{
    a.name = "before/";
    b.name = "after/";
    cr_assert(pt_diff_make(&diff, &a, &b, &FLOORS));
}

TestSuite(diff, .fini = end);

static const struct pt_diff_row *row_of(const char *name)
{
    for (size_t i = 0; i < diff.count; i++) {
        if (strcmp(diff.rows[i].name, name) == 0) {
            return &diff.rows[i];
        }
    }
    return NULL;
}

static int verdict_of(const char *name)
{
    const struct pt_diff_row *row = row_of(name);
    cr_assert(ne(ptr, (void *)row, NULL), "%s", name);
    return row->verdict;
}

/* Rows that say that something changed. */
static int alarms(void)
{
    int count = 0;
    for (size_t i = 0; i < diff.count; i++) {
        enum pt_verdict_of_row verdict = diff.rows[i].verdict;
        count += verdict != PT_ROW_SAME && verdict != PT_ROW_UNCLEAR;
    }
    return count;
}

static void make_pair(int pair, int runs, struct made_run run, double slower)
{
    chance_start((uint64_t)pair + 1);
    for (int i = 0; i < runs; i++) {
        run.slower = 1.0;
        add_made_log(&a, &run);
        run.slower = slower;
        add_made_log(&b, &run);
    }
    compare();
}

static const struct made_run OF_SEVERAL = {.calls = 200, .between = 0.02, .within = 0.2};
static const struct made_run SINGLE = {.calls = 1500, .between = 0.005, .within = 0.2};

Test(diff, twenty_pairs_of_equal_sets_of_runs_raise_no_alarm)
{
    for (int pair = 0; pair < PAIRS; pair++) {
        make_pair(pair, 8, OF_SEVERAL, 1.0);
        cr_assert(not(diff.by_calls));
        cr_assert(eq(int, alarms(), 0), "pair %d", pair);
        end();
    }
}

Test(diff, twenty_sets_with_insertions_ten_percent_slower_raise_one)
{
    for (int pair = 0; pair < PAIRS; pair++) {
        make_pair(pair, 8, OF_SEVERAL, 1.1);
        cr_assert(eq(int, verdict_of("Document Insertion"), PT_ROW_SLOWER), "pair %d", pair);
        cr_assert(ne(int, verdict_of("Document Query"), PT_ROW_SLOWER), "pair %d", pair);
        end();
    }
}

Test(diff, twenty_pairs_of_equal_runs_raise_no_alarm)
{
    for (int pair = 0; pair < PAIRS; pair++) {
        make_pair(pair, 1, SINGLE, 1.0);
        cr_assert(diff.by_calls);
        cr_assert(eq(int, alarms(), 0), "pair %d", pair);
        end();
    }
}

Test(diff, twenty_runs_with_insertions_ten_percent_slower_raise_one)
{
    for (int pair = 0; pair < PAIRS; pair++) {
        make_pair(pair, 1, SINGLE, 1.1);
        cr_assert(eq(int, verdict_of("Document Insertion"), PT_ROW_SLOWER), "pair %d", pair);
        cr_assert(eq(int, verdict_of("whole run"), PT_ROW_UNCLEAR), "pair %d", pair);
        cr_assert(eq(int, alarms(), 1), "pair %d", pair);
        end();
    }
}

Test(diff, noise_larger_than_the_difference_is_unclear_and_not_the_same)
{
    make_pair(0, 4, (struct made_run){.calls = 200, .between = 0.15, .within = 0.2}, 1.0);
    cr_assert(eq(int, verdict_of("whole run"), PT_ROW_UNCLEAR));
    char text[PT_DIFF_SENTENCE_BYTES];
    pt_diff_advice(&diff, text);
    cr_assert(ne(ptr, strstr(text, "Cannot tell: runs differ by "), NULL), "%s", text);
}

/* ---- runs made by hand ---- */

static const double SPREAD[] = {-0.012, -0.008, -0.004, -0.001, 0.001, 0.004, 0.008, 0.012};

static void add_phase(struct pt_run_figures *run, const char *name, double seconds)
{
    struct pt_phase_figures *phase = pt_run_add_phase(run, name, true);
    phase->count = 240;
    phase->documents = 120000;
    phase->sum_ns = (int64_t)(seconds * 1e9);
    phase->min_ns = phase->max_ns = phase->sum_ns / 240;
    for (int i = 0; i < PT_PERCENTILES; i++) {
        phase->percentiles_ns[i] = phase->sum_ns / 240;
    }
}

struct seconds {
    double run, masking, insertion, query;
};

static void add_run(struct pt_side *side, struct seconds at, double factor, double memory_mib)
{
    struct pt_run_figures run = {.runtime_ns = (int64_t)(at.run * factor * 1e9),
                                 .memory_bytes = (int64_t)(memory_mib * 1048576.0),
                                 .complete = true,
                                 .source = strdup("run.bson"),
                                 .ended = strdup("exit status 0"),
                                 .programs = strdup("masker"),
                                 .drivers = strdup("1.30.4")};
    pt_run_set_cpu(&run, (int64_t)(at.masking * factor * 1e9), SECOND);
    add_phase(&run, "Document Query", at.query * factor);
    add_phase(&run, "Document Masking", at.masking * factor);
    add_phase(&run, "Document Insertion", at.insertion * factor);
    add_phase(&run, "Index Creation", 0.020 * factor);
    pt_run_figures_sum(&run);
    cr_assert(pt_side_add(side, &run));
}

/* The mock of the design: masking became slower by 5.5 s, and the run with it. */
static void make_mock(void)
{
    for (size_t i = 0; i < sizeof SPREAD / sizeof SPREAD[0]; i++) {
        add_run(&a, (struct seconds){41.2, 14.2, 22.8, 4.12}, 1.0 + SPREAD[i], 21.0);
        add_run(&b, (struct seconds){46.9, 19.7, 22.9, 4.13}, 1.0 + SPREAD[7 - i], 21.1);
    }
    compare();
}

static char *read_screen(const char *name)
{
    char path[512];
    char *text = calloc(1, 65536);
    snprintf(path, sizeof path, "%s/%s", SCREENS, name);
    FILE *file = fopen(path, "r");
    cr_assert(ne(ptr, file, NULL), "%s", path);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
    return text;
}

/* To write them anew: PHASETAP_WRITE_SCREENS=1. Frees `text`. */
static void check_screen(const char *name, char *text)
{
    char path[512];
    if (getenv("PHASETAP_WRITE_SCREENS") != NULL) {
        snprintf(path, sizeof path, "%s/%s", SCREENS, name);
        FILE *file = fopen(path, "w");
        fputs(text, file);
        fclose(file);
    }
    char *expected = read_screen(name);
    cr_assert(eq(str, text, expected));
    free(expected);
    free(text);
}

enum view { TEXT, JSON, MARKDOWN };

/* Not inlined: gcc 12 would take what open_memstream has stored in `text` for its address. */
__attribute__((noinline)) static char *shown(enum view how, int width,
                                             const struct pt_diff_view *view)
{
    char *text = NULL;
    size_t length = 0;
    char columns[16];
    struct pt_page page;
    FILE *out = open_memstream(&text, &length);
    snprintf(columns, sizeof columns, "%d", width);
    struct pt_page_facts facts = {.terminal = true, .columns = columns, .term = "xterm"};
    pt_page_decide(&page, out, PT_COLOURS_NEVER, &facts);
    if (how == TEXT) {
        pt_diff_text(view, &page);
    } else if (how == JSON) {
        pt_diff_json(view, out);
    } else {
        pt_diff_markdown(view, out);
    }
    fclose(out);
    return text;
}

Test(diff, the_views_have_the_form_of_the_design)
{
    static struct pt_rules rules;
    char wrong[PT_RULE_WRONG_BYTES];
    struct pt_check checks[3];
    make_mock();
    cr_assert(pt_rules_parse(&rules, PT_RULES_FAIL_ON,
                             "slower; Document Insertion.p95 > +10%; Document Query.p95 < -0%",
                             wrong));
    struct pt_diff_view view = {.diff = &diff};
    check_screen("diff-80.txt", shown(TEXT, 80, &view));
    check_screen("diff-50.txt", shown(TEXT, 50, &view));
    view = (struct pt_diff_view){&diff, checks, 3};
    cr_assert(eq(sz, pt_diff_check_all(checks, &rules, &diff), 1));
    check_screen("diff-rules.txt", shown(TEXT, 80, &view));
    check_screen("diff.md", shown(MARKDOWN, 80, &view));
    check_screen("diff.json", shown(JSON, 80, &view));
}

Test(diff, a_phase_that_is_new_is_slower)
{
    for (int i = 0; i < 4; i++) {
        add_run(&a, (struct seconds){10.0, 2.0, 3.0, 1.0}, 1.0 + SPREAD[i], 20.0);
        add_run(&b, (struct seconds){10.0, 2.0, 3.0, 1.0}, 1.0 + SPREAD[i], 20.0);
        add_phase(&b.runs[i], "Transaction", 0.4);
    }
    compare();
    cr_assert(eq(int, verdict_of("Transaction"), PT_ROW_SLOWER));
    cr_assert(eq(int, verdict_of("whole run"), PT_ROW_SAME));
    cr_assert(eq(int, alarms(), 1));
}

/* ---- unlike runs ---- */

static const char *refusal(int allowed)
{
    static char why[512];
    why[0] = '\0';
    return pt_sides_are_alike(&a, &b, allowed, why, sizeof why) ? "" : why;
}

static void replace(char **text, const char *by)
{
    free(*text);
    *text = strdup(by);
}

Test(diff, unlike_runs_are_refused_with_the_word_that_allows_them)
{
    for (int i = 0; i < 2; i++) {
        add_run(&a, (struct seconds){10.0, 2.0, 3.0, 1.0}, 1.0, 20.0);
        add_run(&b, (struct seconds){10.0, 2.0, 3.0, 1.0}, 1.0, 20.0);
    }
    cr_assert(eq(str, (char *)refusal(0), ""));
    b.runs[1].documents = 80000;
    cr_assert(eq(str, (char *)refusal(0),
                 "B has a run of 120,000 documents among runs of 100,000 (--allow documents)"));
    b.runs[0].documents = 80000;
    cr_assert(
        eq(str, (char *)refusal(0), "A has 120,000 documents, B has 80,000 (--allow documents)"));
    cr_assert(eq(str, (char *)refusal(PT_UNLIKE_DOCUMENTS), ""));
    replace(&b.runs[0].drivers, "2.1.0");
    cr_assert(eq(str, (char *)refusal(0), "A ran libmongoc 1.30.4, B 2.1.0 (--allow driver)"));
    replace(&a.runs[1].programs, "other");
    cr_assert(eq(str, (char *)refusal(0), "A has runs of masker and of other (--allow program)"));
    b.runs[1].complete = false;
    replace(&b.runs[1].ended, "signal 9 (SIGKILL)");
    cr_assert(eq(str, (char *)refusal(PT_UNLIKE_PROGRAM | PT_UNLIKE_DRIVER),
                 "B holds only a part of a run, 'run.bson': signal 9 (SIGKILL) (--allow "
                 "incomplete)"));
    cr_assert(eq(str, (char *)refusal(PT_UNLIKE_ALL), ""));
}

/* ---- rules ---- */

static struct pt_check checked(const char *rule)
{
    static struct pt_rules rules;
    char wrong[PT_RULE_WRONG_BYTES];
    struct pt_check check;
    rules.count = 0;
    cr_assert(pt_rules_parse(&rules, PT_RULES_FAIL_ON, rule, wrong), "%s: %s", rule, wrong);
    pt_diff_check(&check, &rules.items[0], &diff);
    return check;
}

Test(diff, rules_compare_medians)
{
    make_mock();
    cr_assert(eq(int, checked("runtime > +10%").result, PT_CHECK_FAILED));
    cr_assert(eq(int, checked("runtime > +5s").result, PT_CHECK_FAILED));
    cr_assert(eq(int, checked("runtime > +14%").result, PT_CHECK_PASSED));
    cr_assert(eq(int, checked("Document Masking.p95 >= +30 %").result, PT_CHECK_FAILED));
    cr_assert(eq(int, checked("Document Insertion.p95 > +10%").result, PT_CHECK_PASSED));
    cr_assert(eq(int, checked("throughput < -10%").result, PT_CHECK_FAILED));
    cr_assert(eq(int, checked("memory > +1MiB").result, PT_CHECK_PASSED));
    cr_assert(eq(int, checked("failed > +0").result, PT_CHECK_PASSED));
    cr_assert(eq(int, checked("slower").result, PT_CHECK_FAILED));
    cr_assert(eq(int, checked("unclear").result, PT_CHECK_PASSED));
    cr_assert(eq(str, checked("runtime > +10%").found, "41.2 s -> 46.9 s, +13.8 %"));
}

Test(diff, rules_do_not_pass_what_cannot_be_told)
{
    make_mock();
    /* 0.4 % more, and as much between the runs */
    cr_assert(eq(int, checked("Document Insertion.total > +0.1%").result, PT_CHECK_CANNOT_TELL));
    cr_assert(eq(int, checked("Transaction.p95 > +10%").result, PT_CHECK_CANNOT_TELL));
    b.runs[3].memory_bytes = PT_NOT_KNOWN;
    cr_assert(eq(int, checked("memory > +1MiB").result, PT_CHECK_CANNOT_TELL));
    cr_assert(eq(int, checked("exit_status > +0").result, PT_CHECK_PASSED));
}
