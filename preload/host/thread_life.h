/* SPDX-License-Identifier: Apache-2.0 */
/*
 * thread.h: what the profiler knows of one thread of the host. One object for each thread that
 * called the driver or the annotation interface, found through one thread-local pointer; only that
 * thread reads or writes it (the process's end reads the counters of others).
 *
 * pt_thread_self finds or makes it and returns NULL when nothing may be recorded (switched off,
 * ended, too many threads): callers then just forward. It notices a fork (a page that the kernel
 * wipes in a child) and starts the child's own recording.
 */
#ifndef PT_THREAD_H
#define PT_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/handles.h"
#include "log/pen.h"
#include "phasetap/log_format.h"

#define PT_THREADS_MAX     4096u /* threads alive at one time */
#define PT_ANNOTATIONS_MAX 32u

struct pt_call;

struct pt_annotation {
    int32_t phase;
    int32_t number;
    int64_t start_ns;
};

struct pt_thread {
    /* Read by the fast paths of cursors and bulks. */
    struct pt_handle *cursor; /* the cursor walked last */
    struct pt_handle *bulk;   /* the bulk appended to last */
    struct pt_call
        *call; /* the driver call in progress, NULL outside; nested calls see it and only forward */
    bool appending;         /* inside an append to a bulk, which calls its own kind */
    int64_t appended_bytes; /* of that append */
    void *instance; /* what the driver keeps callbacks in, made last since a constructor was entered
                     */
    int32_t instances; /* how many those were */

    /* The gap in progress: what the application has done since the last recorded call. */
    int64_t read_documents;
    int64_t wrote_documents;
    int64_t wrote_bytes;
    int64_t mark_ns; /* end of the last recorded call; at first, when the thread was first seen */
    int64_t mark_cpu_ns; /* thread CPU time then */

    struct pt_pen pen; /* its place in the log, and its number there */
    int driver;        /* original.h: pt_original_maker */

    int32_t tid;
    int32_t calls; /* recorded calls so far: `q` */
    int32_t annotations_begun;
    unsigned depth;    /* open annotated phases */
    unsigned too_deep; /* phases that were begun beyond the deepest */
    struct pt_annotation open[PT_ANNOTATIONS_MAX];
    int64_t clocks; /* clock reads */
    int64_t cpus;   /* thread CPU clock reads */
    bool stale;     /* of a parent process: the thread that forked still points here */
};

extern __thread struct pt_thread *pt_thread_current
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* The calling thread's object if it has one already, else NULL: for fast paths and callbacks. */
static inline struct pt_thread *pt_thread_known(void)
{
    return pt_thread_current;
}

/* Finds, or makes and announces in the log. Starts the recording of the process on its first call.
 * Keeps errno. */
struct pt_thread *pt_thread_self(void);

/* On the main thread, when the object is loaded: its end by pthread_exit must be seen, since our
 * own thread may be all that is left then. */
void pt_thread_watch_main(void);

/* For the sampler: a thread object without announcement, numbered 0. */
struct pt_thread *pt_thread_attach_internal(void);

/* In the child of a fork: the objects of the parent's threads are never used again, since the
 * thread that forked, whichever it is, points to one. */
void pt_thread_reset_all(void);

/* Adds its counts to the status, and sets them to zero. */
void pt_thread_publish_counts(struct pt_thread *t);

/* Calls `visit` for each thread object in use. Only at the end of the process. */
void pt_thread_each(void (*visit)(struct pt_thread *));

#endif
