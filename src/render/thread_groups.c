/* SPDX-License-Identifier: Apache-2.0 */
#include "render/thread_groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

/* A kind of call that takes less of a thread's time than one in ten does not name it. */
#define NAMES_FROM 10

static bool is_much(int64_t part_ns, int64_t whole_ns)
{
    return part_ns > 0 && part_ns >= whole_ns / NAMES_FROM;
}

static struct pt_thread_group kind_of(const struct pt_process *process,
                                      const struct pt_recorded_thread *thread)
{
    const struct pt_thread_work *work = &thread->work;
    int64_t calls_ns = pt_add(work->reading_ns, work->writing_ns);
    struct pt_thread_group group = {.main = thread->tid != 0 && thread->tid == process->pid,
                                    .reads = is_much(work->reading_ns, calls_ns),
                                    .writes = is_much(work->writing_ns, calls_ns),
                                    .number = thread->number,
                                    .pid = process->pid};
    return group;
}

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
        if (group->main == kind->main && group->reads == kind->reads &&
            group->writes == kind->writes) {
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

/* Threads that read stand before those that write: the order of the data. */
static int compare_groups(const void *a, const void *b)
{
    const struct pt_thread_group *x = a;
    const struct pt_thread_group *y = b;
    int by_main = (int)y->main - (int)x->main;
    int by_reads = (int)y->reads - (int)x->reads;
    int by_writes = (int)y->writes - (int)x->writes;
    int order = by_main != 0 ? by_main : by_reads != 0 ? by_reads : by_writes;
    return order != 0 ? order : compare(a, b);
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
            struct pt_thread_group kind = kind_of(process, process->threads[at]);
            struct pt_thread_group *group = group_of(groups, &kind, each);
            if (group != NULL) {
                add_thread(group, process->threads[at]);
            }
        }
    }
    if (groups->count > 1) {
        qsort(groups->groups, groups->count, sizeof *groups->groups,
              each ? compare : compare_groups);
    }
}

static const char *doing(const struct pt_thread_group *group)
{
    if (group->reads) {
        return group->writes ? "reading and writing" : "reading";
    }
    return group->writes ? "writing" : "";
}

void pt_thread_group_text(char *text, size_t room, const struct pt_thread_group *group,
                          bool several_processes)
{
    const char *does = doing(group);
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
             does[0] != '\0' || list ? does : " in other calls");
}

int64_t pt_thread_group_busy(const struct pt_thread_group *group)
{
    int64_t busy_ns = pt_add(group->parts_ns[PT_PART_SERVER], group->parts_ns[PT_PART_COMPUTING]);
    busy_ns = pt_add(busy_ns, group->parts_ns[PT_PART_DRIVER]);
    return pt_add(busy_ns, group->parts_ns[PT_PART_CONNECTION]);
}
