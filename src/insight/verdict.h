/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h: what the files of the verdicts share. A verdict is a function that looks at a case (a
 * finished model and what several verdicts need of it) and fills an insight. The table in
 * checks.c lists them all.
 */
#ifndef PHASETAP_VERDICT_H
#define PHASETAP_VERDICT_H

#include "insight/insight.h"
#include "model/model_sums.h"
#include "text/human.h"

struct pt_case {
    const struct pt_model *model;
    struct pt_time_use time; /* of all threads */
    int64_t run_ns;          /* from the first process's start to the last one's end */
    int64_t cpus;            /* of the machine, or what a quota allows, rounded up; 0: unknown */
    double busy_cpus;        /* in use by the whole machine during the run; negative: unknown */
};

/* False: nothing worth saying. */
typedef bool pt_verdict(const struct pt_case *c, struct pt_insight *insight);

/* The documents that calls of the run sent to the server, or received. */
const struct pt_phase_stats *pt_case_phase(const struct pt_case *c, const char *name);

/* Threads that used the driver. */
int64_t pt_case_threads(const struct pt_case *c);

/* What `then_ns` must be at least, since the machine's CPUs, which other programs use too, had so
 * much to do during the run. `then_ns` where that is not known. */
int64_t pt_case_floor(const struct pt_case *c, int64_t then_ns);

/* Time of all threads as time of the run: what the threads spend side by side counts once. */
int64_t pt_case_of_run(const struct pt_case *c, int64_t threads_ns);

/* Whether a gain is worth a line: 5 % of the run, or a second that is 1 % of it; never below 50 ms,
 * which is within what a run of its own differs. */
bool pt_worth(const struct pt_case *c, int64_t gain_ns);

/* ---- filling an insight ---- */

void pt_insight_sentence(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pt_insight_number(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pt_insight_action(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds ": at best 3.53 s -> 2.57 s (-27 %)" to the action. */
void pt_insight_gain(const struct pt_case *c, struct pt_insight *insight, const char *bound,
                     int64_t then_ns);

/* ---- the verdicts, one file each ---- */

pt_verdict pt_verdict_refused;
pt_verdict pt_verdict_one_document;
pt_verdict pt_verdict_client_per_operation;
pt_verdict pt_verdict_missing_cpu;

#endif
