/* SPDX-License-Identifier: Apache-2.0 */
/* Write calls that carry one document each. */
#include "base/saturate.h"
#include "insight/verdict.h"

#define LEAST_CALLS 50
#define BATCH       500

static bool is_single(const struct pt_call_group *group)
{
    return group->sort >= PT_SORT_INSERT && group->sort <= PT_SORT_DELETE &&
           group->calls >= LEAST_CALLS && pt_mul(group->single, 10) >= pt_mul(group->calls, 9);
}

/* At best: all but one of so many calls are saved. */
static int64_t gain(const struct pt_case *c, const struct pt_call_group *group)
{
    return pt_case_gain(c, group, group->sum_ns / BATCH * (BATCH - 1));
}

static const struct pt_call_group *worst(const struct pt_case *c)
{
    const struct pt_call_group *found = NULL;
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        if (is_single(group) && (found == NULL || group->sum_ns > found->sum_ns)) {
            found = group;
        }
    }
    return found;
}

bool pt_verdict_one_document(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *group = worst(c);
    int64_t gain_ns = group == NULL ? 0 : gain(c, group);
    if (group == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    insight->name_space = group->name_space;
    insight->start_ns = group->first_ns;
    insight->end_ns = group->last_ns;
    pt_insight_sentence(insight, "One document per round trip: %s calls of %s carry one each.",
                        PT_COUNT(group->single), pt_sort_text(group->sort));
    pt_insight_number(insight, "%s each in %s; the fastest command of the run took %s.",
                      PT_DURATION(pt_group_mean(group)), pt_group_name(group),
                      PT_DURATION(pt_case_fastest(c)));
    pt_insight_action(insight, "send %d documents with each call", BATCH);
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
