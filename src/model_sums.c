/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over all processes of a model, and the notes that follow from them. */
#include <inttypes.h>

#include "model.h"
#include "saturate.h"

/* Clock reads of a call, its gap and its commands, when the thread could not declare them: begin and end of the
 * call, and each command's end. */
#define CLOCKS_PER_CALL 2
#define CPU_CLOCKS_PER_CALL 2

/* Threads that ended declared their reads in the status; a killed process leaves those of its running threads out. */
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
    double reads = (double)clocks * (double)process->clock_cost_ns + (double)cpus * (double)process->cpu_clock_cost_ns +
                   (double)events * (double)process->event_cost_ns;
    cost->overhead_ns = pt_add(cost->overhead_ns, reads < 9e18 ? (int64_t)reads : INT64_MAX);
}

static void add_process(struct pt_profiler_cost *cost, const struct pt_process *process)
{
    cost->events += (int64_t)process->facts.events;
    cost->dropped = pt_add(cost->dropped, process->status.dropped);
    cost->handles = pt_add(cost->handles, process->status.handles);
    cost->torn += (int64_t)process->facts.torn;
    cost->damaged_bytes += (int64_t)process->facts.damaged_bytes;
    cost->damaged_places += (int64_t)process->facts.damaged_places;
    cost->implausible += process->implausible;
    cost->log_bytes += (int64_t)process->facts.used_bytes;
    cost->sampler_ns = pt_add(cost->sampler_ns, pt_max(0, process->resources.process.sampler_cpu_ns));
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

static int64_t add_threads(const struct pt_process *process, int64_t parts_ns[PT_PART_COUNT])
{
    int64_t wall = 0;
    for (size_t i = 0; i < process->thread_slots; i++) {
        const struct pt_thread *thread = process->threads[i];
        if (thread == NULL) {
            continue;
        }
        wall = pt_add(wall, thread->wall_ns);
        for (int part = 0; part < PT_PART_COUNT; part++) {
            parts_ns[part] = pt_add(parts_ns[part], thread->parts_ns[part]);
        }
    }
    return wall;
}

int64_t pt_model_parts(const struct pt_model *model, int64_t parts_ns[PT_PART_COUNT])
{
    int64_t wall = 0;
    for (int part = 0; part < PT_PART_COUNT; part++) {
        parts_ns[part] = 0;
    }
    for (size_t i = 0; i < model->process_count; i++) {
        wall = pt_add(wall, add_threads(model->processes[i], parts_ns));
    }
    return wall;
}

static void note_nothing_seen(struct pt_model *model)
{
    int64_t calls = 0;
    bool driver = false;
    for (size_t i = 0; i < model->process_count; i++) {
        calls += model->processes[i]->calls + model->processes[i]->connections;
        driver |= model->processes[i]->driver_version != NULL;
    }
    if (calls > 0) {
        return;
    }
    if (driver) {
        pt_model_note(model,
                      "No driver call that used the network was recorded: the program loaded the MongoDB C driver, "
                      "but made no such call until the log ends.");
    } else {
        pt_model_note(model,
                      "No driver call was recorded and no MongoDB C driver was seen; 'phasetap check PROGRAM' tells "
                      "whether the program can be profiled.");
    }
}

static void note_losses(struct pt_model *model, const struct pt_profiler_cost *cost)
{
    if (cost->dropped > 0 && cost->dropped_by != NULL) {
        const char *reason = pt_names_find(&cost->dropped_by->names, PT_NAME_REASON, cost->dropped_reason);
        pt_model_note(model, "%" PRId64 " events were not kept (%s): counts and totals here cover only what was kept.",
                      cost->dropped, reason != NULL ? reason : "reason not known");
    }
    if (cost->handles > 0) {
        pt_model_note(model,
                      "%" PRId64 " handles of the driver could not be followed: calls through them may lack their "
                      "namespace or documents.",
                      cost->handles);
    }
    if (cost->damaged_bytes > 0) {
        pt_model_note(model, "%" PRId64 " bytes in %" PRId64 " places of the logs were damaged and skipped.",
                      cost->damaged_bytes, cost->damaged_places);
    }
    if (cost->implausible > 0) {
        pt_model_note(model, "%" PRId64 " events had impossible times and were left out.", cost->implausible);
    }
    if (cost->clocks_estimated) {
        pt_model_note(model,
                      "The run did not end in order: the number of clock reads behind overhead_seconds is estimated "
                      "from the number of calls.");
    }
}

static void note_phases(struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        const struct pt_phase_stats *phase = &model->phases[i];
        if (phase->automatic && phase->annotated) {
            pt_model_note(model,
                          "The program annotates a phase named '%s', which phasetap also recognises itself: both kinds "
                          "of entries are counted in it.",
                          phase->name);
        }
    }
    if (model->errors.rest > 0) {
        pt_model_note(model, "%" PRId64 " errors are not listed: only %d different ones are told apart.",
                      model->errors.rest, PT_TALLY_HIGHEST);
    }
}

void pt_model_write_notes(struct pt_model *model)
{
    struct pt_profiler_cost cost = pt_model_cost(model);
    note_nothing_seen(model);
    note_losses(model, &cost);
    note_phases(model);
}
