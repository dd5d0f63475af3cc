/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/diff_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "diff/rank_range.h"

/* The figure of each run. False, with the reason in `why`, when one of them does not tell it. */
static bool collect(const struct pt_rule *rule, const struct pt_side *side, char letter,
                    struct pt_sample *sample, char *why)
{
    char reason[PT_CHECK_BYTES];
    for (size_t i = 0; i < side->count; i++) {
        double value;
        if (!pt_check_value(rule, &side->runs[i], &value, reason)) {
            snprintf(why, PT_CHECK_BYTES, "%c: %.200s", letter, reason);
            return false;
        }
        if (!pt_sample_add(sample, value, 1.0)) {
            snprintf(why, PT_CHECK_BYTES, "out of memory");
            return false;
        }
    }
    pt_sample_sort(sample);
    return true;
}

/* True when the runs also fit no change, or one in the other direction. */
static bool may_be_noise(struct pt_sample *a, struct pt_sample *b, double difference)
{
    double low;
    double high;
    if (difference == 0.0 || !pt_rank_range(a, b, &low, &high)) {
        return false;
    }
    return difference > 0.0 ? low <= 1.0 : high >= 1.0;
}

static void describe(struct pt_check *check, double a, double b, double ratio)
{
    char before[PT_METRIC_BYTES];
    char after[PT_METRIC_BYTES];
    enum pt_unit unit = check->rule->metric->unit;
    int length = snprintf(check->found, sizeof check->found, "%s -> %s",
                          pt_metric_text(before, unit, a), pt_metric_text(after, unit, b));
    if (a > 0.0 && length > 0) {
        snprintf(check->found + length, sizeof check->found - (size_t)length, ", %+.1f %%",
                 100.0 * ratio);
    }
}

static void judge(struct pt_check *check, struct pt_sample *a, struct pt_sample *b)
{
    double before = pt_sample_median(a);
    double after = pt_sample_median(b);
    double difference = after - before;
    double ratio = before > 0.0 ? after / before - 1.0 : (after > 0.0 ? INFINITY : 0.0);
    bool forbidden = pt_rule_holds(check->rule->op, check->rule->relative ? ratio : difference,
                                   check->rule->limit);
    describe(check, before, after, ratio);
    check->result = forbidden ? PT_CHECK_FAILED : PT_CHECK_PASSED;
    if (forbidden && may_be_noise(a, b, difference)) {
        size_t length = strlen(check->found);
        check->result = PT_CHECK_CANNOT_TELL;
        snprintf(check->found + length, sizeof check->found - length,
                 ", but the runs differ too much among themselves");
    }
}

static void check_word(struct pt_check *check, const struct pt_diff *diff)
{
    const char *found = NULL;
    enum pt_verdict_of_row forbidden =
        check->rule->word == PT_WORD_SLOWER ? PT_ROW_SLOWER : PT_ROW_UNCLEAR;
    size_t rows = check->rule->word == PT_WORD_SLOWER ? diff->count : 1;
    for (size_t i = 0; i < rows && found == NULL; i++) {
        found = diff->rows[i].verdict == forbidden ? diff->rows[i].name : NULL;
    }
    check->result = found != NULL ? PT_CHECK_FAILED : PT_CHECK_PASSED;
    snprintf(check->found, sizeof check->found, "%.200s", found != NULL ? found : "no row");
}

void pt_diff_check(struct pt_check *check, const struct pt_rule *rule, const struct pt_diff *diff)
{
    struct pt_sample a = {0};
    struct pt_sample b = {0};
    *check = (struct pt_check){.rule = rule, .result = PT_CHECK_CANNOT_TELL};
    if (rule->word != PT_WORD_NONE) {
        check_word(check, diff);
    } else if (collect(rule, diff->a, 'A', &a, check->found) &&
               collect(rule, diff->b, 'B', &b, check->found)) {
        judge(check, &a, &b);
    }
    pt_sample_release(&a);
    pt_sample_release(&b);
}

size_t pt_diff_check_all(struct pt_check *checks, const struct pt_rules *rules,
                         const struct pt_diff *diff)
{
    size_t not_passed = 0;
    for (size_t i = 0; i < rules->count; i++) {
        pt_diff_check(&checks[i], &rules->items[i], diff);
        not_passed += checks[i].result != PT_CHECK_PASSED;
    }
    return not_passed;
}
