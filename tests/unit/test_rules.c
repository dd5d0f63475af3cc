/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of gates: what parses, what is refused and how, and what they say of a run. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate/check.h"

static struct pt_rules rules;
static struct pt_run_figures run;
static char wrong[PT_RULE_WRONG_BYTES];

static void add(const char *name, bool recognised, int64_t count, int64_t sum_ns)
{
    struct pt_phase_figures *phase = pt_run_add_phase(&run, name, recognised);
    phase->count = count;
    phase->documents = count * 100;
    phase->sum_ns = sum_ns;
    phase->min_ns = count > 0 ? sum_ns / count / 2 : 0;
    phase->max_ns = count > 0 ? sum_ns / count * 2 : 0;
    phase->percentiles_ns[PT_P50] = count >= 5 ? sum_ns / count : PT_NOT_KNOWN;
    phase->percentiles_ns[PT_P95] = count >= 20 ? 20 * sum_ns / count / 10 : PT_NOT_KNOWN;
}

static void start(void)
{
    rules.count = 0;
    run = (struct pt_run_figures){.runtime_ns = 2000000000,
                                  .cpu_ns = PT_NOT_KNOWN,
                                  .memory_bytes = 64 << 20,
                                  .exit_status = 0};
    add("Document Insertion", true, 40, 400000000); /* p50 10 ms, p95 20 ms */
    add("Index Creation", true, 3, 600000000);
    add("load > all; \"it.all", false, 1, 1000000000);
    pt_run_figures_sum(&run);
}

static void end(void)
{
    pt_run_figures_release(&run);
}

TestSuite(rules, .init = start, .fini = end);

static enum pt_check_result result_of(const char *text)
{
    struct pt_check check;
    rules.count = 0;
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, text, wrong), "%s: %s", text, wrong);
    cr_assert(eq(sz, rules.count, 1));
    pt_check_run(&check, &rules.items[0], &run);
    return check.result;
}

static const char *refusal(enum pt_rules_kind kind, const char *text)
{
    rules.count = 0;
    cr_assert(not(pt_rules_parse(&rules, kind, text, wrong)), "%s", text);
    return wrong;
}

Test(rules, say_what_holds_of_a_run)
{
    static const struct {
        const char *text;
        enum pt_check_result result;
    } rows[] = {
        {"failed == 0", PT_CHECK_PASSED},
        {"failed==0", PT_CHECK_PASSED},
        {"failed != 0", PT_CHECK_FAILED},
        {"throughput >= 2000", PT_CHECK_PASSED}, /* 4,000 documents in 2 s */
        {"throughput >= 2000/s", PT_CHECK_PASSED},
        {"throughput > 2000", PT_CHECK_FAILED},
        {"documents == 4000", PT_CHECK_PASSED},
        {"runtime < 2.5s", PT_CHECK_PASSED},
        {"runtime < 1999ms", PT_CHECK_FAILED},
        {"runtime <= 0.1m", PT_CHECK_PASSED},
        {"memory <= 64MiB", PT_CHECK_PASSED},
        {"memory < 64MiB", PT_CHECK_FAILED},
        {"exit_status == 0", PT_CHECK_PASSED},
        {"Document Insertion.p95 <= 20ms", PT_CHECK_PASSED},
        {"Document Insertion.p95<20ms", PT_CHECK_FAILED},
        {"Document Insertion . p50 == 10000us", PT_CHECK_PASSED},
        {"Document Insertion.average > 9.99 ms", PT_CHECK_PASSED},
        {"\"Document Insertion\".total == 400ms", PT_CHECK_PASSED},
        {"Document Insertion.throughput >= 10000", PT_CHECK_PASSED},
        {"Index Creation.max < 1s", PT_CHECK_PASSED},
        {"Count Documents.count == 0", PT_CHECK_PASSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert(eq(int, result_of(rows[i].text), rows[i].result), "%s", rows[i].text);
    }
}

Test(rules, what_cannot_be_told_does_not_pass)
{
    static const char *const unknown[] = {
        "Index Creation.p95 < 1h",     /* 3 calls */
        "Document Insertion.p99 < 1h", /* 40 calls */
        "Count Documents.failed == 0", /* there were none */
        "cpu < 1h",
    };
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        cr_assert(eq(int, result_of(unknown[i]), PT_CHECK_CANNOT_TELL), "%s", unknown[i]);
    }
    pt_run_lacks(&run, "3 events were dropped");
    run.dropped = 3;
    cr_assert(eq(int, result_of("failed == 0"), PT_CHECK_CANNOT_TELL));
    cr_assert(eq(int, result_of("Count Documents.count == 0"), PT_CHECK_CANNOT_TELL));
    cr_assert(eq(int, result_of("dropped == 0"), PT_CHECK_FAILED));
}

