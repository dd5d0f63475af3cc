/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/fill.h"

#include "model/thread_role.h"

struct alive {
    int32_t reading[PT_SERIES_BUCKETS], writing[PT_SERIES_BUCKETS], all[PT_SERIES_BUCKETS];
};

static void mark(struct alive *alive, const struct pt_time_series *series,
                 const struct pt_recorded_thread *thread)
{
    enum pt_role role = pt_thread_role(thread);
    int64_t width = pt_series_width(series);
    for (size_t i = 0; i < pt_series_count(series); i++) {
        int64_t begin = pt_series_begin(series, i);
        if (begin <= thread->work.last_ns && pt_add(begin, width) > thread->work.first_ns) {
            alive->all[i] += role != PT_ROLE_OTHER;
            alive->reading[i] += role == PT_ROLE_READS || role == PT_ROLE_BOTH;
            alive->writing[i] += role == PT_ROLE_WRITES || role == PT_ROLE_BOTH;
        }
    }
}

static void mark_all(struct alive *alive, const struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            if (process->threads[at] != NULL && process->threads[at]->work.last_ns > 0) {
                mark(alive, &model->activity, process->threads[at]);
            }
        }
    }
}

static void add(struct pt_fill *fill, enum pt_fill_of of, int64_t spent_ns, int32_t threads,
                int64_t width_ns)
{
    fill->total_ns[of] = pt_add(fill->total_ns[of], spent_ns);
    fill->filled_ns[of] =
        pt_add(fill->filled_ns[of], pt_min(width_ns, spent_ns / pt_max(1, threads)));
}

static void add_bucket(struct pt_fill *fill, const struct alive *alive,
                       const struct pt_time_series *series, size_t at)
{
    const int64_t *values = pt_series_at(series, at);
    int64_t width = pt_series_width(series);
    int64_t busy = pt_add(pt_add(values[PT_ACTIVITY_READING], values[PT_ACTIVITY_WRITING]),
                          pt_add(values[PT_ACTIVITY_OTHER_CALLS], values[PT_ACTIVITY_COMPUTING]));
    add(fill, PT_FILL_READING, values[PT_ACTIVITY_READING], alive->reading[at], width);
    add(fill, PT_FILL_WRITING, values[PT_ACTIVITY_WRITING], alive->writing[at], width);
    add(fill, PT_FILL_COMPUTING, values[PT_ACTIVITY_COMPUTING], alive->all[at], width);
    bool edge = at == 0 || at + 1 == pt_series_count(series); /* the run covers these in part */
    fill->idle_ns = pt_add(fill->idle_ns, edge ? 0 : pt_max(0, width - busy));
}

static enum pt_fill_of most(const struct pt_fill *fill)
{
    enum pt_fill_of found = PT_FILL_READING;
    for (int of = 1; of < PT_FILL_COUNT; of++) {
        found = fill->filled_ns[of] > fill->filled_ns[found] ? (enum pt_fill_of)of : found;
    }
    return found;
}

struct pt_fill pt_fill_make(const struct pt_model *model)
{
    struct pt_fill fill = {{0}, {0}, 0, false, PT_FILL_READING};
    struct alive alive = {{0}, {0}, {0}};
    mark_all(&alive, model);
    for (size_t i = 0; i < pt_series_count(&model->activity); i++) {
        add_bucket(&fill, &alive, &model->activity, i);
    }
    fill.pipelined = pt_model_role(model, PT_ROLE_READS).threads > 0 &&
                     pt_model_role(model, PT_ROLE_WRITES).threads > 0;
    fill.limiting = most(&fill);
    return fill;
}

int64_t pt_fill_gain(const struct pt_fill *fill, enum pt_fill_of of, int64_t saved_ns)
{
    if (fill->total_ns[of] <= 0 || (fill->pipelined && of != fill->limiting)) {
        return 0;
    }
    double share = (double)pt_max(0, saved_ns) / (double)fill->total_ns[of];
    return (int64_t)((share > 1.0 ? 1.0 : share) * (double)fill->filled_ns[of]);
}
