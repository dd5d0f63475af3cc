/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fixed cost of a round trip, from a line through the calls of one sort on one namespace. A
 * line through several namespaces would fit their differences; one through equal batches fits
 * nothing; one with a negative fixed cost is no line of a cost.
 */
#include "base/saturate.h"
#include "insight/verdict.h"

#define LEAST_CALLS    20
#define LEAST_R2       0.9
#define LEAST_SHARE    0.1
#define LARGEST_WRITES 100000 /* documents in one command (maxWriteBatchSize) */

struct cost {
    const struct pt_call_group *group;
    struct pt_line line;
    double documents; /* of a call now */
    double share;     /* of the fixed cost now */
    double better;    /* documents of a call where the fixed cost falls to a tenth */
    int64_t gain_ns;
};

static bool has_line(const struct pt_call_group *group, struct pt_line *line)
{
    const struct pt_fit *fit = &group->by_documents;
    return group->sort != PT_SORT_INDEX && group->sort != PT_SORT_FIND &&
           fit->count >= LEAST_CALLS && pt_mul(fit->x_least, 3) <= pt_mul(fit->x_most, 2) &&
           pt_fit_line(fit, line) && line->intercept >= 0.0 && line->slope > 0.0 &&
           line->r2 >= LEAST_R2;
}

/* What remains of the fixed cost once the same documents go in batches of the better size. */
static bool take(const struct pt_case *c, const struct pt_call_group *group, struct cost *cost)
{
    double calls = (double)group->by_documents.count;
    if (!has_line(group, &cost->line)) {
        return false;
    }
    cost->group = group;
    cost->documents = (double)group->by_documents.x / calls;
    double fixed = cost->line.intercept, each = cost->line.slope;
    cost->share = fixed / (fixed + each * cost->documents);
    cost->better = 9.0 * fixed / each;
    if (cost->better > LARGEST_WRITES) {
        cost->better = LARGEST_WRITES;
    }
    if (cost->share <= LEAST_SHARE || cost->better <= cost->documents) {
        return false;
    }
    double saved = calls * fixed * (1.0 - cost->documents / cost->better);
    cost->gain_ns = pt_case_gain(c, group, (int64_t)saved);
    return pt_worth(c, cost->gain_ns);
}

static void tell(const struct pt_case *c, const struct cost *cost, struct pt_insight *insight)
{
    const char *sort = pt_sort_text(cost->group->sort);
    insight->confidence = PT_LIKELY;
    insight->name_space = cost->group->name_space;
    insight->start_ns = cost->group->first_ns;
    insight->end_ns = cost->group->last_ns;
    pt_insight_sentence(insight, "%s of each %s is fixed cost.", PT_PERCENT(cost->share, 1.0),
                        sort);
    pt_insight_number(insight, "%s + %s per document at %.0f documents, R2 %.2f over %s calls.",
                      PT_DURATION((int64_t)cost->line.intercept),
                      PT_DURATION((int64_t)cost->line.slope), cost->documents, cost->line.r2,
                      PT_COUNT(cost->group->by_documents.count));
    if (cost->group->split > 0) {
        pt_insight_number(insight, "The driver split %s calls, whose size the server limits.",
                          PT_COUNT(cost->group->split));
    }
    pt_insight_action(insight, "%.0f documents per call in %s bring it to 10 %%", cost->better,
                      pt_group_name(cost->group));
    pt_insight_gain(c, insight, "at best", c->run_ns - cost->gain_ns);
}

bool pt_verdict_batch_size(const struct pt_case *c, struct pt_insight *insight)
{
    struct cost best = {.group = NULL};
    for (size_t i = 0; i < c->model->group_count; i++) {
        struct cost cost = {.group = NULL};
        if (take(c, &c->model->groups[i], &cost) &&
            (best.group == NULL || cost.gain_ns > best.gain_ns)) {
            best = cost;
        }
    }
    if (best.group != NULL) {
        tell(c, &best, insight);
    }
    return best.group != NULL;
}
