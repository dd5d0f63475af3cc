/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/human.h"

const char *pt_check_word(enum pt_check_result result)
{
    static const char *const words[] = {[PT_CHECK_PASSED] = "passed",
                                        [PT_CHECK_FAILED] = "FAILED",
                                        [PT_CHECK_CANNOT_TELL] = "cannot tell"};
    return words[result];
}

static void say_why(const struct pt_rule *rule, const struct pt_run_figures *run,
                    const struct pt_phase_figures *phase, char *why)
{
    if (run->missing != NULL) {
        snprintf(why, PT_CHECK_BYTES, "%s", run->missing);
    } else if (rule->metric->of_phase && phase == NULL) {
        snprintf(why, PT_CHECK_BYTES, "the run has no such phase");
    } else if (phase != NULL && rule->metric->unit == PT_UNIT_TIME) {
        snprintf(why, PT_CHECK_BYTES, "%s entries are too few for it", PT_COUNT(phase->count));
    } else {
        snprintf(why, PT_CHECK_BYTES, "the run does not tell it");
    }
}

bool pt_check_value(const struct pt_rule *rule, const struct pt_run_figures *run, double *ret_value,
                    char *why)
{
    const struct pt_phase_figures *phase =
        rule->metric->of_phase ? pt_run_phase(run, rule->phase) : NULL;
    bool none = rule->metric->of_phase && phase == NULL && run->missing == NULL;
    if (none && strcmp(rule->metric->name, "count") == 0) {
        *ret_value = 0.0;
        return true;
    }
    if (pt_metric_value(rule->metric, run, phase, ret_value)) {
        return true;
    }
    say_why(rule, run, phase, why);
    return false;
}

void pt_check_run(struct pt_check *check, const struct pt_rule *rule,
                  const struct pt_run_figures *run)
{
    double value;
    check->rule = rule;
    if (!pt_check_value(rule, run, &value, check->found)) {
        check->result = PT_CHECK_CANNOT_TELL;
        return;
    }
    bool holds = pt_rule_holds(rule->op, value, rule->limit);
    check->result = holds ? PT_CHECK_PASSED : PT_CHECK_FAILED;
    pt_metric_text(check->found, rule->metric->unit, value);
}
