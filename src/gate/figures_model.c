/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a run from a finished model. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "gate/run_figures.h"
#include "model/model_sums.h"
#include "model/process_links.h"

static const double PERCENTS[PT_PERCENTILES] = {50.0, 90.0, 95.0, 99.0};

static bool add_phase(struct pt_run_figures *run, const struct pt_phase_stats *from)
{
    struct pt_phase_figures *phase = pt_run_add_phase(run, from->name, !from->annotated);
    if (phase == NULL) {
        return false;
    }
    phase->count = from->count;
    phase->failed = from->failed;
    phase->documents = pt_phase_documents(from);
    phase->bytes = from->bytes;
    phase->sum_ns = from->sum_ns;
    phase->min_ns = from->min_ns;
    phase->max_ns = from->max_ns;
    for (int i = 0; i < PT_PERCENTILES; i++) {
        int64_t value_ns;
        if (pt_phase_percentile(from, PERCENTS[i], &value_ns)) {
            phase->percentiles_ns[i] = value_ns;
        }
    }
    if (from->durations.count == (uint64_t)from->count) {
        pt_histogram_merge(&phase->durations, &from->durations);
    }
    return true;
}

static bool add_names(struct pt_run_figures *run, const struct pt_process *process)
{
    bool good = process->program == NULL || pt_run_add_word(&run->programs, process->program);
    for (size_t i = 0; i < process->driver_count && good; i++) {
        const char *version = process->drivers[i].version;
        good = version == NULL || pt_run_add_word(&run->drivers, version);
    }
    return good;
}

static void take_ending(struct pt_run_figures *run, const struct pt_process *ender)
{
    char text[PT_ENDING_BYTES];
    pt_process_ending_text(ender, text, sizeof text);
    run->ended = strdup(text);
    run->complete = ender->ending == PT_ENDED_STATUS || ender->ending == PT_ENDED_EXIT;
    if (ender->ending == PT_ENDED_STATUS) {
        run->exit_status = ender->exit_status;
    } else if (ender->ending == PT_ENDED_SIGNAL) {
        run->exit_status = 128 + ender->exit_signal;
    }
    if (ender->ending == PT_ENDED_RUNNING) {
        pt_run_lacks(run, "the run has not ended");
    }
}

static int64_t errors_of(const struct pt_tally *tally)
{
    int64_t sum = tally->rest;
    for (size_t i = 0; i < tally->used; i++) {
        sum = pt_add(sum, tally->errors[i].count);
    }
    return sum;
}

static int64_t retries_of(const struct pt_retries *retries)
{
    int64_t sum = retries->left_out;
    for (size_t i = 0; i < retries->used; i++) {
        sum = pt_add(sum, retries->rows[i].count);
    }
    return sum;
}

static void take_losses(struct pt_run_figures *run, const struct pt_model *model)
{
    struct pt_profiler_cost cost = pt_model_cost(model);
    run->dropped = cost.dropped;
    if (cost.dropped > 0) {
        pt_run_lacks(run, "%" PRId64 " events were dropped", cost.dropped);
    }
    if (cost.damaged_bytes > 0 || cost.implausible > 0) {
        pt_run_lacks(run, "parts of the log are damaged");
    }
    for (size_t i = 0; i < model->process_count; i++) {
        if (model->processes[i]->unseen_count > 0) {
            pt_run_lacks(run, "calls of a driver may be missing");
        }
    }
}

static void take_sums(struct pt_run_figures *run, const struct pt_model *model)
{
    const struct pt_process_use *use = &model->resources.process;
    struct pt_outcome outcome = pt_model_outcome(model);
    run->runtime_ns = pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    pt_run_set_cpu(run, use->user_cpu_ns, use->system_cpu_ns);
    run->memory_bytes = use->peak_bytes > 0 ? use->peak_bytes : PT_NOT_KNOWN;
    run->not_written = pt_add(outcome.refused, outcome.not_attempted);
    run->unknown = pt_add(outcome.unacknowledged, outcome.unknown);
    run->errors = errors_of(&model->errors);
    run->retries = retries_of(&model->retries);
}

bool pt_run_figures_of_model(struct pt_run_figures *run, const struct pt_model *model,
                             const char *source)
{
    const struct pt_process *ender = pt_model_ender(model);
    *run = (struct pt_run_figures){.source = strdup(source), .exit_status = PT_NOT_KNOWN};
    bool good = run->source != NULL;
    for (size_t i = 0; i < model->process_count && good; i++) {
        good = add_names(run, model->processes[i]);
    }
    for (size_t i = 0; i < model->phase_count && good; i++) {
        good = add_phase(run, &model->phases[i]);
    }
    if (ender != NULL) {
        take_ending(run, ender);
    }
    take_sums(run, model);
    take_losses(run, model);
    pt_run_figures_sum(run);
    return good;
}
