/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"

static bool is_same(const char *name_space, const char *wanted)
{
    return name_space != NULL && strcmp(name_space, wanted) == 0;
}

static bool is_writing(const struct pt_work *work)
{
    return strcmp(work->phase, "Document Insertion") == 0 ||
           strcmp(work->phase, "Document Update") == 0 ||
           strcmp(work->phase, "Document Deletion") == 0;
}

/* The histogram stays the work's. One that does not hold every call is a sample: percentiles of it
 * would be wrong. */
static struct pt_phase_stats phase_of(const struct pt_work *work)
{
    struct pt_phase_stats phase = {.name = work->phase,
                                   .writing = is_writing(work),
                                   .count = work->calls,
                                   .failed = work->failed,
                                   .sum_ns = work->sum_ns,
                                   .min_ns = work->min_ns,
                                   .max_ns = work->max_ns,
                                   .documents_read = work->documents,
                                   .bytes = work->bytes,
                                   .commands = work->commands,
                                   .cpu_ns = work->cpu_ns,
                                   .cpu_calls = work->cpu_calls,
                                   .use = {.shared_ns = pt_max(1, work->sum_ns)},
                                   .outcome = work->outcome,
                                   .has_writes = is_writing(work)};
    memcpy(phase.writes, work->writes, sizeof phase.writes);
    if (phase.writing) { /* a phase keeps requested documents, and refused ones among its writes */
        phase.documents_read = work->outcome.requested;
        phase.outcome.refused = pt_sub(phase.outcome.refused, work->writes[PT_WRITE_ERRORS]);
    }
    if (work->durations.count == (uint64_t)work->calls) {
        phase.durations = work->durations;
    }
    return phase;
}

static void take_works(struct pt_model *to, const struct pt_works *works, const char *name_space)
{
    for (size_t i = 0; i < works->count; i++) {
        if (is_same(works->rows[i].name_space, name_space) && works->rows[i].phase != NULL) {
            to->works.rows[to->works.count++] = works->rows[i];
            to->phases[to->phase_count++] = phase_of(&works->rows[i]);
        }
    }
}

static void take_errors(struct pt_tally *to, const struct pt_tally *from, const char *name_space)
{
    for (size_t i = 0; i < from->used; i++) {
        if (is_same(from->errors[i].name_space, name_space)) {
            to->errors[to->used++] = from->errors[i];
        }
    }
}

bool pt_model_has_namespace(const struct pt_model *model, const char *name_space)
{
    for (size_t i = 0; i < model->works.count; i++) {
        if (is_same(model->works.rows[i].name_space, name_space)) {
            return true;
        }
    }
    return false;
}

bool pt_model_view_make(struct pt_model_view *view, const struct pt_model *model,
                        const char *name_space)
{
    struct pt_model *to = &view->model;
    *to = *model;
    to->phase_count = to->works.count = to->errors.used = 0;
    to->servers.count = to->retries.used = 0;
    to->errors.rest = 0;
    to->phases = calloc(model->works.count + 1, sizeof *to->phases);
    to->works.rows = calloc(model->works.count + 1, sizeof *to->works.rows);
    to->errors.errors = calloc(model->errors.used + 1, sizeof *to->errors.errors);
    if (to->phases == NULL || to->works.rows == NULL || to->errors.errors == NULL) {
        return false;
    }
    take_works(to, &model->works, name_space);
    take_errors(&to->errors, &model->errors, name_space);
    return to->phase_count > 0;
}

void pt_model_view_release(struct pt_model_view *view)
{
    free(view->model.phases);
    free(view->model.works.rows);
    free(view->model.errors.errors);
}
