/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insight_case.h: what the tests of verdicts share: a run of which each call lasts a known time is
 * put into `maker` (report_case.h), and judged. Times are nanoseconds. One thread of the test
 * program; the threads of the run are numbered from 1.
 */
#ifndef INSIGHT_CASE_H
#define INSIGHT_CASE_H

#include "insight/insight.h"
#include "report_case.h"

#define MS    1000000LL
#define START (2 * SECOND) /* of thread 1; the process started a second earlier */

extern int64_t now_ns; /* of thread 1: the end of its latest call */
extern int calls;      /* so far; the latest one has this number */
extern struct pt_insights insights;

/* An empty run: namespaces 64 to 66, "db.one", "db.two" and "db.three", and thread 1. */
void insight_begin(void);

/* A call of one command at a moment, of any thread. */
void insight_put(int thread, int phase, int command, int ns, int64_t t_ns, int64_t d_ns, int64_t n);
/* The next call of thread 1, behind the one before. */
void insight_call(int phase, int command, int ns, int64_t d_ns, int64_t n);
void insight_insert(int ns, int64_t d_ns, int64_t n);

/* Ends the run at `now_ns` and fills `insights`. */
void insight_judge(void);
/* NULL: nothing was said. */
const struct pt_insight *insight_find(const char *id);
/* The test fails with its sentence if it was said. */
void insight_silent(const char *id);

#endif
