/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for a server that the driver could use: elections, unreachable servers, pauses before a
 * retry. */
#include "insight/verdict.h"

/* Codes by which a server says that it is no primary, or ends. */
static bool is_election(int32_t code)
{
    static const int32_t codes[] = {91, 189, 10058, 10107, 11600, 11602, 13435, 13436};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static int64_t elections(const struct pt_tally *errors)
{
    int64_t count = 0;
    for (size_t i = 0; i < errors->used; i++) {
        count += is_election(errors->errors[i].code) ? errors->errors[i].count : 0;
    }
    return count;
}

bool pt_verdict_waiting_for_server(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t waited_ns = c->time.parts_ns[PT_PART_SERVER_WAIT];
    int64_t gain_ns = pt_case_of_run(c, waited_ns);
    int64_t failed = elections(&c->model->errors);
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The driver waited %s for a server that it could use.",
                        PT_DURATION(waited_ns));
    if (failed > 0) {
        pt_insight_number(insight, "%s commands failed since a primary stepped down or ended.",
                          PT_COUNT(failed));
    }
    pt_insight_action(insight, "ask who runs the database what happened to its servers then");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
