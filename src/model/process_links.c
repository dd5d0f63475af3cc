/* SPDX-License-Identifier: Apache-2.0 */
#include "model/process_links.h"

#include "base/saturate.h"

/* The start of a forked process is known in clock ticks of 10 ms. */
#define TICK_NS 10000000

static int64_t start_of(const struct pt_process *process)
{
    return pt_add(process->start_ns, process->wall_offset_ns);
}

/* One process, in which `b` is the later program. */
static bool is_exec(const struct pt_process *a, const struct pt_process *b)
{
    return a != b && a->pid == b->pid && a->start_ticks == b->start_ticks &&
           a->start_ns < b->start_ns && pt_process_same_place(a, b);
}

static const struct pt_process *successor(const struct pt_model *model,
                                          const struct pt_process *process)
{
    const struct pt_process *next = NULL;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *other = model->processes[i];
        if (is_exec(process, other) && (next == NULL || other->start_ns < next->start_ns)) {
            next = other;
        }
    }
    return next;
}

void pt_model_link_processes(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        struct pt_process *process = model->processes[i];
        if (!process->has_end && !process->has_run_end && successor(model, process) != NULL) {
            process->ending = PT_ENDED_EXEC;
        }
    }
}

static bool is_parent(const struct pt_process *parent, const struct pt_process *child)
{
    return parent != child && parent->pid == child->ppid && parent->pid != child->pid &&
           pt_process_same_place(parent, child) &&
           pt_sub(parent->start_ns, child->start_ns) <= TICK_NS;
}

static const struct pt_process *parent_of(const struct pt_model *model,
                                          const struct pt_process *child)
{
    for (size_t i = 0; i < model->process_count; i++) {
        if (is_parent(model->processes[i], child)) {
            return model->processes[i];
        }
    }
    return NULL;
}

static const struct pt_process *earliest(const struct pt_model *model)
{
    const struct pt_process *first = NULL;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        if (first == NULL || start_of(process) < start_of(first)) {
            first = process;
        }
    }
    return first;
}

const struct pt_process *pt_model_root(const struct pt_model *model)
{
    const struct pt_process *root = earliest(model);
    for (size_t steps = 0; root != NULL && steps < model->process_count; steps++) {
        const struct pt_process *parent = parent_of(model, root);
        root = parent != NULL ? parent : root;
    }
    return root;
}

const struct pt_process *pt_model_ender(const struct pt_model *model)
{
    const struct pt_process *ender = pt_model_root(model);
    for (const struct pt_process *next = ender; next != NULL; next = successor(model, next)) {
        ender = next;
    }
    return ender;
}

/* What a process had at most; -1: not known. */
enum level { RSS_HIGHEST, RSS_PEAK, THREADS, LEVELS };

static int64_t level_of(const struct pt_process *process, enum level level)
{
    const struct pt_process_use *use = &process->resources.process;
    switch (level) {
    case RSS_HIGHEST:
        return use->rss_highest_bytes;
    case RSS_PEAK:
        return use->peak_bytes;
    default:
        return use->samples > 0 ? use->threads_highest : -1;
    }
}

static bool lived_at(const struct pt_process *process, int64_t moment_ns)
{
    int64_t end_ns = pt_add(pt_process_end_ns(process), process->wall_offset_ns);
    return start_of(process) <= moment_ns &&
           (moment_ns < end_ns || process->ending == PT_ENDED_RUNNING ||
            moment_ns == start_of(process));
}

/* A sum is largest when a process has just started. */
static int64_t largest_sum(const struct pt_model *model, enum level level)
{
    int64_t largest = -1;
    for (size_t i = 0; i < model->process_count; i++) {
        int64_t sum = -1;
        for (size_t j = 0; j < model->process_count; j++) {
            int64_t value = level_of(model->processes[j], level);
            if (value >= 0 && lived_at(model->processes[j], start_of(model->processes[i]))) {
                sum = sum < 0 ? value : pt_add(sum, value);
            }
        }
        largest = pt_max(largest, sum);
    }
    return largest;
}

void pt_model_add_overlaps(struct pt_model *model)
{
    struct pt_process_use *use = &model->resources.process;
    bool single = model->process_count == 1;
    use->rss_highest_bytes = largest_sum(model, RSS_HIGHEST);
    use->peak_bytes = largest_sum(model, RSS_PEAK);
    use->threads_highest = pt_max(0, largest_sum(model, THREADS));
    use->rss_first_bytes = single ? model->processes[0]->resources.process.rss_first_bytes : -1;
    use->rss_last_bytes = single ? model->processes[0]->resources.process.rss_last_bytes : -1;
}
