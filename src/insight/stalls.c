/* SPDX-License-Identifier: Apache-2.0 */
/* Few calls that took many times as long as the usual one: when, and how they differ from it. */
#include "base/saturate.h"
#include "insight/verdict.h"
#include "text/time_text.h"

#define LEAST_CALLS 20
#define TIMES       10 /* the usual duration */

struct stall {
    const struct pt_call_group *group;
    int count; /* of the group's slowest calls */
    int64_t usual_ns, lost_ns, first_ns, last_ns;
};

static bool has_excess(const struct stall *stall, const struct pt_slow_call *call)
{
    return call->d_ns >= pt_mul(TIMES, stall->usual_ns);
}

/* Stalls of several threads at one moment count once: what the calls cover together. The list has
 * at most PT_SLOW_CALLS rows, so every pair can be looked at. */
static int64_t covered(const struct stall *stall)
{
    int64_t covered_ns = 0;
    for (int i = 0; i < stall->count; i++) {
        const struct pt_slow_call *call = &stall->group->slow[i];
        int64_t from_ns = call->t_ns, to_ns = pt_add(call->t_ns, call->d_ns);
        for (int other = 0; other < i; other++) {
            const struct pt_slow_call *longer = &stall->group->slow[other];
            int64_t end_ns = pt_add(longer->t_ns, longer->d_ns);
            bool inside = from_ns >= longer->t_ns && from_ns < end_ns;
            from_ns = inside ? pt_min(end_ns, to_ns) : from_ns;
            to_ns = to_ns > longer->t_ns && to_ns <= end_ns ? pt_max(from_ns, longer->t_ns) : to_ns;
        }
        covered_ns = pt_add(covered_ns, pt_max(0, pt_sub(to_ns, from_ns)));
    }
    return covered_ns;
}

/* At most one in ten calls: more are no stalls, but another usual duration. */
static struct stall look(const struct pt_call_group *group)
{
    struct stall stall = {.group = group, .first_ns = INT64_MAX};
    stall.usual_ns = pt_max(1, pt_histogram_percentile(&group->durations, 50));
    for (int i = 0; i < group->slow_count && has_excess(&stall, &group->slow[i]); i++) {
        const struct pt_slow_call *call = &group->slow[i];
        stall.first_ns = pt_min(stall.first_ns, call->t_ns);
        stall.last_ns = pt_max(stall.last_ns, pt_add(call->t_ns, call->d_ns));
        stall.count++;
    }
    bool rare = group->calls >= LEAST_CALLS && (int64_t)stall.count * 10 <= group->calls;
    stall.lost_ns = rare ? pt_sub(covered(&stall), pt_mul(stall.count, stall.usual_ns)) : 0;
    return stall;
}

static void compare(struct pt_insight *insight, const struct stall *stall)
{
    const struct pt_slow_call *call = &stall->group->slow[0];
    int64_t calls = pt_max(1, stall->group->calls);
    int64_t documents = stall->group->documents / calls, bytes = stall->group->bytes / calls;
    bool larger = call->documents > pt_mul(2, documents) || call->bytes > pt_mul(2, bytes);
    pt_insight_number(insight,
                      larger ? "The longest carried %s documents and %s, usual %s and %s."
                             : "It was no larger: %s documents and %s, usual %s and %s.",
                      PT_COUNT(call->documents), PT_BYTES(call->bytes), PT_COUNT(documents),
                      PT_BYTES(bytes));
    if (call->t_ns == stall->group->first_ns) {
        pt_insight_number(insight, "The longest was the first of its sort: caches and connections "
                                   "were cold.");
    }
}

static void tell(const struct stall *stall, struct pt_insight *insight)
{
    char when[PT_TIME_BYTES];
    pt_utc_time_text(when, stall->first_ns / 1000000);
    insight->confidence = PT_CERTAIN;
    insight->name_space = stall->group->name_space;
    insight->start_ns = stall->first_ns;
    insight->end_ns = stall->last_ns;
    pt_insight_sentence(insight, "%d of %s %s calls stood still: %s, usual %s.", stall->count,
                        PT_COUNT(stall->group->calls), pt_sort_text(stall->group->sort),
                        PT_DURATION(stall->lost_ns), PT_DURATION(stall->usual_ns));
    pt_insight_number(insight, "The first at %.19s UTC, the longest %s, in %s.", when,
                      PT_DURATION(stall->group->slow[0].d_ns), pt_group_name(stall->group));
    compare(insight, stall);
}

bool pt_verdict_stalls(const struct pt_case *c, struct pt_insight *insight)
{
    struct stall worst = {.lost_ns = 0};
    for (size_t i = 0; i < c->model->group_count; i++) {
        struct stall stall = look(&c->model->groups[i]);
        if (c->model->groups[i].sort != PT_SORT_INDEX && stall.lost_ns > worst.lost_ns) {
            worst = stall;
        }
    }
    int64_t gain_ns = pt_min(worst.lost_ns, c->run_ns);
    if (worst.group == NULL || !pt_worth(c, gain_ns)) {
        return false;
    }
    tell(&worst, insight);
    pt_insight_action(insight, "look at what the server, or the network, did then");
    pt_insight_gain(c, insight, "at best", c->run_ns - gain_ns);
    return true;
}
