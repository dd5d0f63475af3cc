/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/export_models.h"

#include <stdlib.h>
#include <string.h>

#include "cli/inputs.h"
#include "text/usage.h"

struct programs {
    const struct pt_log_list *list;
    const char **of_run;                    /* program of each run; NULL: not known */
    const char *names[PT_PROGRAMS_HIGHEST]; /* of the logs; NULL: not known */
    size_t count, left_out;
    struct pt_model models[PT_PROGRAMS_HIGHEST];
    size_t read; /* models that were begun */
};

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

/* Logs are sorted by start: the first of a run is that of its first process. */
static const char **programs_of_runs(const struct pt_log_list *list)
{
    const char **of_run = calloc((size_t)list->runs + 1, sizeof *of_run);
    for (size_t i = list->count; i > 0 && of_run != NULL; i--) {
        of_run[list->logs[i - 1].run_number] = list->logs[i - 1].program;
    }
    return of_run;
}

static bool is_known(const struct programs *programs, const char *name)
{
    size_t i = 0;
    while (i < programs->count && !is_same(programs->names[i], name)) {
        i++;
    }
    return i < programs->count;
}

static void find_programs(struct programs *programs)
{
    for (int run = 0; run < programs->list->runs; run++) {
        const char *name = programs->of_run[run];
        if (is_known(programs, name)) {
            continue;
        }
        if (programs->count == PT_PROGRAMS_HIGHEST) {
            programs->left_out++;
        } else {
            programs->names[programs->count++] = name;
        }
    }
    if (programs->left_out > 0) {
        pt_warn("the runs of the first %d programs were exported; %zu runs of others are left out, "
                "since the number of series is limited",
                PT_PROGRAMS_HIGHEST, programs->left_out);
    }
}

/* Reads the logs of the runs of one program: a list of theirs alone, which owns nothing. */
static int read_program(struct programs *programs, const char *name)
{
    const struct pt_log_list *list = programs->list;
    struct pt_model *model = &programs->models[programs->read++];
    struct pt_log_list own = {.logs = calloc(list->count + 1, sizeof *own.logs)};
    pt_model_init(model, 0);
    if (own.logs == NULL) {
        return pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (is_same(programs->of_run[list->logs[i].run_number], name)) {
            own.logs[own.count++] = list->logs[i];
        }
    }
    int status = pt_inputs_read(model, &own, PT_ALL_RUNS);
    free(own.logs);
    return status;
}

static int write_models(const struct pt_export_format *format, struct pt_export *export,
                        const struct programs *programs)
{
    struct pt_export_model models[PT_PROGRAMS_HIGHEST];
    for (size_t i = 0; i < programs->count; i++) {
        models[i] = (struct pt_export_model){programs->names[i], &programs->models[i]};
    }
    return format->models(export, models, programs->count)
               ? PT_EXIT_OK
               : pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
}

static int read_and_write(const struct pt_export_format *format, struct pt_export *export,
                          struct programs *programs)
{
    int status = PT_EXIT_OK;
    find_programs(programs);
    for (size_t i = 0; i < programs->count && status == PT_EXIT_OK; i++) {
        status = read_program(programs, programs->names[i]);
    }
    return status == PT_EXIT_OK ? write_models(format, export, programs) : status;
}

int pt_export_models(const struct pt_export_format *format, struct pt_export *export,
                     const struct pt_log_list *list)
{
    struct programs *programs = calloc(1, sizeof *programs);
    const char **of_run = programs_of_runs(list);
    int status = PT_EXIT_FAILED;
    if (programs == NULL || of_run == NULL) {
        (void)pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
    } else {
        programs->list = list;
        programs->of_run = of_run;
        status = read_and_write(format, export, programs);
        for (size_t i = 0; i < programs->read; i++) {
            pt_model_release(&programs->models[i]);
        }
    }
    free(of_run);
    free(programs);
    return status;
}
