/* SPDX-License-Identifier: Apache-2.0 */
/* CPU time inside the driver: encoding, and compression or TLS where they are in use. */
#include "insight/verdict.h"

#define LEAST_SHARE 0.2  /* of the run */
#define PER_MIB_NS  10e6 /* plain encoding takes a few milliseconds for a MiB */
#define MIB         (1024.0 * 1024.0)

static double carried(const struct pt_model *model)
{
    double bytes = 0.0;
    for (size_t i = 0; i < model->group_count; i++) {
        bytes += (double)model->groups[i].bytes;
    }
    return bytes / MIB;
}

bool pt_verdict_driver_cpu(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t cpu_ns = c->time.parts_ns[PT_PART_DRIVER];
    int64_t spent_ns = pt_case_of_run(c, cpu_ns);
    double mib = carried(c->model);
    if ((double)spent_ns < LEAST_SHARE * (double)c->run_ns || mib < 1.0 ||
        (double)cpu_ns < PER_MIB_NS * mib || !pt_worth(c, spent_ns)) {
        return false;
    }
    insight->confidence = PT_POSSIBLE;
    pt_insight_sentence(insight, "The driver computes for %s, %s of its threads' time.",
                        PT_DURATION(cpu_ns), PT_PERCENT((double)cpu_ns, (double)c->time.wall_ns));
    pt_insight_number(insight,
                      "%s per MiB; compression or TLS would look like this, and so would "
                      "many small documents.",
                      PT_DURATION((int64_t)((double)cpu_ns / mib)));
    pt_insight_action(insight, "compare a run without compressors in its URI");
    pt_insight_gain(c, insight, "at best", c->run_ns - spent_ns);
    return true;
}