Test(rules, a_run_without_a_call_passes_nothing)
{
    pt_run_figures_release(&run);
    run = (struct pt_run_figures){.runtime_ns = 1, .exit_status = 0};
    pt_run_figures_sum(&run);
    cr_assert(eq(int, result_of("failed == 0"), PT_CHECK_CANNOT_TELL));
    cr_assert(eq(int, result_of("exit_status == 0"), PT_CHECK_PASSED));
}

Test(rules, changes_have_a_sign_and_values_have_none)
{
    cr_assert(pt_rules_parse(&rules, PT_RULES_FAIL_ON,
                             "Document Insertion.p95>+10%; throughput < -5 %\n"
                             "# a comment\n"
                             "memory > +64MiB # another; one\n"
                             "slower;unclear",
                             wrong));
    cr_assert(eq(sz, rules.count, 5));
    cr_assert(all(ne(int, rules.items[0].relative, 0), eq(dbl, rules.items[0].limit, 0.1)));
    cr_assert(eq(str, rules.items[0].phase, "Document Insertion"));
    cr_assert(all(ne(int, rules.items[1].relative, 0), eq(dbl, rules.items[1].limit, -0.05)));
    cr_assert(all(eq(int, rules.items[2].relative, 0), eq(dbl, rules.items[2].limit, 67108864.0)));
    cr_assert(eq(str, rules.items[2].text, "memory > +64MiB"));
    cr_assert(eq(int, rules.items[3].word, PT_WORD_SLOWER));
    cr_assert(eq(int, rules.items[4].word, PT_WORD_UNCLEAR));
}

Test(rules, names_may_hold_points_and_in_quotes_anything)
{
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, "a.b.c.max < 1s", wrong));
    cr_assert(eq(str, rules.items[0].phase, "a.b.c"));
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, "\"x > y; #z\".max < 1s", wrong), "%s", wrong);
    cr_assert(eq(str, rules.items[1].phase, "x > y; #z"));
}

static bool mentions(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

Test(rules, what_is_no_rule_is_refused_with_the_known_words)
{
    cr_assert(mentions(refusal(PT_RULES_CHECK, "faild == 0"), "'faild'"));
    cr_assert(mentions(wrong, "runtime, documents, throughput, failed"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "Document Insertion.p96 < 1s"), "p90, p95, p99"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed"), "is no rule"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "slower"), "is no rule"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed = 0"), "operators"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed == +0"), "without a sign"));
    cr_assert(mentions(refusal(PT_RULES_FAIL_ON, "failed > 0"), "+ or -"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "runtime < 20"), "20ms"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "runtime < 20 %"), "20ms"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "memory < 20MB"), "MiB"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed < 1e3"), "a number"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed < "), "a number"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, "failed < 1 2"), "a number"));
    cr_assert(mentions(refusal(PT_RULES_CHECK, " ; # nothing"), "no rule"));
    cr_assert(mentions(refusal(PT_RULES_FAIL_ON, "slower > +1%"), "'slower'"));
}

Test(rules, too_many_and_too_long_ones_are_refused)
{
    char text[4096] = "";
    for (int i = 0; i <= PT_RULES_HIGHEST; i++) {
        strcat(text, "failed == 0;");
    }
    cr_assert(mentions(refusal(PT_RULES_CHECK, text), "more than"));
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_assert(mentions(refusal(PT_RULES_CHECK, text), "bytes"));
}

Test(rules, a_phase_that_no_run_has_is_misspelt)
{
    const struct pt_run_list list = {&run, 1};
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, "Count Documents.count == 0", wrong));
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, "Document Insertion.count > 0", wrong));
    cr_assert(pt_rules_know(&rules, &list, 1, wrong));
    cr_assert(pt_rules_parse(&rules, PT_RULES_CHECK, "Document Insert.count > 0", wrong));
    cr_assert(not(pt_rules_know(&rules, &list, 1, wrong)));
    cr_assert(mentions(wrong, "'Document Insert'") && mentions(wrong, "Document Insertion"));
    cr_assert(mentions(wrong, "it.all"));
}
