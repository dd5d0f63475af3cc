/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_groups.h: the threads of a run by what they do. What a thread does is its role
 * (model/thread_role.h); the main threads of all processes are a group of their own for each role.
 * One thread.
 */
#ifndef PHASETAP_THREAD_GROUPS_H
#define PHASETAP_THREAD_GROUPS_H

#include "model/thread_role.h"
#include "render/screen_parts.h"

struct pt_thread_group {
    bool main; /* with the role: what makes it a group */
    enum pt_role role;
    bool single; /* with --long: one thread, `number` of process `pid` */
    int32_t number;
    int64_t pid;
    int64_t threads, wall_ns, parts_ns[PT_PART_COUNT];
    int64_t read, written; /* documents */
};

struct pt_thread_groups {
    struct pt_thread_group *groups;
    size_t count, room;
};

/* The main threads first, then by time. Groups of `each` thread when that is true. Release with
 * free(groups). */
void pt_thread_groups_make(struct pt_thread_groups *groups, const struct pt_model *model,
                           bool each);

/* "main", "3 reading", "12 writing", "thread 4, reading". */
void pt_thread_group_text(char *text, size_t room, const struct pt_thread_group *group,
                          bool several_processes);

#endif
