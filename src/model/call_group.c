/* SPDX-License-Identifier: Apache-2.0 */
#include "model/call_group.h"

#include "base/saturate.h"

/* Of operations in a bulk that the driver had to send as so many commands. */
#define ALTERNATING_COMMANDS 8

static bool is_slower(const struct pt_slow_call *a, const struct pt_slow_call *b)
{
    if (a->d_ns != b->d_ns) {
        return a->d_ns > b->d_ns;
    }
    return a->t_ns != b->t_ns ? a->t_ns < b->t_ns : a->thread < b->thread;
}

static void keep_slow(struct pt_call_group *group, const struct pt_slow_call *call)
{
    int at = group->slow_count;
    while (at > 0 && is_slower(call, &group->slow[at - 1])) {
        if (at < PT_SLOW_CALLS) {
            group->slow[at] = group->slow[at - 1];
        }
        at--;
    }
    if (at < PT_SLOW_CALLS) {
        group->slow[at] = *call;
        group->slow_count += group->slow_count < PT_SLOW_CALLS;
    }
}

static void add_times(struct pt_call_group *group, const struct pt_slow_call *at)
{
    int64_t end_ns = pt_add(at->t_ns, at->d_ns);
    group->first_ns = group->calls == 0 ? at->t_ns : pt_min(group->first_ns, at->t_ns);
    group->last_ns = pt_max(group->last_ns, end_ns);
    pt_series_add(&group->series, at->t_ns, PT_GROUP_CALLS, 1);
    pt_series_add(&group->series, at->t_ns, PT_GROUP_DOCUMENTS, at->documents);
    pt_series_add(&group->series, at->t_ns, PT_GROUP_TIME, at->d_ns);
    pt_series_add(&group->series, at->t_ns, PT_GROUP_BYTES, at->bytes);
}

static void add_alternating(struct pt_call_group *group, const struct pt_group_call *call)
{
    group->alternating++;
    group->alternating_commands = pt_add(group->alternating_commands, call->commands);
    group->alternating_documents = pt_add(group->alternating_documents, call->at.documents);
    group->alternating_ns = pt_add(group->alternating_ns, call->at.d_ns);
}

static void merge_alternating(struct pt_call_group *to, const struct pt_call_group *from)
{
    to->alternating += from->alternating;
    to->alternating_commands = pt_add(to->alternating_commands, from->alternating_commands);
    to->alternating_documents = pt_add(to->alternating_documents, from->alternating_documents);
    to->alternating_ns = pt_add(to->alternating_ns, from->alternating_ns);
}

static void add_shape(struct pt_call_group *group, const struct pt_group_call *call)
{
    bool single = call->commands <= 1;
    group->single += call->at.documents <= 1;
    group->split += !single;
    if (call->commands >= ALTERNATING_COMMANDS && call->at.documents < 2 * call->commands) {
        add_alternating(group, call);
    }
    if (single) {
        pt_fit_add(&group->by_documents, call->at.documents, call->at.d_ns);
    }
}

static void add_success(struct pt_call_group *group, const struct pt_group_call *call)
{
    bool first = group->calls == group->failed;
    group->min_ns = first ? call->at.d_ns : pt_min(group->min_ns, call->at.d_ns);
    group->max_ns = pt_max(group->max_ns, call->at.d_ns);
    group->sum_ns = pt_add(group->sum_ns, call->at.d_ns);
    pt_histogram_add(&group->durations, call->at.d_ns);
    keep_slow(group, &call->at);
    add_shape(group, call);
}

void pt_group_add(struct pt_call_group *group, const struct pt_group_call *given)
{
    struct pt_group_call copy = *given;
    const struct pt_group_call *call = &copy;
    copy.at.d_ns = pt_min(given->at.d_ns, PT_CALL_HIGHEST_NS);
    add_times(group, &call->at);
    if (!call->failed) {
        add_success(group, call);
    }
    group->calls++;
    group->failed += call->failed;
    group->commands = pt_add(group->commands, call->commands);
    group->documents = pt_add(group->documents, call->at.documents);
    group->bytes = pt_add(group->bytes, call->at.bytes);
}

static void merge_times(struct pt_call_group *to, const struct pt_call_group *from)
{
    to->first_ns = to->calls == 0 ? from->first_ns : pt_min(to->first_ns, from->first_ns);
    to->last_ns = pt_max(to->last_ns, from->last_ns);
    if (from->calls > from->failed) {
        bool first = to->calls == to->failed;
        to->min_ns = first ? from->min_ns : pt_min(to->min_ns, from->min_ns);
        to->max_ns = pt_max(to->max_ns, from->max_ns);
    }
    to->sum_ns = pt_add(to->sum_ns, from->sum_ns);
    pt_histogram_merge(&to->durations, &from->durations);
    pt_series_merge(&to->series, &from->series);
    pt_fit_merge(&to->by_documents, &from->by_documents);
}

void pt_group_merge(struct pt_call_group *to, struct pt_call_group *from)
{
    merge_times(to, from);
    for (int i = 0; i < from->slow_count; i++) {
        keep_slow(to, &from->slow[i]);
    }
    to->calls += from->calls;
    to->failed += from->failed;
    to->commands = pt_add(to->commands, from->commands);
    to->documents = pt_add(to->documents, from->documents);
    to->bytes = pt_add(to->bytes, from->bytes);
    to->single += from->single;
    to->split += from->split;
    merge_alternating(to, from);
    pt_group_release(from);
}

void pt_group_release(struct pt_call_group *group)
{
    pt_histogram_release(&group->durations);
    pt_series_release(&group->series);
    *group = (struct pt_call_group){.name_space = group->name_space, .sort = group->sort};
}
