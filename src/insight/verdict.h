/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h: what the files of the verdicts share. A verdict is a function that looks at a case (a
 * finished model and what several verdicts need of it) and fills an insight. The table in
 * checks.c lists them all.
 */
#ifndef PHASETAP_VERDICT_H
#define PHASETAP_VERDICT_H

#include "insight/fill.h"
#include "insight/insight.h"
#include "model/model_sums.h"
#include "text/human.h"

struct pt_case {
    const struct pt_model *model;
    struct pt_time_use time; /* of all threads */
    struct pt_fill fill;
    bool is_whole;      /* the log holds every call */
    bool is_lossy;      /* events were dropped or damaged: sums are too small */
    bool explained;     /* an earlier check of the table names a cause */
    int64_t run_ns;     /* from the first process's start to the last one's end */
    int64_t cpus;       /* of the machine, or what a quota allows, rounded up; 0: unknown */
    int64_t own_cpu_ns; /* used by the recorded processes; 0: unknown */
    double busy_cpus;   /* in use by the whole machine during the run; negative: unknown */
};

/* False: nothing worth saying. */
typedef bool pt_verdict(const struct pt_case *c, struct pt_insight *insight);

/* What a sort of call is an activity of; "getMore", "insert"; the group's collection as text. */
enum pt_fill_of pt_sort_fill(enum pt_call_sort sort);
const char *pt_sort_text(enum pt_call_sort sort);
const char *pt_group_name(const struct pt_call_group *group);
/* Mean of those that succeeded; 0: none did. */
int64_t pt_group_mean(const struct pt_call_group *group);
/* The group of a namespace, NULL: none. */
const struct pt_call_group *pt_case_group(const struct pt_case *c, const char *name_space,
                                          enum pt_call_sort sort);
/* Time of the run that is saved when so much of the time of a group's calls is. */
int64_t pt_case_gain(const struct pt_case *c, const struct pt_call_group *group, int64_t saved_ns);

/* Threads that read or wrote documents. */
int64_t pt_case_threads(const struct pt_case *c);

/* The shortest command that was answered; INT64_MAX: none was. */
int64_t pt_case_fastest(const struct pt_case *c);

/* Time of all threads as time of the run: what the threads spend side by side counts once. */
int64_t pt_case_of_run(const struct pt_case *c, int64_t threads_ns);

/* Whether a gain is worth a line: 5 % of the run, or a second that is 1 % of it; never below 50 ms,
 * which is within what a run of its own differs. */
bool pt_worth(const struct pt_case *c, int64_t gain_ns);

/* ---- filling an insight ---- */

/* "s" unless there is one. */
const char *pt_plural(int64_t count);

void pt_insight_sentence(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pt_insight_number(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pt_insight_action(struct pt_insight *insight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * The same for what is gained by work side by side, which needs as much CPU time as now: no less
 * than what the run's own processes used of it, on all CPUs of the machine. Says how busy these
 * were when other programs leave less: whether the server is among them is not known, so the
 * verdict is then a possible one. False, and nothing is added, when it is not worth a line.
 */
bool pt_insight_gain_beside(const struct pt_case *c, struct pt_insight *insight, int64_t then_ns);
/* Adds ": at best 3.53 s -> 2.57 s (-27 %)" to the action. */
void pt_insight_gain(const struct pt_case *c, struct pt_insight *insight, const char *bound,
                     int64_t then_ns);

/* ---- the verdicts, one file each ---- */

pt_verdict pt_verdict_refused;
pt_verdict pt_verdict_unacknowledged;
pt_verdict pt_verdict_retries;
pt_verdict pt_verdict_whole_log;
pt_verdict pt_verdict_limiting_factor;
pt_verdict pt_verdict_waits_in_program;
pt_verdict pt_verdict_overlap;
pt_verdict pt_verdict_uneven_workers;
pt_verdict pt_verdict_one_document;
pt_verdict pt_verdict_batch_size;
pt_verdict pt_verdict_small_batches;
pt_verdict pt_verdict_alternating_operations;
pt_verdict pt_verdict_client_per_operation;
pt_verdict pt_verdict_connecting;
pt_verdict pt_verdict_pool_too_small;
pt_verdict pt_verdict_waiting_for_server;
pt_verdict pt_verdict_indexes_before_load;
pt_verdict pt_verdict_index_calls;
pt_verdict pt_verdict_grows_with_position;
pt_verdict pt_verdict_slows_down;
pt_verdict pt_verdict_stalls;
pt_verdict pt_verdict_memory_growth;
pt_verdict pt_verdict_missing_cpu;
pt_verdict pt_verdict_helper_threads;
pt_verdict pt_verdict_driver_cpu;
pt_verdict pt_verdict_server_time;

#endif
