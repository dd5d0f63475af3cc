/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule.h: the rules of `report --check` and `diff --fail-on`, one grammar and one parser:
 *
 *     rules    rule { (";" | newline) rule }; "#" begins a comment, up to the end of the line
 *     rule     figure operator limit | word
 *     figure   METRIC, or PHASE "." METRIC; PHASE as it is, or in double quotes
 *     operator "<" | "<=" | ">" | ">=" | "==" | "!="
 *     limit    number unit, of --check; sign number (unit | "%"), of --fail-on: a change
 *     unit     of a time ns, us, ms, s, m, h; of a size B, KiB, MiB, GiB; of a rate nothing or /s;
 *              of a count nothing
 *     word     "slower" or "unclear", of --fail-on
 *
 * Blanks may stand anywhere but within a name or a number. A rule of --check says what must hold,
 * one of --fail-on what must not. Metrics are checked here, phases by pt_rules_know(), since only
 * the runs say which phases there are. Input is untrusted. One thread.
 */
#ifndef PHASETAP_RULE_H
#define PHASETAP_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "gate/rule_text.h"

#define PT_RULES_HIGHEST    100
#define PT_RULE_NAME_BYTES  160
#define PT_RULE_TEXT_BYTES  200
#define PT_RULE_WRONG_BYTES 768 /* of the message */

enum pt_rules_kind { PT_RULES_CHECK, PT_RULES_FAIL_ON };
enum pt_word { PT_WORD_NONE, PT_WORD_SLOWER, PT_WORD_UNCLEAR };

struct pt_rule {
    char text[PT_RULE_TEXT_BYTES];  /* as it was written, blanks around it left out */
    char phase[PT_RULE_NAME_BYTES]; /* "": the whole run */
    const struct pt_metric *metric; /* NULL: a word */
    enum pt_operator op;
    double limit;  /* in the metric's base unit, or a ratio: 0.1 for 10 % */
    bool relative; /* the limit is a ratio */
    enum pt_word word;
};

struct pt_rules {
    struct pt_rule items[PT_RULES_HIGHEST];
    size_t count;
};

/* Adds the rules in `text`. False: `wrong` (PT_RULE_WRONG_BYTES) says why, as a sentence. */
bool pt_rules_parse(struct pt_rules *rules, enum pt_rules_kind kind, const char *text, char *wrong);

/* False if a rule names a phase that none of the runs has and that phasetap does not recognise:
 * then it is probably misspelt, and `wrong` names the known ones. */
struct pt_run_list {
    const struct pt_run_figures *runs;
    size_t count;
};
bool pt_rules_know(const struct pt_rules *rules, const struct pt_run_list *lists, size_t count,
                   char *wrong);

#endif
