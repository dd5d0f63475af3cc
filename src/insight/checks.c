/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the verdicts, and their order in reports. */
#include "insight/insight.h"

#include <stdlib.h>
#include <string.h>

#include "insight/verdict.h"

/* What a check is drawn from. */
enum basis {
    FROM_SUMS, /* which are exact whatever the log holds */
    FROM_CALLS /* one by one: silent when the log has only totals of some */
};

static const struct {
    const char *id;
    const char *asks;
    pt_verdict *verdict;
    enum basis basis;
} checks[] = {
    {"refused-documents", "operations that were not done", pt_verdict_refused, FROM_SUMS},
    {"unacknowledged-writes", "writes with w: 0", pt_verdict_unacknowledged, FROM_SUMS},
    {"retries", "commands that the driver repeated", pt_verdict_retries, FROM_SUMS},
    {"whole-log", "calls that the log has only totals of", pt_verdict_whole_log, FROM_SUMS},
    {"one-document-per-round-trip", "one document per round trip", pt_verdict_one_document,
     FROM_CALLS},
    {"client-per-operation", "a client for every operation", pt_verdict_client_per_operation,
     FROM_SUMS},
    {"alternating-operations", "operations that alternate in an ordered bulk",
     pt_verdict_alternating_operations, FROM_CALLS},
    {"grows-with-position", "reading that slows down with its position",
     pt_verdict_grows_with_position, FROM_CALLS},
    {"batch-size", "a fixed cost of each round trip", pt_verdict_batch_size, FROM_CALLS},
    {"small-batches", "small batches", pt_verdict_small_batches, FROM_CALLS},
    {"pool-too-small", "threads that wait for a pooled client", pt_verdict_pool_too_small,
     FROM_SUMS},
    {"waiting-for-server", "an election or an unreachable server", pt_verdict_waiting_for_server,
     FROM_SUMS},
    {"connecting", "slow connections", pt_verdict_connecting, FROM_SUMS},
    {"missing-cpu", "a missing CPU", pt_verdict_missing_cpu, FROM_SUMS},
    {"stalls", "calls that took many times the usual", pt_verdict_stalls, FROM_CALLS},
    {"uneven-workers", "workers that end later than others", pt_verdict_uneven_workers, FROM_CALLS},
    {"limiting-factor", "a group of threads that limits the run", pt_verdict_limiting_factor,
     FROM_CALLS},
    {"overlap", "reading, masking and writing in turn", pt_verdict_overlap, FROM_CALLS},
    {"waits-in-program", "waiting inside the program", pt_verdict_waits_in_program, FROM_CALLS},
    {"slows-down", "throughput that falls", pt_verdict_slows_down, FROM_CALLS},
    {"indexes-before-load", "indexes built before the load", pt_verdict_indexes_before_load,
     FROM_CALLS},
    {"index-calls", "indexes built one by one", pt_verdict_index_calls, FROM_CALLS},
    {"memory-growth", "memory that grows with the documents", pt_verdict_memory_growth, FROM_CALLS},
    {"driver-cpu", "the driver's own CPU time", pt_verdict_driver_cpu, FROM_CALLS},
    {"helper-threads", "CPU time of helper threads", pt_verdict_helper_threads, FROM_SUMS},
    /* Looks whether the others found a cause. */
    {"server-and-network", "time of the server and the network", pt_verdict_server_time,
     FROM_CALLS},
};
#define CHECKS (sizeof checks / sizeof checks[0])
_Static_assert(CHECKS <= PT_INSIGHT_CHECKS_HIGHEST, "pt_insights has no room for all checks");

static int64_t gain_of(const struct pt_insight *insight)
{
    return insight->gain_from_ns - insight->gain_to_ns;
}

static int sign(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* Data first, then gains; a verdict that cannot tell comes last. Equal ones stay in the order of
 * the table. */
static int compare(const struct pt_insight *a, const struct pt_insight *b)
{
    if (a->about_data != b->about_data) {
        return a->about_data ? -1 : 1;
    }
    bool a_tells = a->confidence != PT_CANNOT_TELL;
    bool b_tells = b->confidence != PT_CANNOT_TELL;
    if (a_tells != b_tells) {
        return a_tells ? -1 : 1;
    }
    int by_weight = a->about_data ? sign(b->weight, a->weight) : 0;
    return by_weight != 0 ? by_weight : sign(gain_of(b), gain_of(a));
}

static void insert(struct pt_insights *insights, const struct pt_insight *insight)
{
    size_t at = insights->count;
    while (at > 0 && compare(insight, &insights->items[at - 1]) < 0) {
        at--;
    }
    bool full = insights->count == PT_INSIGHTS_HIGHEST;
    insights->left_out += full;
    if (at == PT_INSIGHTS_HIGHEST) {
        return;
    }
    size_t moved = insights->count - at - full;
    memmove(&insights->items[at + 1], &insights->items[at], moved * sizeof *insight);
    insights->items[at] = *insight;
    insights->count += !full;
}

static void open_case(struct pt_case *c, const struct pt_model *model)
{
    const struct pt_system_use *system = &model->resources.system;
    struct pt_profiler_cost cost = pt_model_cost(model);
    *c = (struct pt_case){.model = model, .time = pt_model_time(model), .busy_cpus = -1.0};
    c->run_ns = pt_max(0, pt_sub(model->runtime_end_ns, model->runtime_start_ns));
    c->own_cpu_ns = pt_add(pt_max(0, model->resources.process.user_cpu_ns),
                           pt_max(0, model->resources.process.system_cpu_ns));
    c->is_lossy = cost.dropped > 0 || cost.damaged_bytes > 0;
    c->is_whole = cost.left_out == 0 && !c->is_lossy;
    c->fill = pt_fill_make(model);
    c->cpus = pt_max(0, system->cpus);
    if (system->cpu_count > 0) {
        double percent = system->cpu_sum / (double)system->cpu_count;
        c->busy_cpus = percent / 100.0 * (double)c->cpus;
    }
}

/* What is missing from the log might have said something else. */
static void lower(const struct pt_case *c, struct pt_insight *insight)
{
    if (c->is_lossy && insight->confidence == PT_CERTAIN) {
        insight->confidence = PT_LIKELY;
    }
}

void pt_insights_make(const struct pt_model *model, struct pt_insights *insights)
{
    struct pt_case c;
    memset(insights, 0, sizeof *insights);
    if (pt_selection_is_set(&model->selection)) {
        return;
    }
    open_case(&c, model);
    for (size_t i = 0; i < CHECKS; i++) {
        struct pt_insight insight = {.id = checks[i].id};
        bool can_tell = c.is_whole || checks[i].basis == FROM_SUMS;
        if (!can_tell) {
            continue;
        }
        if (checks[i].verdict(&c, &insight)) {
            lower(&c, &insight);
            c.explained |= !insight.about_data && insight.confidence != PT_CANNOT_TELL;
            insert(insights, &insight);
        } else {
            insights->silent[insights->silent_count++] =
                (struct pt_silent_check){checks[i].id, checks[i].asks};
        }
    }
}
