/* SPDX-License-Identifier: Apache-2.0 */
/* An ordered bulk whose operations alternate: the driver may only join neighbours of one kind, and
 * sends a command for each. */
#include "insight/verdict.h"

#define KINDS 3 /* commands that an unordered bulk needs at most: insert, update, delete */

static int64_t gain(const struct pt_case *c, const struct pt_call_group *group)
{
    if (group->alternating_commands <= 0) {
        return 0;
    }
    double left = (double)(KINDS * group->alternating) / (double)group->alternating_commands;
    double saved = left < 1.0 ? (double)group->alternating_ns * (1.0 - left) : 0.0;
    return pt_case_gain(c, group, (int64_t)saved);
}

bool pt_verdict_alternating_operations(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *found = NULL;
    int64_t gain_ns = 0;
    for (size_t i = 0; i < c->model->group_count; i++) {
        if (gain(c, &c->model->groups[i]) > gain_ns) {
            found = &c->model->groups[i];
            gain_ns = gain(c, found);
        }
    }
    if (found == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_LIKELY;
    insight->name_space = found->name_space;
    insight->start_ns = found->first_ns;
    insight->end_ns = found->last_ns;
    pt_insight_sentence(insight, "Alternating operations: %s bulks were sent as %s commands.",
                        PT_COUNT(found->alternating), PT_COUNT(found->alternating_commands));
    pt_insight_number(insight, "%.0f commands for each bulk of %s, %s a bulk.",
                      (double)found->alternating_commands / (double)found->alternating,
                      pt_group_name(found),
                      PT_DURATION(found->alternating_ns / found->alternating));
    pt_insight_action(insight, "group the operations by kind, or use \"ordered\": false");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
