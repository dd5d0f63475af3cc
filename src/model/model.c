/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

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
    for (size_t i = 0; i < model->group_count; i++) {
        pt_group_release(&model->groups[i]);
    }
    free(model->groups);
    pt_series_release(&model->activity);
    free(model->phases);
    free(model->processes);
    free(model->commands);
    pt_texts_release(&model->texts);
    pt_tally_release(&model->errors);
    pt_works_release(&model->works);
    pt_servers_release(&model->servers);
}

struct pt_phase_stats *pt_model_phase(struct pt_model *model, const char *name, bool annotated)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        if (model->phases[i].annotated == annotated && strcmp(model->phases[i].name, name) == 0) {
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
    const char *copy = pt_texts_keep(&model->texts, name);
    if (copy == NULL) {
        return NULL;
    }
    struct pt_phase_stats *phase = &model->phases[model->phase_count++];
    *phase = (struct pt_phase_stats){.name = copy, .annotated = annotated};
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
    const char *copy = pt_texts_keep(&model->texts, name);
    if (copy == NULL) {
        return NULL;
    }
    struct pt_command_use *command = &model->commands[model->command_count++];
    *command = (struct pt_command_use){.name = copy};
    return command;
}

/* What has no name has a NULL one. */
static bool same_name(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct pt_call_group *find_group(struct pt_model *model, const char *name,
                                        enum pt_call_sort sort)
{
    for (size_t i = 0; i < model->group_count; i++) {
        struct pt_call_group *group = &model->groups[i];
        if (group->sort == sort && same_name(group->name_space, name)) {
            return group;
        }
    }
    return NULL;
}

struct pt_call_group *pt_model_call_group(struct pt_model *model, const char *name,
                                          enum pt_call_sort sort)
{
    struct pt_call_group *known = find_group(model, name, sort);
    const char *copy = NULL;
    if (known != NULL || model->group_count == PT_CALL_GROUPS_HIGHEST ||
        (name != NULL && (copy = pt_texts_keep(&model->texts, name)) == NULL)) {
        return known;
    }
    struct pt_call_group *groups =
        pt_array_reach(model->groups, &model->group_room, model->group_count, 16, sizeof *groups);
    if (groups == NULL) {
        return NULL;
    }
    model->groups = groups;
    groups[model->group_count] = (struct pt_call_group){.name_space = copy, .sort = sort};
    return &groups[model->group_count++];
}

void pt_model_misuse(struct pt_model *model, int32_t what, const char *name, int64_t count)
{
    model->misuse_total += count;
    for (size_t i = 0; i < model->misuse_count; i++) {
        struct pt_misuse_count *known = &model->misuses[i];
        if (known->what == what && same_name(known->name, name)) {
            known->count += count;
            return;
        }
    }
    const char *copy = NULL;
    if (model->misuse_count == PT_MISUSES_HIGHEST ||
        (name != NULL && (copy = pt_texts_keep(&model->texts, name)) == NULL)) {
        return;
    }
    model->misuses[model->misuse_count++] = (struct pt_misuse_count){what, copy, count};
}
