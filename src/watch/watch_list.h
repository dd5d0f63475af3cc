/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_list.h: all processes that are watched, and where further ones come from.
 *
 * A source is what the user named. A process or a log that is not there yet is waited for. A folder
 * stands for the logs in it whose process runs, and for those that appear later; all of /dev/shm
 * (PT_WATCH_ALL) for every process of this machine that records, where its ring lies there. Logs of
 * processes that had ended before are passed over, but for one that was named itself. A log counts
 * once, whatever sources lead to it, and however many parts it has.
 *
 * At most PT_WATCH_PROCESSES are watched; `passed_over` counts further ones. One thread.
 */
#ifndef PHASETAP_WATCH_LIST_H
#define PHASETAP_WATCH_LIST_H

#include <sys/stat.h>

#include "watch/watch_process.h"

#define PT_WATCH_PROCESSES 1024
#define PT_WATCH_IGNORED   65536 /* logs of a folder that are known to have ended */

enum pt_watch_kind { PT_WATCH_PID, PT_WATCH_LOG, PT_WATCH_FOLDER, PT_WATCH_ALL };

struct pt_watch_source {
    enum pt_watch_kind kind;
    const char *name;      /* as the user gave it */
    int64_t pid;           /* of PT_WATCH_PID */
    bool found;            /* it led to a process */
    bool lost;             /* PT_WATCH_PID: the process is gone and has recorded nothing */
    struct timespec mtime; /* of the folder when it was listed */
    bool again;            /* a file in it had no manifest yet */
};

struct pt_watch_list {
    struct pt_watch_source *sources;
    size_t source_count, source_room;
    struct pt_watch_process **processes; /* in order of appearance */
    size_t count, room;
    char (*ignored)[PT_PART_ID_BYTES];
    size_t ignored_count, ignored_room;
    size_t passed_over;
    bool looked; /* the sources were asked once */
};

/* Takes one operand: digits alone are a pid, anything else a path. NULL: everything in /dev/shm.
 * `name` must live as long as the list. 0, or a code of PT_LOG_CODES for a file that can never be
 * watched; then the list is as it was. PT_LOG_OPEN: it is there and may not be read. */
int pt_watch_list_add(struct pt_watch_list *list, const char *name);
void pt_watch_list_release(struct pt_watch_list *list);

/* Asks the sources for new processes, then looks at each that is not over. */
void pt_watch_list_look(struct pt_watch_list *list, int64_t now_ns);

/* A process has ended since it was looked at, or something is still waited for: look again soon.
 * Cheap enough to be asked several times a second. */
bool pt_watch_list_has_news(const struct pt_watch_list *list);

/* Every process that was seen has ended, and each source has led to one, or never will. */
bool pt_watch_list_is_over(const struct pt_watch_list *list);

#endif
