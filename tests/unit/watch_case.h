/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_case.h: a watched process that is made of synthetic documents, for the tests of its counts,
 * figures and views. Its main thread is 1; it began at 1 s, and runs.
 */
#ifndef WATCH_CASE_H
#define WATCH_CASE_H

#include "log_maker.h"
#include "watch/watch_process.h"

#define MS     1000000LL
#define SECOND 1000000000LL

extern struct pt_watch_process *watched;

void watch_case_start(void);
void watch_case_end(void);

/* A document made by MAKE, as if the log held it. */
void take(const void *document);
/* Any other; it is destroyed. */
void take_bson(bson_t *document);
/* The same for documents that lie in the ring: they count until the next settle(). */
void take_from_ring(const void *document);
/* Makes the counts that views show from those of the log alone. */
void settle(void);
/* Counts and moment of a look: `at_ns` is our clock, which is the process's own. */
void look(int64_t at_ns);

/* A call of a thread: a query of `read` documents, or an insertion of `written`. */
void take_query(int thread, int64_t t_ns, int64_t d_ns, int64_t read);
void take_insert(int thread, int64_t t_ns, int64_t d_ns, int64_t written);
void take_name(int id, const char *class, const char *name);
void take_thread(int thread, int64_t tid, const char *event);
void take_begin(int thread, int phase, int q);
void take_finish(int thread, int phase, int q);

#endif
