/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_check.h: the rules of `diff --fail-on` on a comparison. A rule compares the medians of its
 * figure over the runs of each side. If the change is one that the rule forbids, the rule has
 * failed, unless the range of the change over the runs holds "no change" too: then it cannot be
 * told, and the gate is not passed either. One thread.
 */
#ifndef PHASETAP_DIFF_CHECK_H
#define PHASETAP_DIFF_CHECK_H

#include "diff/compare.h"
#include "gate/check.h"

void pt_diff_check(struct pt_check *check, const struct pt_rule *rule, const struct pt_diff *diff);

/* All rules; returns how many did not pass. `checks` has an element for each. */
size_t pt_diff_check_all(struct pt_check *checks, const struct pt_rules *rules,
                         const struct pt_diff *diff);

#endif
