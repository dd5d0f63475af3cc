/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work.h: the totals of each phase in each namespace.
 *
 * How to read the tables of "done, not attempted" in a finished model (model.h):
 *
 *   - model->works.rows[0 .. count): one row for each pair of namespace and recognised phase, the
 *     most expensive first. `name_space` NULL: the calls name none (ping), or the log does not
 *     know it. A row's `documents` are those done: read, or acknowledged by the server. What was
 *     only asked for is `outcome.requested`, and what did not come of it stands beside it.
 *   - model->phases[i].outcome and .writes: the same for a whole phase; pt_model_outcome() and
 *     pt_model_writes() (model_sums.h) for the whole run.
 *   - model->servers.rows: commands for each server address. `floor_ns`, the shortest command that
 *     the server answered, bounds the round trip of the network from above: no command can be
 *     faster than the network alone. 0: no command was answered.
 *   - model->errors.errors: errors by origin, code and namespace with their first and last time;
 *     names come from pt_error_name() (log/error_names.h).
 *   - model->retries.rows: attempts that the driver repeated by itself, by the error of the attempt
 *     before, with how many of them the server answered. A retried call that succeeded in the end
 * is no failed call.
 *
 * Each table has a limit, and counts in `left_out` what found no room. A figure that a table lost
 * is in the totals of phases and commands all the same.
 *
 * Times are since 1970 in a model, durations nanoseconds. The table owns its texts. One thread.
 */
#ifndef PHASETAP_WORK_H
#define PHASETAP_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "base/index_map.h"
#include "base/texts.h"
#include "model/histogram.h"
#include "model/write_outcome.h"

#define PT_WORKS_HIGHEST    200000 /* pairs of namespace and phase */
#define PT_WORK_NO_DURATION (-1)

struct pt_work {
    int32_t name_space_id, phase_id; /* while a log is read, else 0 */
    const char *name_space, *phase;  /* owned by the table; NULL while a log is read */
    int64_t calls, failed;
    int64_t sum_ns, min_ns, max_ns;
    int64_t documents; /* read, or acknowledged by the server */
    int64_t bytes, commands;
    int64_t cpu_ns, cpu_calls; /* as in phase.h */
    int64_t writes[PT_WRITE_COUNTS];
    struct pt_outcome outcome;
    struct pt_histogram durations; /* of the calls whose durations are known one by one */
};

struct pt_works {
    struct pt_work *rows;
    size_t count, room;
    int64_t left_out; /* calls of pairs for which there was no room */
    struct pt_index_map map;
    struct pt_texts texts;
};

/* The row of the pair, made when it is new; NULL, and counted, when there is no room. By ids while
 * a log is read, by names in a model. Valid until the next row is made. */
struct pt_work *pt_work_of_ids(struct pt_works *works, int32_t name_space, int32_t phase);
struct pt_work *pt_work_of_names(struct pt_works *works, const char *name_space, const char *phase);

/* The CPU time of every call is known. */
static inline bool pt_work_knows_cpu(const struct pt_work *work)
{
    return work->calls > 0 && work->cpu_calls == work->calls;
}

/* Counts a call of that duration. */
void pt_work_call(struct pt_work *work, int64_t duration_ns, bool failed);

void pt_work_merge(struct pt_work *to, const struct pt_work *from);

/* Nearest rank (histogram.h). PT_WORK_NO_DURATION: too few calls for it, or a log that has only
 * totals of some: then it would be that of a sample. */
int64_t pt_work_percentile(const struct pt_work *work, double percent);

/* Most expensive first; the rows cannot be found by their keys any more. */
void pt_works_sort(struct pt_works *works);
void pt_works_release(struct pt_works *works);

#endif
