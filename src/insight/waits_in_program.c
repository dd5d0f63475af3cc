/* SPDX-License-Identifier: Apache-2.0 */
/* Time in which no thread was in a driver call or computing. */
#include "insight/verdict.h"

/* Waits that have a verdict of their own are no waits of the program. */
static int64_t other_waits(const struct pt_case *c)
{
    const int64_t *parts = c->time.parts_ns;
    return pt_add(pt_add(parts[PT_PART_CONNECTION], parts[PT_PART_SERVER_WAIT]),
                  pt_add(pt_add(parts[PT_PART_POOL_WAIT], parts[PT_PART_EVENTS]),
                         pt_add(parts[PT_PART_READY], parts[PT_PART_DRIVER])));
}

bool pt_verdict_waits_in_program(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t idle_ns = pt_max(0, c->fill.idle_ns - other_waits(c));
    idle_ns = pt_min(idle_ns, c->time.parts_ns[PT_PART_WAITING]);
    if (!pt_worth(c, idle_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The program waits %s of the %s, and not for the database.",
                        PT_DURATION(idle_ns), PT_DURATION(c->run_ns));
    pt_insight_number(insight, "No thread is in a driver call or computing then.");
    pt_insight_action(insight, "look for sleeps, locks, files and other services it waits for");
    pt_insight_gain(c, insight, "at best", c->run_ns - idle_ns);
    return true;
}
