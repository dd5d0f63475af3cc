/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread_groups.h: the threads of a run by what they do. A thread reads or writes when at least a
 * tenth of its time in such calls is of that kind; the main thread of each process is a group of
 * its own. One thread.
 */
#ifndef PHASETAP_THREAD_GROUPS_H
#define PHASETAP_THREAD_GROUPS_H

#include "render/screen_parts.h"

struct pt_thread_group {
    bool main, reads, writes; /* what makes it a group */
    bool single;              /* with --long: one thread, `number` of process `pid` */
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

/* The part of its time in which something works for it: the server, the driver, connecting, its own
 * computing. Time outside the pipeline is none of it, as nothing is known of it. */
int64_t pt_thread_group_busy(const struct pt_thread_group *group);

#endif
