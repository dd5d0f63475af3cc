/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_work.h"

#include "base/saturate.h"

bool pt_intake_is_writing(int32_t phase)
{
    return phase == PT_PHASE_INSERTION || phase == PT_PHASE_UPDATE || phase == PT_PHASE_DELETION;
}

void pt_intake_work_call(struct pt_intake *intake, int32_t name_space, int32_t phase,
                         const struct pt_entry *entry)
{
    struct pt_work *work = pt_work_of_ids(&intake->works, name_space, phase);
    if (work == NULL) {
        return;
    }
    pt_work_call(work, entry->duration_ns, entry->failed);
    work->bytes = pt_add(work->bytes, entry->bytes);
    work->commands = pt_add(work->commands, entry->commands);
    if (pt_intake_is_writing(phase)) {
        work->outcome.requested = pt_add(work->outcome.requested, entry->documents);
    } else {
        work->documents = pt_add(work->documents, entry->documents);
    }
}

void pt_intake_work_writes(struct pt_intake *intake, int32_t name_space, int32_t phase,
                           const int64_t writes[PT_WRITE_COUNTS])
{
    struct pt_work *work = pt_work_of_ids(&intake->works, name_space, phase);
    if (work == NULL) {
        return;
    }
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        work->writes[i] = pt_add(work->writes[i], writes[i]);
    }
    work->documents = pt_add(work->documents, pt_writes_done(writes));
    work->outcome.refused = pt_add(work->outcome.refused, writes[PT_WRITE_ERRORS]);
}

static void merge_works(struct pt_intake *intake)
{
    struct pt_names *names = &intake->process->names;
    struct pt_works *to = &intake->model->works;
    for (size_t i = 0; i < intake->works.count; i++) {
        const struct pt_work *from = &intake->works.rows[i];
        const char *name_space = from->name_space_id != 0
                                     ? pt_names_text(names, PT_NAME_NAMESPACE, from->name_space_id)
                                     : NULL;
        struct pt_work *row =
            pt_work_of_names(to, name_space, pt_names_text(names, PT_NAME_PHASE, from->phase_id));
        if (row != NULL) {
            pt_work_merge(row, from);
        } else {
            to->left_out = pt_add(to->left_out, from->calls - 1);
        }
    }
    to->left_out = pt_add(to->left_out, intake->works.left_out);
}

void pt_intake_close_work(struct pt_intake *intake)
{
    merge_works(intake);
    pt_works_release(&intake->works);
}
