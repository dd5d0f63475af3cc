/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_process.h: one process that is watched: where its log was read up to, what it says so far,
 * and whether the process still runs.
 *
 * Each look reads what the log has gained and a copy of the ring (log/log_follow.h). Log and ring
 * are only read, and nothing is locked, so the process never waits for its watcher.
 *
 * A look may find log and ring between two steps of their process: a file that is just being
 * replaced, or a ring that was closed. What was seen before stands then, for PT_WATCH_PATIENCE_NS
 * while the process lives; figures never go back.
 *
 * The kernel knows that a process is gone before its parent `phasetap run` has written how it
 * ended. A process of a run is therefore `over` only when that is in the log, or
 * PT_WATCH_GRACE_NS later; PT_WATCH_RUN_NS while its parent is a `phasetap` that lives.
 *
 * Times are nanoseconds of our CLOCK_MONOTONIC, which is the process's own on the same machine,
 * unless it is in another time namespace. One thread.
 */
#ifndef PHASETAP_WATCH_PROCESS_H
#define PHASETAP_WATCH_PROCESS_H

#include "log/log_follow.h"
#include "watch/watch_counts.h"

#define PT_WATCH_PATIENCE_NS 2000000000LL
#define PT_WATCH_GRACE_NS    1000000000LL
#define PT_WATCH_RUN_NS      60000000000LL

/* The counts of an earlier moment, to tell what has come since. */
struct pt_watch_mark {
    int64_t at_ns; /* 0: none */
    int64_t done;
    bool writes; /* `done` is of writes */
    int64_t parts_ns[PT_PART_COUNT];
    int64_t *threads_done; /* by number of the thread */
    size_t slots;
};

struct pt_watch_process {
    char *path;                 /* of the log: of its newest part that was seen */
    int64_t path_part;          /* which part that is */
    char id[PT_PART_ID_BYTES];  /* of the ring, which names the log in all its parts */
    struct pt_process *process; /* its manifest, names, and how it ended; nothing else is filled */
    struct pt_log_place place;
    struct pt_watch_counts base, live;
    struct pt_watch_mark marks[2]; /* the older one first */
    bool read;                     /* it could be read once */
    bool of_run;                   /* `phasetap run` may write how it ended */
    bool had_ring;
    bool over;            /* it has ended and will not be read again */
    bool clock_is_ours;   /* our clock tells its age */
    int64_t missed_at_ns; /* first of the last looks, none of which could read it; 0: it was read */
    int64_t gone_at_ns;   /* first look at which it had ended; 0: it runs */
    int64_t looked_at_ns;
    bool told; /* for its viewer: its end was shown */
};

/* NULL when memory ran out. */
struct pt_watch_process *pt_watch_process_new(const char *path, const char id[PT_PART_ID_BYTES]);
void pt_watch_process_free(struct pt_watch_process *watched);

/* Reads what is new. `now_ns` is our clock. */
void pt_watch_process_look(struct pt_watch_process *watched, int64_t now_ns);
/* Only whether it still runs, as far as the kernel says: cheap. */
bool pt_watch_process_runs(const struct pt_watch_process *watched);

/* Figures of "now" are those since the older mark. Once the newer mark is `window_ns` old it
 * becomes the older one, so figures cover at most two windows. `window_ns` 0: they begin here. */
void pt_watch_process_mark(struct pt_watch_process *watched, int64_t now_ns, int64_t window_ns);

static inline bool pt_watch_process_has_ended(const struct pt_watch_process *watched)
{
    return watched->process->ending != PT_ENDED_RUNNING;
}

/* "running", or how it ended (pt_process_ending_text()), once that is known; until then "-". */
void pt_watch_process_state_text(const struct pt_watch_process *watched, char *text, size_t room);

#endif
