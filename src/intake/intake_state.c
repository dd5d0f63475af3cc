/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

/* Ids of phases are small: built in below PT_NAME_FIRST, then given in a row. */
static bool make_room(struct pt_intake *intake, size_t id)
{
    struct pt_phase_stats **phases =
        pt_array_reach(intake->phases, &intake->phase_slots, id, PT_NAME_FIRST * 2,
                       sizeof(struct pt_phase_stats *));
    if (phases == NULL) {
        return false;
    }
    intake->phases = phases;
    return true;
}

struct pt_phase_stats *pt_intake_phase(struct pt_intake *intake, int32_t id)
{
    if (id < 1 || id > PT_NAMES_HIGHEST || !make_room(intake, (size_t)id)) {
        intake->model->phase_entries_left_out++;
        return NULL;
    }
    struct pt_phase_stats **slot = &intake->phases[id];
    if (*slot == NULL && intake->phase_count < PT_PHASES_HIGHEST) {
        *slot = calloc(1, sizeof **slot);
        intake->phase_count += *slot != NULL;
        if (*slot != NULL) { /* bounded memory: the first so many have their course */
            (*slot)->timed = intake->phase_count <= PT_PHASES_TIMED;
        }
    }
    intake->model->phase_entries_left_out += *slot == NULL;
    return *slot;
}

bool pt_intake_moment(struct pt_intake *intake, int64_t t_ns, int64_t d_ns)
{
    if (t_ns < 0 || d_ns < 0) {
        intake->process->implausible++;
        return false;
    }
    intake->process->last_ns = pt_max(intake->process->last_ns, pt_add(t_ns, d_ns));
    return true;
}

struct pt_recorded_thread *pt_intake_tile(struct pt_intake *intake, int32_t th, int64_t t_ns,
                                          int64_t d_ns)
{
    if (!pt_intake_moment(intake, t_ns, d_ns)) {
        return NULL;
    }
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, th);
    if (thread != NULL) {
        thread->events++;
        thread->start_ns = thread->has_start ? pt_min(thread->start_ns, t_ns) : t_ns;
        thread->has_start = true;
    }
    return thread;
}

void pt_intake_count_error(struct pt_intake *intake, const struct pt_error_total *error,
                           int32_t name_space)
{
    for (size_t i = 0; i < intake->error_count; i++) {
        struct pt_error_total *known = &intake->errors[i].count;
        if (known->code == error->code && known->where == error->where &&
            known->domain == error->domain && intake->errors[i].name_space == name_space) {
            known->count = pt_add(known->count, error->count);
            pt_error_total_span(known, error->first_ns, error->last_ns);
            return;
        }
    }
    if (intake->error_count < PT_TALLY_HIGHEST) {
        intake->errors[intake->error_count].count = *error;
        intake->errors[intake->error_count++].name_space = name_space;
    } else {
        intake->errors_rest = pt_add(intake->errors_rest, error->count);
    }
}

void pt_intake_drop_pending(struct pt_recorded_thread *thread)
{
    struct pt_call_detail *pending = &thread->pending;
    pending->code_count = 0;
    pending->has_writes = false;
    pending->counted = false;
    pending->first_command = -1;
    memset(thread->shares, 0, sizeof thread->shares);
    thread->connecting.count = 0;
    thread->pending_call = 0;
}

void pt_intake_flush_pending(struct pt_intake *intake, struct pt_recorded_thread *thread,
                             int32_t name_space)
{
    struct pt_call_detail *pending = &thread->pending;
    for (int i = 0; i < pending->code_count; i++) {
        struct pt_error_total error = {.where = pending->codes[i].where,
                                       .domain = pending->codes[i].domain,
                                       .code = pending->codes[i].code,
                                       .count = pending->codes[i].count,
                                       .first_ns = pending->codes[i].t_ns,
                                       .last_ns = pending->codes[i].t_ns};
        int32_t own = pending->codes[i].name_space;
        pt_intake_count_error(intake, &error, own != 0 ? own : name_space);
    }
    pt_intake_drop_pending(thread);
}

struct pt_call_detail *pt_intake_pending(struct pt_intake *intake,
                                         struct pt_recorded_thread *thread, int32_t q)
{
    if (thread->pending_call != q) {
        pt_intake_flush_pending(intake, thread, 0);
        thread->pending_call = q;
    }
    return &thread->pending;
}

struct pt_call_detail *pt_intake_copy_detail(const struct pt_call_detail *detail)
{
    bool all_done = pt_outcome_open(&detail->outcome) == 0;
    if (!detail->has_writes && detail->code_count == 0 && all_done) {
        return NULL;
    }
    struct pt_call_detail *copy = malloc(sizeof *copy);
    if (copy != NULL) {
        *copy = *detail;
    }
    return copy;
}

void pt_intake_release(struct pt_intake *intake)
{
    for (size_t id = 0; id < intake->phase_slots; id++) {
        if (intake->phases[id] != NULL) {
            pt_phase_release(intake->phases[id]);
            free(intake->phases[id]);
        }
    }
    free(intake->phases);
    intake->phases = NULL;
    intake->phase_slots = 0;
}
