/* SPDX-License-Identifier: Apache-2.0 */
/* report_check.h: `report --check`: the rules of a gate on the model of one run. */
#ifndef PHASETAP_REPORT_CHECK_H
#define PHASETAP_REPORT_CHECK_H

#include "gate/rule.h"

/* Says on standard error what became of each rule. 0: all passed, or there are none; PT_EXIT_RULES:
 * one did not; PT_EXIT_USAGE: a rule names a phase that does not exist, nothing was checked. */
int pt_check_model(const struct pt_rules *rules, const struct pt_model *model);

#endif
