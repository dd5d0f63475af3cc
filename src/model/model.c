/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"
#include "intake/intake.h"
#include "intake/liveness.h"

void pt_model_init(struct pt_model *model, size_t entries_limit)
{
    memset(model, 0, sizeof *model);
    model->entries_limit = entries_limit;
    pt_resources_init(&model->resources);
}

void pt_model_release(struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        pt_phase_release(&model->phases[i]);
    }
    for (size_t i = 0; i < model->process_count; i++) {
        pt_process_free(model->processes[i]);
    }
    for (size_t i = 0; i < model->note_count; i++) {
        free(model->notes[i]);
    }
    free(model->phases);
    free(model->processes);
    free(model->commands);
    pt_tally_release(&model->errors);
}

struct pt_phase_stats *pt_model_phase(struct pt_model *model, const char *name)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        if (strcmp(model->phases[i].name, name) == 0) {
            return &model->phases[i];
        }
    }
    struct pt_phase_stats *phases = model->phase_count == PT_PHASES_HIGHEST
                                        ? NULL
                                        : pt_array_reach(model->phases, &model->phase_room,
                                                         model->phase_count, 16, sizeof *phases);
    if (phases == NULL) {
        return NULL;
    }
    model->phases = phases;
    struct pt_phase_stats *phase = &model->phases[model->phase_count++];
    *phase = (struct pt_phase_stats){.name = name};
    return phase;
}

struct pt_command_use *pt_model_command(struct pt_model *model, const char *name)
{
    for (size_t i = 0; i < model->command_count; i++) {
        if (strcmp(model->commands[i].name, name) == 0) {
            return &model->commands[i];
        }
    }
    struct pt_command_use *commands = pt_array_reach(model->commands, &model->command_room,
                                                     model->command_count, 16, sizeof *commands);
    if (commands == NULL) {
        return NULL;
    }
    model->commands = commands;
    struct pt_command_use *command = &model->commands[model->command_count++];
    *command = (struct pt_command_use){.name = name};
    return command;
}

/* Misuses without a phase have a NULL name. */
void pt_model_misuse(struct pt_model *model, int32_t what, const char *name)
{
    model->misuse_total++;
    for (size_t i = 0; i < model->misuse_count; i++) {
        struct pt_misuse_count *known = &model->misuses[i];
        bool same = known->name == name ||
                    (known->name != NULL && name != NULL && strcmp(known->name, name) == 0);
        if (same && known->what == what) {
            known->count++;
            return;
        }
    }
    if (model->misuse_count < PT_MISUSES_HIGHEST) {
        model->misuses[model->misuse_count++] = (struct pt_misuse_count){what, name, 1};
    }
}

void pt_model_note(struct pt_model *model, const char *format, ...)
{
    va_list arguments;
    char *note = NULL;
    va_start(arguments, format);
    int length = vasprintf(&note, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    if (model->note_count == PT_NOTES_HIGHEST) {
        free(note);
        return;
    }
    model->notes[model->note_count++] = note;
}

/* Logs of one boot share the monotonic clock; the first one's clock of day serves them all, so that
 * a step of it between them moves nothing. */
static void align_clock(const struct pt_model *model, struct pt_process *process)
{
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *other = model->processes[i];
        if (other->boot_id != NULL && process->boot_id != NULL &&
            strcmp(other->boot_id, process->boot_id) == 0) {
            process->wall_offset_ns = other->wall_offset_ns;
            return;
        }
    }
}

static enum pt_ending ending_of(const struct pt_process *process)
{
    if (process->has_run_end) {
        return process->exit_signal > 0 ? PT_ENDED_SIGNAL : PT_ENDED_STATUS;
    }
    if (process->has_end) {
        return PT_ENDED_EXIT;
    }
    bool lives = pt_process_lives(process->pid, process->start_ticks, process->boot_id);
    return lives ? PT_ENDED_RUNNING : PT_ENDED_UNKNOWN;
}

/* Room for one more process, made before its log is read: afterwards nothing can fail any more. */
static bool reserve_process(struct pt_model *model)
{
    struct pt_process **processes =
        realloc(model->processes, (model->process_count + 1) * sizeof(struct pt_process *));
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
    process->ending = ending_of(process);
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
        read_into(intake, &log);
    }
    free(intake);
    pt_log_release(&log);
    return code;
}

static int earlier_first(const void *a, const void *b)
{
    const struct pt_phase_stats *first = a;
    const struct pt_phase_stats *second = b;
    if (first->first_start_ns != second->first_start_ns) {
        return first->first_start_ns < second->first_start_ns ? -1 : 1;
    }
    return strcmp(first->name, second->name);
}

static int busier_first(const void *a, const void *b)
{
    const struct pt_command_use *first = a;
    const struct pt_command_use *second = b;
    if (first->sum_ns != second->sum_ns) {
        return first->sum_ns < second->sum_ns ? 1 : -1;
    }
    return strcmp(first->name, second->name);
}

static void sort_all(struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        pt_phase_sort(&model->phases[i]);
    }
    if (model->phase_count > 1) {
        qsort(model->phases, model->phase_count, sizeof *model->phases, earlier_first);
    }
    if (model->command_count > 1) {
        qsort(model->commands, model->command_count, sizeof *model->commands, busier_first);
    }
    pt_tally_sort(&model->errors);
}

static void span_runtime(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        int64_t start = pt_add(process->start_ns, process->wall_offset_ns);
        int64_t end = pt_add(pt_process_end_ns(process), process->wall_offset_ns);
        model->runtime_start_ns = i == 0 ? start : pt_min(model->runtime_start_ns, start);
        model->runtime_end_ns = i == 0 ? end : pt_max(model->runtime_end_ns, end);
        pt_resources_merge(&model->resources, &process->resources);
    }
}

void pt_model_finish(struct pt_model *model)
{
    span_runtime(model);
    sort_all(model);
    pt_model_write_notes(model);
}

const struct pt_process *pt_model_root(const struct pt_model *model)
{
    const struct pt_process *root = NULL;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        if (root == NULL || pt_add(process->start_ns, process->wall_offset_ns) <
                                pt_add(root->start_ns, root->wall_offset_ns)) {
            root = process;
        }
    }
    return root;
}
