/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of a few documents, all alike, so that no line shows their fixed cost. */
#include "insight/verdict.h"

#define LEAST_CALLS 50
#define MOST        50 /* documents in a batch that is called small */
#define BATCH       1000

static double mean_documents(const struct pt_call_group *group)
{
    return group->calls > 0 ? (double)group->documents / (double)group->calls : 0.0;
}

/* One document per round trip, a fit and alternating operations are verdicts of their own. */
static bool is_small(const struct pt_call_group *group)
{
    struct pt_line line;
    double mean = mean_documents(group);
    bool fits = pt_fit_line(&group->by_documents, &line) && line.r2 >= 0.9;
    return group->sort != PT_SORT_INDEX && group->sort != PT_SORT_FIND &&
           group->calls >= LEAST_CALLS && mean > 1.5 && mean <= MOST && !fits &&
           group->alternating * 2 < group->calls;
}

static int64_t gain(const struct pt_case *c, const struct pt_call_group *group)
{
    double saved = (double)group->sum_ns * (1.0 - mean_documents(group) / BATCH);
    return pt_case_gain(c, group, (int64_t)saved);
}

bool pt_verdict_small_batches(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *found = NULL;
    int64_t gain_ns = 0;
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        if (is_small(group) && gain(c, group) > gain_ns) {
            found = group;
            gain_ns = gain(c, group);
        }
    }
    if (found == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_POSSIBLE;
    insight->name_space = found->name_space;
    insight->start_ns = found->first_ns;
    insight->end_ns = found->last_ns;
    pt_insight_sentence(insight, "Small batches: %s calls of %s carry %.3g documents each.",
                        PT_COUNT(found->calls), pt_sort_text(found->sort), mean_documents(found));
    pt_insight_number(insight, "%s each in %s; time that follows the documents looks the same.",
                      PT_DURATION(pt_group_mean(found)), pt_group_name(found));
    pt_insight_action(insight, "try %s of %d",
                      found->sort == PT_SORT_MORE ? "a batchSize" : "bulks", BATCH);
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
