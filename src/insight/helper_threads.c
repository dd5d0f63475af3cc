/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that never call the driver, but use CPU time that the others lack. */
#include "insight/verdict.h"
#include "model/helper_use.h"

#define ROWS        8
#define LEAST_SHARE 0.2 /* of the machine's CPUs during the run */

static int64_t sum(const struct pt_helper_use *rows, size_t count)
{
    int64_t cpu_ns = 0;
    for (size_t i = 0; i < count; i++) {
        cpu_ns = pt_add(cpu_ns, rows[i].cpu_ns);
    }
    return cpu_ns;
}

bool pt_verdict_helper_threads(const struct pt_case *c, struct pt_insight *insight)
{
    struct pt_helper_use rows[ROWS];
    size_t count = pt_model_helpers(c->model, rows, ROWS);
    int64_t cpu_ns = sum(rows, pt_min((int64_t)count, ROWS));
    int64_t lacked_ns = pt_case_of_run(c, c->time.parts_ns[PT_PART_READY]);
    double all_ns = (double)c->run_ns * (double)pt_max(1, c->cpus);
    int64_t gain_ns = pt_min(cpu_ns, lacked_ns);
    if (c->cpus == 0 || (double)cpu_ns < LEAST_SHARE * all_ns || !pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_POSSIBLE;
    pt_insight_sentence(insight, "Threads that never call the driver used %s of CPU time.",
                        PT_DURATION(cpu_ns));
    pt_insight_number(insight, "Those that do were ready without a CPU for %s meanwhile.",
                      PT_DURATION(c->time.parts_ns[PT_PART_READY]));
    pt_insight_action(insight, "give the helper threads less to do, or the machine more CPUs");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
