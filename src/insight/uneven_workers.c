/* SPDX-License-Identifier: Apache-2.0 */
/* Threads of one role that worked side by side, of which one worked on while the others had
 * nothing left to do. */
#include "insight/verdict.h"
#include "model/thread_role.h"

#define LEAST_THREADS 2

struct team {
    int64_t threads, last_sum_ns; /* last_sum_ns: of ends since `base_ns` */
    int64_t base_ns, latest_first_ns, earliest_last_ns;
    const struct pt_recorded_thread *last;
    const struct pt_process *process;
};

static void add(struct team *team, const struct pt_process *process,
                const struct pt_recorded_thread *thread)
{
    const struct pt_thread_work *work = &thread->work;
    bool first = team->threads == 0;
    team->base_ns = first ? work->first_ns : team->base_ns;
    team->latest_first_ns = first ? work->first_ns : pt_max(team->latest_first_ns, work->first_ns);
    team->earliest_last_ns = first ? work->last_ns : pt_min(team->earliest_last_ns, work->last_ns);
    team->last_sum_ns = pt_add(team->last_sum_ns, pt_sub(work->last_ns, team->base_ns));
    if (first || work->last_ns > team->last->work.last_ns) {
        team->last = thread;
        team->process = process;
    }
    team->threads++;
}

static struct team gather(const struct pt_case *c, enum pt_role role)
{
    struct team team = {0};
    for (size_t i = 0; i < c->model->process_count; i++) {
        const struct pt_process *process = c->model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            const struct pt_recorded_thread *thread = process->threads[at];
            if (thread != NULL && thread->work.last_ns > 0 && pt_thread_role(thread) == role) {
                add(&team, process, thread);
            }
        }
    }
    return team;
}

/* Threads that wait for each other's clients end when chance wants it. */
static bool shares_pool(const struct pt_case *c)
{
    return c->time.parts_ns[PT_PART_POOL_WAIT] > c->time.wall_ns / 10;
}

/* All were at work at one moment, and the last one's end is that of the run. What the others could
 * have taken over: until all end together. */
static int64_t gain(const struct pt_case *c, const struct team *team)
{
    if (team->threads < LEAST_THREADS || shares_pool(c) ||
        team->latest_first_ns >= team->earliest_last_ns ||
        team->last->work.last_ns < pt_sub(c->model->runtime_end_ns, c->run_ns / 10)) {
        return 0;
    }
    int64_t mean_ns = team->last_sum_ns / team->threads;
    return pt_sub(pt_sub(team->last->work.last_ns, team->base_ns), mean_ns);
}

bool pt_verdict_uneven_workers(const struct pt_case *c, struct pt_insight *insight)
{
    struct team worst = {0};
    int64_t gain_ns = 0;
    for (int role = 0; role < PT_ROLE_OTHER; role++) {
        struct team team = gather(c, (enum pt_role)role);
        if (gain(c, &team) > gain_ns) {
            worst = team;
            gain_ns = gain(c, &team);
        }
    }
    if (!pt_worth(c, gain_ns)) {
        return false;
    }
    insight->confidence = PT_CERTAIN;
    insight->process = worst.process;
    insight->thread = worst.last->number;
    insight->start_ns = worst.earliest_last_ns;
    insight->end_ns = worst.last->work.last_ns;
    pt_insight_sentence(insight, "Uneven workers: thread %d works %s longer than the first to end.",
                        (int)worst.last->number,
                        PT_DURATION(pt_sub(insight->end_ns, insight->start_ns)));
    pt_insight_number(insight, "%s threads share the work; the others wait or have ended.",
                      PT_COUNT(worst.threads));
    pt_insight_action(insight, "hand out the work in smaller pieces");
    return pt_insight_gain_beside(c, insight, c->run_ns - gain_ns);
}
