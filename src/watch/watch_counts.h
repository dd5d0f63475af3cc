/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_counts.h: what the documents of one process say so far, as counts that a view of a running
 * process shows. No text, no clock of our own, no I/O.
 *
 * A log grows while it is watched, and its newest documents lie in a ring whose contents will be in
 * the log later. So there are two sets of counts: `base`, what the log itself holds, to which each
 * document is added once; and a copy of it, to which the documents of the ring are added, made anew
 * at each look. Adding is all that is done with a document: nothing is ever taken back.
 *
 * Memory: PT_WATCH_THREAD_BYTES for each thread that has called the driver, at most
 * PT_THREADS_HIGHEST of them, whatever the length of the log. Times are nanoseconds of the
 * process's CLOCK_MONOTONIC. Every value of a document is untrusted; sums saturate. One thread.
 */
#ifndef PHASETAP_WATCH_COUNTS_H
#define PHASETAP_WATCH_COUNTS_H

#include <phasetap/partition.h>

#include "model/recorded_process.h"

#define PT_WATCH_DEPTH 8 /* annotated phases open on a thread that are followed */

struct pt_watch_thread {
    bool seen, ended;
    int64_t tid;               /* 0: not known */
    int64_t last_ns;           /* end of its newest call, connection or gap; 0: none */
    int32_t phase, name_space; /* of its newest call, 0: none; ids */
    int64_t calls, read, written;
    struct {
        int32_t q, phase;
    } open[PT_WATCH_DEPTH]; /* annotated phases entered and not left, the innermost last */
    int open_count;
};
#define PT_WATCH_THREAD_BYTES sizeof(struct pt_watch_thread)

/* A reading of the process's resources. */
struct pt_watch_sample {
    int64_t t_ns;              /* 0: there is none */
    int64_t cpu_ns, rss_bytes; /* -1: not available */
};

struct pt_watch_counts {
    int64_t calls, failed, connections;
    int64_t read;             /* documents that queries and aggregations returned */
    int64_t written, removed; /* documents that the server acknowledged; of transactions, those that
                                 were committed */
    int64_t refused;          /* write errors, and operations of refused commands */
    int64_t errors, retries;
    int64_t dropped; /* documents that are in no log */
    bool thinned; /* the log lacks single calls: newest calls are those that it holds, and what each
                     thread did is not known */
    bool writes;  /* it has written, or tried to */
    int64_t last_ns;                   /* the newest moment of any document */
    int64_t parts_ns[PT_PART_COUNT];   /* of all threads; READY and OUTSIDE stay 0: they are not
                                          known before the end */
    struct pt_watch_sample samples[2]; /* the one before the newest, the newest */
    int32_t processors;                /* of the machine; 0: not known */
    bool has_end, has_run_end;
    int32_t exit_status, exit_signal;
    int64_t exited_ns;               /* it called _exit or quick_exit; 0: not so */
    struct pt_watch_thread *threads; /* by number */
    size_t slots;
};

/* Makes `to`, which holds older counts or zero bytes, a copy. False when memory ran out: then `to`
 * is as it was. */
bool pt_watch_copy(struct pt_watch_counts *to, const struct pt_watch_counts *from);
void pt_watch_counts_release(struct pt_watch_counts *counts);

/* ---- for what takes documents ---- */

/* The thread of that number, from then on `seen`; NULL when the number is out of range or memory
 * ran out. */
struct pt_watch_thread *pt_watch_thread_of(struct pt_watch_counts *counts, int32_t number);
void pt_watch_spend(struct pt_watch_counts *counts, enum pt_part part, int64_t ns);
void pt_watch_spend_all(struct pt_watch_counts *counts, const struct pt_partition *partition);
/* Counts of one write, or a sum of them; none is negative. */
void pt_watch_count_writes(struct pt_watch_counts *counts, int32_t phase,
                           const int64_t writes[PT_WRITE_COUNTS]);

static inline bool pt_watch_is_reading(int32_t phase)
{
    return phase == PT_PHASE_QUERY || phase == PT_PHASE_AGGREGATION;
}

static inline bool pt_watch_is_writing(int32_t phase)
{
    return phase == PT_PHASE_INSERTION || phase == PT_PHASE_UPDATE || phase == PT_PHASE_DELETION;
}

/* Documents done: written and removed where it writes, else read. */
static inline int64_t pt_watch_done(const struct pt_watch_counts *counts)
{
    return counts->writes ? pt_add(counts->written, counts->removed) : counts->read;
}

#endif
