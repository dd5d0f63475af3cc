/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of `report --check` and `diff --fail-on`: what is accepted has a figure that exists and
 * means the same when it is read again. */
#include <stdlib.h>
#include <string.h>

#include "gate/check.h"
#include "target.h"

static void check_rule(const struct pt_rule *rule, enum pt_rules_kind kind)
{
    static struct pt_rules again;
    char wrong[PT_RULE_WRONG_BYTES];
    struct pt_check check;
    const struct pt_run_figures run = {.runtime_ns = 1};
    again.count = 0;
    fuzz_require(pt_rules_parse(&again, kind, rule->text, wrong), "a rule that is refused again");
    fuzz_require(again.count == 1, "a rule that is several");
    const struct pt_rule *other = &again.items[0];
    fuzz_require(other->metric == rule->metric && strcmp(other->phase, rule->phase) == 0 &&
                     other->op == rule->op && other->limit == rule->limit &&
                     other->relative == rule->relative && other->word == rule->word,
                 "a rule that means something else");
    if (rule->word == PT_WORD_NONE) {
        pt_check_run(&check, rule, &run);
    }
}

static void check_kind(enum pt_rules_kind kind, const char *text)
{
    static struct pt_rules rules;
    char wrong[PT_RULE_WRONG_BYTES] = "";
    rules.count = 0;
    bool good = pt_rules_parse(&rules, kind, text, wrong);
    fuzz_require(good || wrong[0] != '\0', "a refusal without a reason");
    fuzz_require(!good || rules.count > 0, "no rule, and no refusal");
    for (size_t i = 0; good && i < rules.count; i++) {
        check_rule(&rules.items[i], kind);
    }
    if (good) {
        pt_rules_know(&rules, NULL, 0, wrong);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_require(text != NULL, "no memory");
    memcpy(text, data, size);
    text[size] = '\0';
    check_kind(PT_RULES_CHECK, text);
    check_kind(PT_RULES_FAIL_ON, text);
    free(text);
    return 0;
}
