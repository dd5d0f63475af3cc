/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that spend their time in calls, without a cause that another verdict names: the server,
 * or the network. The fastest command bounds what the network takes of each from above. */
#include "base/saturate.h"
#include "insight/verdict.h"

#define LEAST_SHARE 0.8 /* of the threads' time */
#define NETWORK     4   /* the usual command is so many times the fastest: the server's time */

static const struct pt_call_group *largest(const struct pt_model *model)
{
    const struct pt_call_group *found = NULL;
    for (size_t i = 0; i < model->group_count; i++) {
        const struct pt_call_group *group = &model->groups[i];
        found = found == NULL || group->sum_ns > found->sum_ns ? group : found;
    }
    return found;
}

static void add_group(struct pt_insight *insight, const struct pt_call_group *group)
{
    int64_t documents = group->documents;
    insight->name_space = group->name_space;
    if (documents > 0) {
        pt_insight_number(insight, "%s %s call%s in %s take %s, %s per document.",
                          PT_COUNT(group->calls), pt_sort_text(group->sort),
                          pt_plural(group->calls), pt_group_name(group), PT_DURATION(group->sum_ns),
                          PT_DURATION(group->sum_ns / documents));
    } else {
        pt_insight_number(insight, "%s %s call%s in %s take %s.", PT_COUNT(group->calls),
                          pt_sort_text(group->sort), pt_plural(group->calls), pt_group_name(group),
                          PT_DURATION(group->sum_ns));
    }
}

static const char *what_to_ask(enum pt_call_sort sort)
{
    switch (sort) {
    case PT_SORT_INSERT:
        return "how many indexes each document goes into";
    case PT_SORT_INDEX:
        return "what else it does meanwhile";
    default:
        return "whether the filter has an index";
    }
}

/* Both are bounds for one command of this run, and no more. */
static void tell_apart(struct pt_insight *insight, const struct pt_call_group *group,
                       int64_t fastest_ns)
{
    if (pt_group_mean(group) >= pt_mul(NETWORK, fastest_ns)) {
        pt_insight_number(insight, "The fastest command of the run took %s, network included.",
                          PT_DURATION(fastest_ns));
        pt_insight_action(insight, "look at %s on the server: its slow query log, and %s.",
                          pt_sort_text(group->sort), what_to_ask(group->sort));
    } else {
        pt_insight_number(insight,
                          "Cannot tell server and network apart: no command took less "
                          "than %s.",
                          PT_DURATION(fastest_ns));
        pt_insight_action(insight, "time a ping from this host.");
    }
}

bool pt_verdict_server_time(const struct pt_case *c, struct pt_insight *insight)
{
    int64_t server_ns = c->time.parts_ns[PT_PART_SERVER];
    int64_t spent_ns = pt_case_of_run(c, server_ns);
    const struct pt_call_group *group = largest(c->model);
    if (c->explained || group == NULL || !pt_worth(c, spent_ns) ||
        (double)server_ns < LEAST_SHARE * (double)c->time.wall_ns) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    pt_insight_sentence(insight, "The server and the network take %s of the threads' time.",
                        PT_PERCENT((double)server_ns, (double)c->time.wall_ns));
    add_group(insight, group);
    tell_apart(insight, group, pt_case_fastest(c));
    return true;
}
