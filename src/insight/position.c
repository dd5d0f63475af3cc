/* SPDX-License-Identifier: Apache-2.0 */
/* Queries that take longer the further they have come, as those with `skip` do. */
#include <string.h>

#include "insight/trend.h"
#include "insight/verdict.h"

#define LEAST_CALLS 20
#define LEAST_R2    0.9
#define GROWN       2.0 /* the last tenth against the first */
#define ALIKE       1.2 /* documents of a call, which must not explain it */

struct growth {
    struct pt_stretch first, last;
    struct pt_line line;
};

static bool alike(double a, double b)
{
    return a <= ALIKE * b && b <= ALIKE * a;
}

static bool grows(const struct pt_call_group *group, struct growth *growth)
{
    size_t buckets = pt_series_count(&group->series);
    size_t tenth = (buckets + 9) / 10;
    if (group->sort != PT_SORT_FIND || group->calls < LEAST_CALLS ||
        !pt_trend_by_position(group, &growth->line)) {
        return false;
    }
    growth->first = pt_trend_stretch(group, 0, tenth);
    growth->last = pt_trend_stretch(group, buckets - tenth, buckets);
    double before = (double)growth->first.documents / (double)pt_max(1, growth->first.calls);
    double behind = (double)growth->last.documents / (double)pt_max(1, growth->last.calls);
    return growth->line.r2 >= LEAST_R2 && growth->line.slope > 0.0 &&
           pt_stretch_call(&growth->last) >= GROWN * pt_stretch_call(&growth->first) &&
           (alike(before, behind) || behind < before);
}

static int64_t gain(const struct pt_case *c, const struct pt_call_group *group,
                    const struct growth *growth)
{
    double least_ns = pt_stretch_call(&growth->first) * (double)group->calls;
    return pt_case_gain(c, group, group->sum_ns - (int64_t)least_ns);
}

bool pt_verdict_grows_with_position(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_call_group *found = NULL;
    struct growth growth, most;
    memset(&growth, 0, sizeof growth);
    most = growth;
    int64_t gain_ns = 0;
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        if (grows(group, &growth) && gain(c, group, &growth) > gain_ns) {
            found = group;
            most = growth;
            gain_ns = gain(c, group, &growth);
        }
    }
    if (found == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_LIKELY;
    insight->name_space = found->name_space;
    insight->start_ns = found->first_ns;
    insight->end_ns = found->last_ns;
    pt_insight_sentence(insight, "Reading slows down as it goes: %s per call first, %s at the end.",
                        PT_DURATION((int64_t)pt_stretch_call(&most.first)),
                        PT_DURATION((int64_t)pt_stretch_call(&most.last)));
    pt_insight_number(insight, "The time of a find in %s grows with its position, as with skip.",
                      pt_group_name(found));
    pt_insight_number(insight, "R2 %.2f over %s calls.", most.line.r2, PT_COUNT(found->calls));
    pt_insight_action(insight, "continue behind the last _id, or walk one cursor");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
