/* SPDX-License-Identifier: Apache-2.0 */
#include "html/lanes.h"

#include <stdlib.h>

#include "base/saturate.h"
#include "model/thread_role.h"

struct candidate {
    size_t process;
    const struct pt_recorded_thread *thread;
    int64_t busy_ns;
};

static int busiest_first(const void *one, const void *other)
{
    const struct candidate *a = one, *b = other;
    if (a->busy_ns != b->busy_ns) {
        return a->busy_ns > b->busy_ns ? -1 : 1;
    }
    if (a->process != b->process) {
        return a->process < b->process ? -1 : 1;
    }
    return a->thread->number - b->thread->number;
}

static int in_order(const void *one, const void *other)
{
    const struct candidate *a = one, *b = other;
    if (a->process != b->process) {
        return a->process < b->process ? -1 : 1;
    }
    return a->thread->number - b->thread->number;
}

static size_t list_threads(const struct pt_model *model, struct candidate *list)
{
    size_t count = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 1; at < process->thread_slots; at++) {
            const struct pt_recorded_thread *thread = process->threads[at];
            if (thread != NULL && list != NULL) {
                list[count] =
                    (struct candidate){i, thread, pt_parts_busy(thread->parts_ns, thread->wall_ns)};
            }
            count += thread != NULL;
        }
    }
    return count;
}

/* All of them at first in the lane that is shared. */
static bool make_tables(struct pt_lanes *lanes, const struct pt_model *model)
{
    lanes->by_thread = calloc(model->process_count + 1, sizeof *lanes->by_thread);
    for (size_t i = 0; lanes->by_thread != NULL && i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        int32_t *table = calloc(process->thread_slots + 1, sizeof *table);
        lanes->by_thread[i] = table;
        for (size_t at = 0; table != NULL && at < process->thread_slots; at++) {
            bool is_thread = at > 0 && process->threads[at] != NULL;
            table[at] = is_thread ? PT_LANES : PT_LANE_NONE;
        }
        if (table == NULL) {
            return false;
        }
    }
    return lanes->by_thread != NULL;
}

static void assign(struct pt_lanes *lanes, const struct pt_model *model, struct candidate *list,
                   size_t count)
{
    size_t single = count < PT_LANES ? count : PT_LANES;
    if (count > 1) {
        qsort(list, count, sizeof *list, busiest_first);
        qsort(list, single, sizeof *list, in_order);
    }
    for (size_t i = 0; i < single; i++) {
        lanes->items[i] = (struct pt_lane){
            .process = model->processes[list[i].process], .thread = list[i].thread, .threads = 1};
        lanes->by_thread[list[i].process][list[i].thread->number] = (int32_t)i;
    }
    lanes->count = single;
    if (count > single) {
        lanes->items[lanes->count++] = (struct pt_lane){.threads = (int64_t)(count - single)};
    }
}

static bool make_buckets(struct pt_lanes *lanes)
{
    bool made = true;
    for (size_t i = 0; i < lanes->count; i++) {
        struct pt_lane *lane = &lanes->items[i];
        lane->ns = calloc(PT_LANE_BUCKETS, sizeof *lane->ns);
        lane->calls = calloc(PT_LANE_BUCKETS, sizeof *lane->calls);
        made = made && lane->ns != NULL && lane->calls != NULL;
    }
    return made;
}

bool pt_lanes_make(struct pt_lanes *lanes, const struct pt_model *model, bool buckets)
{
    size_t count = list_threads(model, NULL);
    struct candidate *list = calloc(count + 1, sizeof *list);
    int64_t span_ns = pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    *lanes = (struct pt_lanes){.model = model, .span_ns = pt_max(1, span_ns)};
    bool made = list != NULL && make_tables(lanes, model);
    if (made) {
        list_threads(model, list);
        assign(lanes, model, list, count);
    }
    free(list);
    return made && (!buckets || make_buckets(lanes));
}

int32_t pt_lane_of(const struct pt_lanes *lanes, size_t process, int32_t thread)
{
    bool known = process < lanes->model->process_count && thread > 0 &&
                 (size_t)thread < lanes->model->processes[process]->thread_slots;
    return known ? lanes->by_thread[process][thread] : PT_LANE_NONE;
}

static size_t bucket_of(const struct pt_lanes *lanes, double ns)
{
    double at = ns * PT_LANE_BUCKETS / (double)lanes->span_ns;
    return at <= 0.0 ? 0 : at >= PT_LANE_BUCKETS ? PT_LANE_BUCKETS - 1 : (size_t)at;
}

/* The share of the interval that lies in the bucket. */
static double share_of(const struct pt_lanes *lanes, size_t bucket, double from, double to)
{
    double width = (double)lanes->span_ns / PT_LANE_BUCKETS;
    double begin = (double)bucket * width, end = begin + width;
    double overlap = (to < end ? to : end) - (from > begin ? from : begin);
    return to > from && overlap > 0.0 ? overlap / (to - from) : 0.0;
}

void pt_lane_spread(struct pt_lanes *lanes, const struct pt_kept_event *event,
                    const int64_t parts_ns[PT_VIEW_PARTS])
{
    struct pt_lane *lane = &lanes->items[event->lane];
    double from = (double)event->start_ns, to = from + (double)event->duration_ns;
    if (lane->ns == NULL || event->start_ns > lanes->span_ns || to < 0.0) {
        return;
    }
    size_t first = bucket_of(lanes, from), last = bucket_of(lanes, to);
    lane->calls[first] += event->kind != PT_VIEW_WAITING;
    for (size_t bucket = first; bucket <= last; bucket++) {
        double share = share_of(lanes, bucket, from, to);
        for (int part = 0; part < PT_VIEW_PARTS; part++) {
            lane->ns[bucket][part] += share * (double)parts_ns[part];
        }
    }
}

void pt_lanes_release(struct pt_lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        free(lanes->items[i].ns);
        free(lanes->items[i].calls);
    }
    for (size_t i = 0; lanes->by_thread != NULL && i < lanes->model->process_count; i++) {
        free(lanes->by_thread[i]);
    }
    free(lanes->by_thread);
}
