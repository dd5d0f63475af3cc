/* SPDX-License-Identifier: Apache-2.0 */
/* A client, and with it a connection, for every operation. */
#include "insight/verdict.h"

#define LEAST_CONNECTIONS 20
#define CALLS_OF_EACH     2 /* at most as many calls on each connection */

bool pt_verdict_client_per_operation(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_connection_use *use = &c->model->connections;
    int64_t threads = pt_case_threads(c);
    int64_t spared = use->established - threads;
    if (use->established < LEAST_CONNECTIONS || spared < LEAST_CONNECTIONS / 2 ||
        use->clients < use->established / 2 || use->calls > CALLS_OF_EACH * use->established) {
        return false;
    }
    double share = (double)spared / (double)use->established;
    int64_t gain_ns = pt_case_of_run(c, (int64_t)(share * (double)use->sum_ns));
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(
        insight, "A client is made for every operation: %s of the run is spent on connecting.",
        PT_DURATION(gain_ns));
    pt_insight_number(insight, "%s connections of %s for %s calls, of %s.",
                      PT_COUNT(use->established), PT_DURATION(use->sum_ns / use->established),
                      PT_COUNT(use->calls), threads == 1 ? "one thread" : "several threads");
    pt_insight_action(insight, "keep one client for each thread");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
