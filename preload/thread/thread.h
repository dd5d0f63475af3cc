/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread.h: the state that phasetap keeps for one thread of the host, and the pool of those states.
 *
 * A thread gets one at its first call of the driver or of the annotation interface, and finds it
 * through one thread-local pointer. Only that thread reads or writes it; the exit of the process
 * reads pens and counts of all (pt_thread_each). States are mapped in blocks as threads
 * come, up to a fixed number, and used again; no block is ever unmapped.
 *
 * This layer knows what a state is, not when it begins and ends: host/thread_life.h does, and has
 * pt_thread_self, which all wrappers use. It may use base, bson and log alone. Objects of the
 * layers above (pt_handle, pt_call) are pointers to it and never followed here.
 */
#ifndef PT_THREAD_H
#define PT_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "log/pen.h"
#include "thread/recognised_totals.h"

#define PT_THREADS_MAX     16384u /* threads alive at one time */
#define PT_ANNOTATIONS_MAX 32u    /* phases open at one time in one thread */

struct pt_call;
struct pt_handle;

/* An open phase of the annotation interface. */
struct pt_annotation {
    int32_t phase;
    int32_t number;
    int64_t start_ns;
};

struct pt_thread {
    /* Read by the fast paths of cursors and bulks. */
    struct pt_handle *cursor; /* the cursor walked last */
    struct pt_handle *bulk;   /* the bulk appended to last */
    struct pt_call *call;   /* the driver call in progress; nested calls see it and only forward */
    bool appending;         /* inside an append to a bulk, which calls its own kind */
    int64_t appended_bytes; /* of that append */
    /* What the driver keeps callbacks in, created since a constructor was entered: the last one,
     * and how many. (capture/monitor_pool.c) */
    void *instance;
    int32_t instances;

    /* The gap in progress: what the application has done since the last recorded call. */
    int64_t read_documents;
    int64_t wrote_documents;
    int64_t wrote_bytes;
    int64_t mark_ns; /* end of the last recorded call; at first, when the thread was first seen */
    int64_t mark_cpu_ns; /* thread CPU time then */

    struct pt_pen pen; /* its place in the log, and its number there */

    uint32_t place; /* among all states */
    int32_t tid;
    int32_t calls; /* recorded calls so far: `q` */
    int32_t annotations_begun;
    unsigned depth;    /* open annotated phases */
    unsigned too_deep; /* phases that were begun beyond the deepest */
    struct pt_annotation open[PT_ANNOTATIONS_MAX];
    struct pt_recognised recognised;
    int64_t clocks; /* clock reads */
    int64_t cpus;   /* thread CPU clock reads */
    bool closing;   /* the exit of the process writes its gap: its owner must wait */
    bool stale; /* belongs to the parent process, but the thread that forked still points here */
};

extern __thread struct pt_thread *pt_thread_current
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* The calling thread's object if it has one already, else NULL: for fast paths and callbacks. */
static inline struct pt_thread *pt_thread_known(void)
{
    return pt_thread_current;
}

/* A free state for a thread of the host, zero but for the next number (1, 2, ... in each log) and
 * the caller's thread id. NULL: all are in use; the loss is counted. */
struct pt_thread *pt_thread_take(void);
/* The same for the profiler's own documents: number 0. */
struct pt_thread *pt_thread_take_internal(void);
/* Back to the pool, with what is left of its chunk. By its owner, which must not use it any more.
 */
void pt_thread_release(struct pt_thread *t);

/* Adds its counts to log/status.h and sets them to zero. */
void pt_thread_publish_counts(struct pt_thread *t);

/* In the child of a fork: forgets all states. The thread that forked, the child's leader, may still
 * point to one when the caller is a thread that it has created; then none is used again. */
void pt_thread_reset_all(void);

/* States of threads of the host that are in use. */
int pt_thread_count(void);

/* Calls `visit` for each state in use, while the owners may be running: when the process exits, and
 * for what cannot change while it is in use (thread id and number). */
void pt_thread_each(void (*visit)(struct pt_thread *));

#endif
