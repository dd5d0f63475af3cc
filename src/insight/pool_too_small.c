/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that wait until another one returns its client to the pool. */
#include "insight/verdict.h"

bool pt_verdict_pool_too_small(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t waited_ns = c->time.parts_ns[PT_PART_POOL_WAIT];
    int64_t gain_ns = pt_case_of_run(c, waited_ns), threads = pt_case_threads(c);
    int64_t clients = c->model->connections.clients;
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The pool is too small: threads wait %s for a client.",
                        PT_DURATION(waited_ns));
    pt_insight_number(insight, "%s of their time; %s client%s connected, %s threads use them.",
                      PT_PERCENT((double)waited_ns, (double)c->time.wall_ns), PT_COUNT(clients),
                      pt_plural(clients), PT_COUNT(threads));
    pt_insight_action(insight, "raise maxPoolSize to the number of threads that write or read");
    return pt_insight_gain_beside(c, insight, c->run_ns - gain_ns);
}
