/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/run_figures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"
#include "model/phase.h"

#define SEPARATOR ", "

void pt_run_figures_release(struct pt_run_figures *run)
{
    for (size_t i = 0; i < run->phase_count; i++) {
        free(run->phases[i].name);
        pt_histogram_release(&run->phases[i].durations);
    }
    free(run->phases);
    free(run->source);
    free(run->programs);
    free(run->drivers);
    free(run->ended);
    free(run->missing);
    *run = (struct pt_run_figures){0};
}

const struct pt_phase_figures *pt_run_phase(const struct pt_run_figures *run, const char *name)
{
    for (size_t i = 0; i < run->phase_count; i++) {
        if (strcmp(run->phases[i].name, name) == 0) {
            return &run->phases[i];
        }
    }
    return NULL;
}

struct pt_phase_figures *pt_run_add_phase(struct pt_run_figures *run, const char *name,
                                          bool recognised)
{
    struct pt_phase_figures *phases =
        pt_array_reach(run->phases, &run->phase_room, run->phase_count, 16, sizeof *phases);
    if (phases == NULL) {
        return NULL;
    }
    run->phases = phases;
    struct pt_phase_figures *phase = &phases[run->phase_count];
    *phase = (struct pt_phase_figures){.name = strdup(name), .recognised = recognised};
    for (int i = 0; i < PT_PERCENTILES; i++) {
        phase->percentiles_ns[i] = PT_NOT_KNOWN;
    }
    run->phase_count += phase->name != NULL;
    return phase->name != NULL ? phase : NULL;
}

/* Where `word` stands in the list, or where it belongs; `ret_there` says which. */
static const char *place_of(const char *list, const char *word, bool *ret_there)
{
    size_t length = strlen(word);
    *ret_there = false;
    while (*list != '\0') {
        const char *end = strstr(list, SEPARATOR);
        size_t item = end != NULL ? (size_t)(end - list) : strlen(list);
        int order = strncmp(list, word, item < length ? item : length);
        order = order == 0 ? (item > length) - (item < length) : order;
        *ret_there = order == 0;
        if (order >= 0) {
            return list;
        }
        list += item + (end != NULL ? strlen(SEPARATOR) : 0);
    }
    return list;
}

bool pt_run_add_word(char **list, const char *word)
{
    char *longer = NULL;
    bool there = false;
    if (*list == NULL) {
        *list = strdup(word);
        return *list != NULL;
    }
    const char *place = place_of(*list, word, &there);
    if (there) {
        return true;
    }
    bool last = *place == '\0';
    int made = asprintf(&longer, "%.*s%s%s%s%s", (int)(place - *list), *list, last ? SEPARATOR : "",
                        word, last ? "" : SEPARATOR, place);
    if (made < 0) {
        return false;
    }
    free(*list);
    *list = longer;
    return true;
}

static bool is_named(const struct pt_phase_figures *phase, const char *name)
{
    size_t length = strlen(name);
    return phase->recognised && strncmp(phase->name, name, length) == 0 &&
           (phase->name[length] == '\0' || strcmp(phase->name + length, PT_RECOGNISED_SUFFIX) == 0);
}

/* The same as the summary's first line. */
static int64_t documents_of(const struct pt_run_figures *run)
{
    int64_t written = 0;
    int64_t read = 0;
    bool writes = false;
    for (size_t i = 0; i < run->phase_count; i++) {
        const struct pt_phase_figures *phase = &run->phases[i];
        if (is_named(phase, "Document Insertion") || is_named(phase, "Document Update")) {
            written = pt_add(written, phase->documents);
            writes |= phase->count > 0;
        } else if (is_named(phase, "Document Deletion")) {
            writes |= phase->count > 0;
        } else if (is_named(phase, "Document Query") || is_named(phase, "Aggregation")) {
            read = pt_add(read, phase->documents);
        }
    }
    return writes ? written : read;
}

void pt_run_figures_sum(struct pt_run_figures *run)
{
    int64_t seen = 0;
    run->documents = documents_of(run);
    run->failed = 0;
    for (size_t i = 0; i < run->phase_count; i++) {
        if (run->phases[i].recognised) {
            run->failed = pt_add(run->failed, run->phases[i].failed);
            seen = pt_add(seen, run->phases[i].count);
        }
    }
    if (seen == 0) {
        pt_run_lacks(run, "no call of the driver was seen");
    }
}

void pt_run_set_cpu(struct pt_run_figures *run, int64_t user_ns, int64_t system_ns)
{
    bool known = user_ns >= 0 && system_ns >= 0;
    run->user_ns = known ? user_ns : PT_NOT_KNOWN;
    run->system_ns = known ? system_ns : PT_NOT_KNOWN;
    run->cpu_ns = known ? pt_add(user_ns, system_ns) : PT_NOT_KNOWN;
}

void pt_run_lacks(struct pt_run_figures *run, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    if (run->missing != NULL) {
        return;
    }
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) >= 0) {
        run->missing = text;
    }
    va_end(arguments);
}
