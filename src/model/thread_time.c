/* SPDX-License-Identifier: Apache-2.0 */
#include "model/thread_time.h"

/* Parts in which the thread had no CPU, by the kind of time they belong to. */
enum kind { OF_CALLS, OF_APPLICATION, KINDS };
static const struct {
    enum pt_part part;
    enum kind kind;
} lenders[] = {
    {PT_PART_WAITING, OF_APPLICATION}, {PT_PART_SERVER, OF_CALLS},
    {PT_PART_SERVER_WAIT, OF_CALLS},   {PT_PART_EVENTS, OF_CALLS},
    {PT_PART_POOL_WAIT, OF_CALLS},
};
#define LENDERS (sizeof lenders / sizeof lenders[0])

struct shares {
    int64_t cpu_ns[KINDS];  /* used in that kind of time */
    int64_t idle_ns[KINDS]; /* without a CPU in it: at most so much can be taken */
    int64_t take_ns[KINDS];
};

/* a * b / c, for b <= c. */
static int64_t portion(int64_t a, int64_t b, int64_t c)
{
    return c <= 0 ? 0 : (int64_t)((__int128)a * b / c);
}

static int64_t sum(const int64_t values[KINDS])
{
    return pt_add(values[OF_CALLS], values[OF_APPLICATION]);
}

static void fill_shares(struct shares *shares, const struct pt_recorded_thread *thread)
{
    for (size_t i = 0; i < LENDERS; i++) {
        int64_t *idle = &shares->idle_ns[lenders[i].kind];
        *idle = pt_add(*idle, thread->parts_ns[lenders[i].part]);
    }
    shares->cpu_ns[OF_CALLS] = thread->parts_ns[PT_PART_DRIVER];
    shares->cpu_ns[OF_APPLICATION] = thread->parts_ns[PT_PART_COMPUTING];
}

/* At most what is idle in all. */
static void divide(struct shares *shares, int64_t ready_ns)
{
    int64_t cpu_ns = sum(shares->cpu_ns);
    for (int kind = 0; kind < KINDS; kind++) {
        shares->take_ns[kind] =
            pt_min(shares->idle_ns[kind], portion(ready_ns, shares->cpu_ns[kind], cpu_ns));
    }
    int64_t left_ns = ready_ns - sum(shares->take_ns);
    int64_t idle_ns = sum(shares->idle_ns) - sum(shares->take_ns);
    for (int kind = 0; kind < KINDS; kind++) {
        int64_t idle = shares->idle_ns[kind] - shares->take_ns[kind];
        shares->take_ns[kind] += portion(left_ns, idle, idle_ns);
    }
}

/* What is told apart in a part shrinks with it. */
static void shrink_within(struct pt_recorded_thread *thread, enum pt_part part, int64_t before_ns)
{
    int64_t *within = part == PT_PART_SERVER_WAIT ? &thread->within_ns[PT_WITHIN_SERVER_CHECK]
                      : part == PT_PART_POOL_WAIT ? &thread->within_ns[PT_WITHIN_POOL_WAIT]
                                                  : NULL;
    if (within != NULL) {
        *within = portion(*within, thread->parts_ns[part], before_ns);
    }
}

static void take(struct pt_recorded_thread *thread, const struct shares *shares)
{
    for (size_t i = 0; i < LENDERS; i++) {
        enum kind kind = lenders[i].kind;
        int64_t *part = &thread->parts_ns[lenders[i].part];
        int64_t before_ns = *part;
        int64_t taken_ns = portion(shares->take_ns[kind], before_ns, shares->idle_ns[kind]);
        *part -= taken_ns;
        pt_thread_spend(thread, PT_PART_READY, taken_ns);
        shrink_within(thread, lenders[i].part, before_ns);
    }
}

/* Between the first call and the end, or the last reading. */
static void take_ready(struct pt_recorded_thread *thread)
{
    struct shares shares = {0};
    if (thread->sched.readings >= 2) {
        int64_t ready_ns = pt_sub(thread->sched.ready_ns[1], thread->sched.ready_ns[0]);
        fill_shares(&shares, thread);
        divide(&shares, pt_min(pt_max(0, ready_ns), sum(shares.idle_ns)));
        take(thread, &shares);
    }
}

/* The main thread lives as long as its process; another one from its first recorded call until its
 * end. */
static void close_thread(const struct pt_process *process, struct pt_recorded_thread *thread)
{
    bool main_thread = thread->tid != 0 && thread->tid == process->pid;
    int64_t start = main_thread || !thread->has_start ? process->start_ns : thread->start_ns;
    int64_t end = thread->has_end ? thread->end_ns : pt_process_end_ns(process);
    int64_t inside = 0;
    for (int part = 0; part < PT_PART_OUTSIDE; part++) {
        inside = pt_add(inside, thread->parts_ns[part]);
    }
    /* A log without damage has no tile outside the wall; with damage the tiles that are left still
     * count. */
    thread->wall_ns = pt_max(pt_max(0, pt_sub(end, start)), inside);
    thread->parts_ns[PT_PART_OUTSIDE] = thread->wall_ns - inside;
    take_ready(thread);
}

void pt_process_close_threads(struct pt_process *process)
{
    for (size_t i = 0; i < process->thread_slots; i++) {
        if (process->threads[i] != NULL) {
            close_thread(process, process->threads[i]);
        }
    }
}
