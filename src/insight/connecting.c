/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that take long, though there are not too many of them. */
#include "insight/verdict.h"

bool pt_verdict_connecting(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_connection_use *use = &c->model->connections;
    int64_t tries = use->established + use->failed;
    int64_t spent_ns = pt_case_of_run(c, c->time.parts_ns[PT_PART_CONNECTION]);
    bool is_few = use->established * 2 < use->calls || use->established < 20;
    if (tries == 0 || !is_few || !pt_worth(c, spent_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "Connecting takes %s of the run.", PT_DURATION(spent_ns));
    pt_insight_number(insight, "%s connections, %s on average and %s at most; %s failed.",
                      PT_COUNT(tries), PT_DURATION(use->sum_ns / tries), PT_DURATION(use->max_ns),
                      PT_COUNT(use->failed));
    pt_insight_number(insight, "A connection is name resolution, TCP, TLS, hello and login.");
    pt_insight_action(insight, "time each of them from this host");
    pt_insight_gain(c, insight, "at best", c->run_ns - spent_ns);
    return true;
}
