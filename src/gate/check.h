/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h: what became of a rule. What a run does not tell, it does not pass: a gate that lets
 * through what nobody measured is worse than none. Any thread.
 */
#ifndef PHASETAP_CHECK_H
#define PHASETAP_CHECK_H

#include "gate/rule.h"

enum pt_check_result { PT_CHECK_PASSED, PT_CHECK_FAILED, PT_CHECK_CANNOT_TELL };

#define PT_CHECK_BYTES 320
struct pt_check {
    const struct pt_rule *rule;
    enum pt_check_result result;
    char found[PT_CHECK_BYTES]; /* the value found, or why there is none */
};

/* A rule of --check on one run. */
void pt_check_run(struct pt_check *check, const struct pt_rule *rule,
                  const struct pt_run_figures *run);

/* Takes the figure of a rule from a run; false, with the reason in `why` (PT_CHECK_BYTES). */
bool pt_check_value(const struct pt_rule *rule, const struct pt_run_figures *run, double *ret_value,
                    char *why);

/* "passed", "FAILED" or "cannot tell". */
const char *pt_check_word(enum pt_check_result result);

#endif
