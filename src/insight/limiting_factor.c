/* SPDX-License-Identifier: Apache-2.0 */
/* The group of threads that limits a pipeline, and what limits it: reading, writing, or the CPU of
 * the masking. A thread that does everything in turn is the verdict on overlap. */
#include "base/saturate.h"
#include "insight/verdict.h"
#include "model/thread_role.h"

static const char *const names[PT_FILL_COUNT] = {"Reading", "Writing", "The masking's own CPU"};

/* The next busiest activity limits the run then. */
static int64_t next_limit(const struct pt_fill *fill)
{
    int64_t next_ns = 0;
    for (int of = 0; of < PT_FILL_COUNT; of++) {
        next_ns = of == (int)fill->limiting ? next_ns : pt_max(next_ns, fill->filled_ns[of]);
    }
    return next_ns;
}

static void add_role(const struct pt_case *c, struct pt_insight *insight, enum pt_role role,
                     const char *what)
{
    struct pt_role_use use = pt_model_role(c->model, role);
    if (use.threads > 0) {
        pt_insight_number(insight, "%s %s thread%s busy %s of the time.", PT_COUNT(use.threads),
                          what, use.threads == 1 ? " is" : "s are",
                          PT_PERCENT((double)use.busy_ns, (double)use.wall_ns));
    }
}

struct collections {
    int64_t count, longest_ns, first_ns, last_ns, sum_ns;
};

static struct pt_call_group joined(const struct pt_case *c, const struct pt_call_group *more)
{
    const struct pt_call_group *find = pt_case_group(c, more->name_space, PT_SORT_FIND);
    struct pt_call_group both = {.first_ns = more->first_ns, .last_ns = more->last_ns};
    if (find != NULL) {
        both.first_ns = pt_min(both.first_ns, find->first_ns);
        both.last_ns = pt_max(both.last_ns, find->last_ns);
    }
    return both;
}

/* Collections that were walked by cursors, as intervals. */
static struct collections walked(const struct pt_case *c)
{
    struct collections all = {.first_ns = INT64_MAX};
    for (size_t i = 0; i < c->model->group_count; i++) {
        const struct pt_call_group *group = &c->model->groups[i];
        if (group->sort != PT_SORT_MORE || group->name_space == NULL) {
            continue;
        }
        struct pt_call_group walk = joined(c, group);
        int64_t took_ns = pt_sub(walk.last_ns, walk.first_ns);
        all.count++;
        all.longest_ns = pt_max(all.longest_ns, took_ns);
        all.sum_ns = pt_add(all.sum_ns, took_ns);
        all.first_ns = pt_min(all.first_ns, walk.first_ns);
        all.last_ns = pt_max(all.last_ns, walk.last_ns);
    }
    return all;
}

/* One after another: together they take what they span. */
static bool in_turn(const struct collections *all)
{
    return all->count >= 2 && all->sum_ns / 11 <= pt_sub(all->last_ns, all->first_ns) / 10;
}

static int64_t advise(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_fill *fill = &c->fill;
    int64_t filled_ns = fill->filled_ns[fill->limiting], next_ns = next_limit(fill);
    struct collections all = walked(c);
    if (fill->limiting == PT_FILL_READING && in_turn(&all)) {
        pt_insight_action(insight, "read the %s collections side by side", PT_COUNT(all.count));
        return pt_add(c->run_ns - filled_ns, pt_max(pt_min(filled_ns, all.longest_ns), next_ns));
    }
    pt_insight_action(insight, fill->limiting == PT_FILL_READING
                                   ? "read two ranges of the collection side by side"
                               : fill->limiting == PT_FILL_WRITING
                                   ? "write with twice as many threads, if the server has room"
                                   : "mask with twice as many threads");
    return pt_add(c->run_ns - filled_ns, pt_max(filled_ns / 2, next_ns));
}

bool pt_verdict_limiting_factor(const struct pt_case *c, struct pt_insight *insight)
{
    const struct pt_fill *fill = &c->fill;
    int64_t filled_ns = fill->filled_ns[fill->limiting];
    if (!fill->pipelined || filled_ns < c->run_ns / 2) {
        return false;
    }
    insight->confidence = PT_LIKELY;
    pt_insight_sentence(insight, "%s limits this run: its %s %s of the %s.", names[fill->limiting],
                        fill->limiting == PT_FILL_COMPUTING ? "threads compute" : "calls fill",
                        PT_DURATION(filled_ns), PT_DURATION(c->run_ns));
    add_role(c, insight, PT_ROLE_READS, "reading");
    add_role(c, insight, PT_ROLE_WRITES, "writing");
    return pt_insight_gain_beside(c, insight, advise(c, insight));
}
