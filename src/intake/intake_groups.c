/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_groups.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/saturate.h"

static int64_t epoch(const struct pt_intake *intake, int64_t t_ns)
{
    return pt_add(t_ns, intake->process->wall_offset_ns);
}

/* PT_SORT_COUNT: a call of no sort that is looked at. */
static enum pt_call_sort sort_of(int32_t phase, int32_t command)
{
    switch (phase) {
    case PT_PHASE_QUERY:
        return command == PT_COMMAND_getMore ? PT_SORT_MORE : PT_SORT_FIND;
    case PT_PHASE_INSERTION:
        return PT_SORT_INSERT;
    case PT_PHASE_UPDATE:
        return PT_SORT_UPDATE;
    case PT_PHASE_DELETION:
        return PT_SORT_DELETE;
    case PT_PHASE_INDEX:
        return PT_SORT_INDEX;
    default:
        return PT_SORT_COUNT;
    }
}

static struct pt_call_group *group_of(struct pt_intake *intake, int32_t ns, enum pt_call_sort sort)
{
    if (ns < 0 || ns > PT_NAMES_HIGHEST || sort == PT_SORT_COUNT) {
        return NULL;
    }
    size_t at = (size_t)ns * PT_SORT_COUNT + (size_t)sort;
    struct pt_call_group **groups =
        pt_array_reach(intake->groups, &intake->group_slots, at,
                       (PT_NAME_FIRST + 4) * PT_SORT_COUNT, sizeof(struct pt_call_group *));
    if (groups == NULL) {
        return NULL;
    }
    intake->groups = groups;
    if (groups[at] == NULL && intake->group_count < PT_CALL_GROUPS_HIGHEST) {
        groups[at] = calloc(1, sizeof **groups);
        intake->group_count += groups[at] != NULL;
    }
    return groups[at];
}

static void add_work(struct pt_intake *intake, struct pt_recorded_thread *thread,
                     const struct pt_doc_span *span, int64_t own_ns, enum pt_call_sort sort)
{
    struct pt_time_series *activity = &intake->process->activity;
    struct pt_thread_work *work = &thread->work;
    bool reads = sort <= PT_SORT_MORE || span->ph == PT_PHASE_AGGREGATION;
    bool writes = sort >= PT_SORT_INSERT && sort <= PT_SORT_DELETE;
    int64_t t_ns = epoch(intake, span->t), documents = pt_max(0, span->n);
    int64_t *spent = reads ? &work->reading_ns : writes ? &work->writing_ns : &work->other_ns;
    *spent = pt_add(*spent, own_ns);
    pt_series_spread(activity, t_ns, own_ns,
                     reads    ? PT_ACTIVITY_READING
                     : writes ? PT_ACTIVITY_WRITING
                              : PT_ACTIVITY_OTHER_CALLS);
    if (reads || writes) {
        int64_t *counted = reads ? &work->read : &work->written;
        *counted = pt_add(*counted, documents);
        pt_series_add(activity, pt_add(t_ns, own_ns),
                      reads ? PT_ACTIVITY_READ : PT_ACTIVITY_WRITTEN, documents);
    }
    work->first_ns = work->last_ns == 0 ? t_ns : pt_min(work->first_ns, t_ns);
    work->last_ns = pt_max(work->last_ns, pt_add(t_ns, own_ns));
}

void pt_intake_group_span(struct pt_intake *intake, struct pt_recorded_thread *thread,
                          const struct pt_doc_span *span, int64_t own_ns, int32_t command)
{
    enum pt_call_sort sort = sort_of(span->ph, command);
    if (span->ph >= PT_PHASE_TEARDOWN && span->ph < PT_NAME_FIRST) {
        return;
    }
    add_work(intake, thread, span, own_ns, sort);
    struct pt_call_group *group = group_of(intake, span->ns, sort);
    if (group != NULL) {
        struct pt_group_call call = {.at = {.t_ns = epoch(intake, span->t),
                                            .d_ns = own_ns,
                                            .documents = pt_max(0, span->n),
                                            .bytes = pt_max(0, span->b),
                                            .thread = span->th,
                                            .pid = intake->process->pid},
                                     .commands = pt_max(0, span->c),
                                     .failed = span->st != PT_STATUS_OK};
        pt_group_add(group, &call);
    }
}

void pt_intake_group_gap(struct pt_intake *intake, const struct pt_doc_gap *gap, int64_t cpu_ns)
{
    pt_series_spread(&intake->process->activity, epoch(intake, gap->t), cpu_ns,
                     PT_ACTIVITY_COMPUTING);
}

void pt_intake_group_sample(struct pt_intake *intake, const struct pt_doc_sample *sample)
{
    struct pt_time_series *memory = &intake->process->memory;
    memory->highest = true;
    if (sample->rss > 0) {
        pt_series_add(memory, epoch(intake, sample->t), PT_MEMORY_RESIDENT, sample->rss);
    }
}

static void merge_group(struct pt_intake *intake, size_t at)
{
    struct pt_call_group *from = intake->groups[at];
    const char *name =
        pt_names_find(&intake->process->names, PT_NAME_NAMESPACE, (int64_t)(at / PT_SORT_COUNT));
    struct pt_call_group *to =
        pt_model_call_group(intake->model, name, (enum pt_call_sort)(at % PT_SORT_COUNT));
    if (to != NULL) {
        pt_group_merge(to, from);
    }
    pt_group_release(from);
    free(from);
}

void pt_intake_close_groups(struct pt_intake *intake)
{
    struct pt_process *process = intake->process;
    for (size_t at = 0; at < intake->group_slots; at++) {
        if (intake->groups[at] != NULL) {
            merge_group(intake, at);
        }
    }
    free(intake->groups);
    intake->groups = NULL;
    intake->group_slots = intake->group_count = 0;
    process->growth = pt_memory_growth_of(&process->activity, &process->memory);
    pt_series_merge(&intake->model->activity, &process->activity);
    pt_series_release(&process->activity);
    pt_series_release(&process->memory);
}
