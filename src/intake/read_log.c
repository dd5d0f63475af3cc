/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/read_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "intake/intake.h"
#include "intake/intake_selection.h"
#include "intake/liveness.h"
#include "log/log_reader.h"
#include "model/model_notes.h"

/* Logs of one boot share the monotonic clock, where their time namespace is the same; the first
 * one's clock of day serves them all, so that a step of it between them moves nothing. */
static void align_clock(const struct pt_model *model, struct pt_process *process)
{
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *other = model->processes[i];
        if (pt_process_same_clock(other, process)) {
            process->wall_offset_ns = other->wall_offset_ns;
            return;
        }
    }
}

/* Other threads may record until the kernel ends them. What goes on longer has not ended: the child
 * of a vfork did. */
#define EXITING_NS 1000000000

static bool has_exited(const struct pt_process *process)
{
    return process->exited_ns > 0 && pt_sub(process->last_ns, process->exited_ns) <= EXITING_NS;
}

enum pt_ending pt_ending_of(const struct pt_process *process)
{
    if (process->has_run_end) {
        return process->exit_signal > 0 ? PT_ENDED_SIGNAL : PT_ENDED_STATUS;
    }
    if (process->has_end) {
        return PT_ENDED_EXIT;
    }
    struct pt_ring_owner owner = {.pid = process->pid,
                                  .start_ticks = process->start_ticks,
                                  .pid_namespace = (uint64_t)process->pid_namespace};
    snprintf(owner.boot_id, sizeof owner.boot_id, "%s", process->boot_id ? process->boot_id : "");
    enum pt_owner_state state = pt_owner_state(&owner);
    if (has_exited(process) && state != PT_OWNER_LIVES) {
        return PT_ENDED_LEFT;
    }
    switch (state) {
    case PT_OWNER_LIVES:
        return PT_ENDED_RUNNING;
    case PT_OWNER_GONE:
        return PT_ENDED_UNKNOWN;
    default:
        return PT_ENDED_CANNOT_TELL;
    }
}

/* Room for one more process, made before its log is read: afterwards nothing can fail any more. */
static bool reserve_process(struct pt_model *model)
{
    struct pt_process **processes =
        pt_array_reach(model->processes, &model->process_room, model->process_count, 4,
                       sizeof(struct pt_process *));
    if (processes == NULL) {
        return false;
    }
    model->processes = processes;
    return true;
}

/* A log that can be read in part counts as far as it could be read. */
static void read_into(struct pt_intake *intake, struct pt_log *log)
{
    struct pt_process *process = intake->process;
    if (pt_log_walk(log, pt_intake_record, intake) != PT_LOG_OK) {
        pt_model_note(intake->model, "Reading a log stopped at an error of its file system: what "
                                     "lies behind it is missing.");
    }
    process->facts = log->facts;
    process->ending = pt_ending_of(process);
    process->asks = !process->has_end && process->pid == intake->model->asking_pid;
    process->ending = process->asks ? PT_ENDED_RUNNING : process->ending;
    align_clock(intake->model, process);
    intake->model->processes[intake->model->process_count++] = process;
    pt_intake_close(intake);
}

int pt_model_read(struct pt_model *model, const char *path)
{
    struct pt_log log;
    int code = pt_log_open(&log, path);
    if (code != PT_LOG_OK) {
        return code;
    }
    struct pt_process *process = pt_process_new(path);
    struct pt_intake *intake = calloc(1, sizeof *intake);
    if (process == NULL || intake == NULL || !reserve_process(model)) {
        pt_process_free(process);
        code = PT_LOG_MEMORY;
    } else {
        intake->model = model;
        intake->process = process;
        pt_intake_select(intake);
        read_into(intake, &log);
    }
    free(intake);
    pt_log_release(&log);
    return code;
}
