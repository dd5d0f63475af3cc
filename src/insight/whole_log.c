/* SPDX-License-Identifier: Apache-2.0 */
/* A log that holds only totals of some calls, or lost some: what is drawn from single calls would
 * be drawn from a sample that holds the slowest ones. */
#include "insight/verdict.h"

bool pt_verdict_whole_log(const struct pt_case *c, struct pt_insight *insight)
{
    struct pt_profiler_cost cost = pt_model_cost(c->model);
    if (c->is_whole) {
        return false;
    }
    insight->confidence = PT_CANNOT_TELL;
    pt_insight_sentence(insight, "Cannot tell batch sizes, overlap and changes over time: the log "
                                 "does not hold every call.");
    pt_insight_number(insight, "%s events are in totals alone, %s were dropped.",
                      PT_COUNT(cost.left_out), PT_COUNT(cost.dropped));
    pt_insight_action(insight, "record again with a larger PHASETAP_LIMIT.");
    return true;
}
