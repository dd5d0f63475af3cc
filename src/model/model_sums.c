/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_sums.h"

#include "base/saturate.h"

/* Clock reads of a call, its gap and its commands, when the thread could not declare them: begin
 * and end of the call, and each command's end. */
#define CLOCKS_PER_CALL     2
#define CPU_CLOCKS_PER_CALL 2

/* Threads that ended declared their reads in the status; a killed process leaves those of its
 * running threads out. */
static void add_clocks(struct pt_profiler_cost *cost, const struct pt_process *process)
{
    int64_t clocks = process->status.clocks;
    int64_t cpus = process->status.cpus;
    if (process->status.state != PT_STATE_CLOSED) {
        int64_t least = CLOCKS_PER_CALL * process->calls;
        int64_t least_cpu = CPU_CLOCKS_PER_CALL * process->calls;
        cost->clocks_estimated |= clocks < least;
        clocks = pt_max(clocks, least);
        cpus = pt_max(cpus, least_cpu);
    }
    cost->clocks = pt_add(cost->clocks, clocks);
    cost->cpus = pt_add(cost->cpus, cpus);
    int64_t events = (int64_t)process->facts.events;
    double reads = (double)clocks * (double)process->clock_cost_ns +
                   (double)cpus * (double)process->cpu_clock_cost_ns +
                   (double)events * (double)process->event_cost_ns;
    cost->overhead_ns = pt_add(cost->overhead_ns, reads < 9e18 ? (int64_t)reads : INT64_MAX);
}

static void add_process(struct pt_profiler_cost *cost, const struct pt_process *process)
{
    cost->events += (int64_t)process->facts.events;
    cost->left_out = pt_add(cost->left_out, process->left_out);
    cost->overflow = pt_add(cost->overflow, process->overflow);
    cost->dropped = pt_add(cost->dropped, process->status.dropped);
    cost->handles = pt_add(cost->handles, process->status.handles);
    cost->torn += (int64_t)process->facts.torn;
    cost->damaged_bytes += (int64_t)process->facts.damaged_bytes;
    cost->damaged_places += (int64_t)process->facts.damaged_places;
    cost->implausible += process->implausible;
    cost->log_bytes += (int64_t)process->facts.used_bytes;
    cost->sampler_ns =
        pt_add(cost->sampler_ns, pt_max(0, process->resources.process.sampler_cpu_ns));
    if (cost->dropped_by == NULL && process->status.reason != PT_REASON_NONE) {
        cost->dropped_by = process;
        cost->dropped_reason = process->status.reason;
    }
    add_clocks(cost, process);
}

struct pt_profiler_cost pt_model_cost(const struct pt_model *model)
{
    struct pt_profiler_cost cost = {0};
    for (size_t i = 0; i < model->process_count; i++) {
        add_process(&cost, model->processes[i]);
    }
    cost.overhead_ns = pt_add(cost.overhead_ns, cost.sampler_ns);
    return cost;
}

static void add_thread(struct pt_time_use *use, const struct pt_recorded_thread *thread)
{
    use->wall_ns = pt_add(use->wall_ns, thread->wall_ns);
    for (int part = 0; part < PT_PART_COUNT; part++) {
        use->parts_ns[part] = pt_add(use->parts_ns[part], thread->parts_ns[part]);
    }
    for (int within = 0; within < PT_WITHIN_COUNT; within++) {
        use->within_ns[within] = pt_add(use->within_ns[within], thread->within_ns[within]);
    }
}

struct pt_time_use pt_model_time(const struct pt_model *model)
{
    struct pt_time_use use = {0};
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 0; at < process->thread_slots; at++) {
            if (process->threads[at] != NULL) {
                add_thread(&use, process->threads[at]);
            }
        }
    }
    return use;
}

void pt_model_writes(const struct pt_model *model, int64_t writes[PT_WRITE_COUNTS])
{
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        writes[i] = 0;
        for (size_t phase = 0; phase < model->phase_count; phase++) {
            writes[i] = pt_add(writes[i], model->phases[phase].writes[i]);
        }
    }
}

struct pt_outcome pt_model_outcome(const struct pt_model *model)
{
    struct pt_outcome sum = {0};
    for (size_t i = 0; i < model->phase_count; i++) {
        struct pt_outcome outcome = pt_phase_outcome(&model->phases[i]);
        pt_outcome_add(&sum, &outcome);
    }
    return sum;
}
