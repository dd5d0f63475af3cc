/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_check.h"

#include "gate/check.h"
#include "text/usage.h"

static int check_all(const struct pt_rules *rules, const struct pt_run_figures *run)
{
    int status = PT_EXIT_OK;
    for (size_t i = 0; i < rules->count; i++) {
        struct pt_check check;
        pt_check_run(&check, &rules->items[i], run);
        pt_say("--check, %s: %s (%s)", pt_check_word(check.result), check.rule->text, check.found);
        status = check.result == PT_CHECK_PASSED ? status : PT_EXIT_RULES;
    }
    return status;
}

int pt_check_model(const struct pt_rules *rules, const struct pt_model *model)
{
    struct pt_run_figures run;
    char wrong[PT_RULE_WRONG_BYTES];
    if (rules->count == 0) {
        return PT_EXIT_OK;
    }
    int status = PT_EXIT_USAGE;
    if (!pt_run_figures_of_model(&run, model, "")) {
        pt_fail(PT_EXIT_USAGE, "--check: out of memory");
    } else if (!pt_rules_know(rules, &(struct pt_run_list){&run, 1}, 1, wrong)) {
        pt_fail(PT_EXIT_USAGE, "--check: %s", wrong);
    } else {
        status = check_all(rules, &run);
    }
    pt_run_figures_release(&run);
    return status;
}
