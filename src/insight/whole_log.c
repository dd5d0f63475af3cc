/* SPDX-License-Identifier: Apache-2.0 */
/* A log that holds only totals of some calls, or lost or damaged some: what is drawn from single
 * calls would be drawn from a sample. */
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
    pt_insight_number(insight, "%s events are in totals alone, %s were dropped, %s are damaged.",
                      PT_COUNT(cost.left_out), PT_COUNT(cost.dropped),
                      PT_BYTES(cost.damaged_bytes));
    pt_insight_action(insight, cost.left_out > 0 ? "record again with a larger PHASETAP_LIMIT."
                                                 : "record again.");
    return true;
}
