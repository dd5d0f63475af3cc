/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_finish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "model/model_notes.h"
#include "model/process_links.h"

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

static bool is_annotated(const struct pt_model *model, const char *name)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        if (model->phases[i].annotated && strcmp(model->phases[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A report has one key for each name, and the program's own phase keeps it. */
static void tell_apart(const struct pt_model *model, struct pt_phase_stats *phase)
{
    while (is_annotated(model, phase->name)) {
        char *longer = NULL;
        if (asprintf(&longer, "%s" PT_RECOGNISED_SUFFIX, phase->name) < 0) {
            return;
        }
        free(phase->told_apart);
        phase->told_apart = longer;
        phase->name = longer;
    }
}

static void tell_all_apart(struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        if (!model->phases[i].annotated) {
            tell_apart(model, &model->phases[i]);
        }
    }
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
    pt_works_sort(&model->works);
    pt_servers_sort(&model->servers);
    pt_retries_sort(&model->retries);
}

static void span_runtime(struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        int64_t start = pt_add(process->start_ns, process->wall_offset_ns);
        int64_t end = pt_add(pt_process_gone_ns(process), process->wall_offset_ns);
        model->runtime_start_ns = i == 0 ? start : pt_min(model->runtime_start_ns, start);
        model->runtime_end_ns = i == 0 ? end : pt_max(model->runtime_end_ns, end);
        pt_resources_merge(&model->resources, &process->resources);
    }
    pt_model_add_overlaps(model);
}

void pt_model_finish(struct pt_model *model)
{
    pt_model_link_processes(model);
    span_runtime(model);
    tell_all_apart(model);
    sort_all(model);
    pt_model_write_notes(model);
}
