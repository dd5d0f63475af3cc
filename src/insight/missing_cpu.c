/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that were ready to run and had no CPU: a quota, or a machine that is full. */
#include "insight/verdict.h"

static void add_quota(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t throttled_ns = pt_growth_of(&c->model->resources.system.throttled_ns);
    if (throttled_ns > c->run_ns / 100) {
        pt_insight_number(insight, "The quota of its control group held it back for %s.",
                          PT_DURATION(throttled_ns));
        pt_insight_action(insight, "raise the quota");
    } else if (c->cpus > 0 && c->busy_cpus >= 0.0) {
        pt_insight_number(insight, "The %s CPUs of this machine were %s busy.", PT_COUNT(c->cpus),
                          PT_PERCENT(c->busy_cpus, (double)c->cpus));
        pt_insight_action(insight, "give it a CPU that nobody else uses");
    } else {
        pt_insight_action(insight, "give it a CPU");
    }
}

bool pt_verdict_missing_cpu(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t ready_ns = c->time.parts_ns[PT_PART_READY];
    int64_t gain_ns = pt_case_of_run(c, ready_ns);
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The program lacked a CPU for %s of %s.", PT_DURATION(ready_ns),
                        PT_DURATION(c->time.wall_ns));
    pt_insight_number(insight, "Its threads were ready to run %s of their time.",
                      PT_PERCENT((double)ready_ns, (double)c->time.wall_ns));
    add_quota(c, insight);
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
