/* SPDX-License-Identifier: Apache-2.0 */
#include "render/thread_groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

static void add_thread(struct pt_thread_group *group, const struct pt_recorded_thread *thread)
{
    group->threads++;
    group->wall_ns = pt_add(group->wall_ns, thread->wall_ns);
    group->read = pt_add(group->read, thread->work.read);
    group->written = pt_add(group->written, thread->work.written);
    for (int part = 0; part < PT_PART_COUNT; part++) {
        group->parts_ns[part] = pt_add(group->parts_ns[part], thread->parts_ns[part]);
    }
}

static struct pt_thread_group *group_of(struct pt_thread_groups *groups,
                                        const struct pt_thread_group *kind, bool each)
{
    for (size_t i = 0; !each && i < groups->count; i++) {
        struct pt_thread_group *group = &groups->groups[i];
        if (group->main == kind->main && group->role == kind->role) {
            return group;
        }
    }
    struct pt_thread_group *grown =
        pt_array_reach(groups->groups, &groups->room, groups->count, 8, sizeof *groups->groups);
    if (grown == NULL) {
        return NULL;
    }
    groups->groups = grown;
    grown[groups->count] = *kind;
    grown[groups->count].single = each;
    return &grown[groups->count++];
}

static void add_to_groups(struct pt_thread_groups *groups, const struct pt_process *process,
                          const struct pt_recorded_thread *thread, bool each)
{
    struct pt_thread_group kind = {.main = thread->tid != 0 && thread->tid == process->pid,
                                   .role = pt_thread_role(thread),
                                   .number = thread->number,
                                   .pid = process->pid};
    struct pt_thread_group *group = group_of(groups, &kind, each);
    if (group != NULL) {
        add_thread(group, thread);
    }
}

static int compare(const void *a, const void *b)
{
    const struct pt_thread_group *x = a;
    const struct pt_thread_group *y = b;
    if (x->main != y->main) {
        return x->main ? -1 : 1;
    }
    if (x->wall_ns != y->wall_ns) {
        return x->wall_ns > y->wall_ns ? -1 : 1;
    }
    int by_pid = (x->pid > y->pid) - (x->pid < y->pid);
    return by_pid != 0 ? by_pid : (x->number > y->number) - (x->number < y->number);
}

/* In the order of the roles: those that read stand before those that write, as the data goes. */
static int compare_groups(const void *a, const void *b)
{
    const struct pt_thread_group *x = a;
    const struct pt_thread_group *y = b;
    if (x->main != y->main) {
        return x->main ? -1 : 1;
    }
    return x->role != y->role ? (int)x->role - (int)y->role : compare(a, b);
}

void pt_thread_groups_make(struct pt_thread_groups *groups, const struct pt_model *model, bool each)
{
    *groups = (struct pt_thread_groups){.groups = NULL};
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 0; at < process->thread_slots; at++) {
            if (process->threads[at] == NULL) {
                continue;
            }
            add_to_groups(groups, process, process->threads[at], each);
        }
    }
    if (groups->count > 1) {
        qsort(groups->groups, groups->count, sizeof *groups->groups,
              each ? compare : compare_groups);
    }
}

static const char *doing(enum pt_role role)
{
    static const char *const words[PT_ROLE_COUNT] = {[PT_ROLE_READS] = "reading",
                                                     [PT_ROLE_WRITES] = "writing",
                                                     [PT_ROLE_BOTH] = "reading and writing",
                                                     [PT_ROLE_OTHER] = ""};
    return words[role];
}

void pt_thread_group_text(char *text, size_t room, const struct pt_thread_group *group,
                          bool several_processes)
{
    const char *does = doing(group->role);
    char who[64] = "main";
    if (group->single && !group->main) {
        snprintf(who, sizeof who, "thread %" PRId32, group->number);
    }
    if (group->single && several_processes) {
        size_t at = strlen(who);
        snprintf(who + at, sizeof who - at, " of %" PRId64, group->pid);
    }
    if (!group->single && (!group->main || group->threads > 1)) {
        snprintf(who, sizeof who, "%" PRId64 "%s", group->threads, group->main ? " main" : "");
    }
    bool list = group->single || group->main;
    snprintf(text, room, "%s%s%s", who,
             does[0] == '\0' ? ""
             : list          ? ", "
                             : " ",
             does[0] != '\0' || list ? does : " others");
}
