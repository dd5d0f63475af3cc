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
    work->cpu_ns = pt_add(work->cpu_ns, entry->has_cpu ? entry->cpu_ns : 0);
    work->cpu_calls += entry->has_cpu;
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
    if (pt_intake_is_writing(phase)) {
        work->documents = pt_add(work->documents, pt_writes_done(writes));
    }
    work->outcome.refused = pt_add(work->outcome.refused, writes[PT_WRITE_ERRORS]);
}

void pt_intake_work_left(struct pt_intake *intake, int32_t name_space, int32_t phase,
                         const struct pt_outcome *left)
{
    struct pt_work *work = pt_work_of_ids(&intake->works, name_space, phase);
    if (work != NULL) {
        pt_outcome_add(&work->outcome, left);
    }
}

void pt_intake_work_command(struct pt_intake *intake, const struct pt_doc_command *command)
{
    bool failed = command->st != PT_STATUS_OK;
    struct pt_server_use *server = pt_server_of_id(&intake->servers, command->srv);
    if (server != NULL) {
        pt_server_command(server, command->d, failed, command->n >= 0);
    } else {
        intake->servers.left_out++;
    }
    if (command->rw != 0) {
        struct pt_retry retry = {command->rw, command->rdom, command->rc, 1, !failed};
        pt_retries_add(&intake->retries, &retry);
    }
}

static void merge_servers(struct pt_intake *intake)
{
    struct pt_servers *to = &intake->model->servers;
    for (size_t i = 0; i < intake->servers.count; i++) {
        const struct pt_server_use *from = &intake->servers.rows[i];
        const char *address =
            from->id != 0 ? pt_names_text(&intake->process->names, PT_NAME_SERVER, from->id) : NULL;
        struct pt_server_use *row = pt_server_of_address(to, address);
        if (row != NULL) {
            pt_server_merge(row, from);
        } else {
            to->left_out = pt_add(to->left_out, from->commands);
        }
    }
    to->left_out = pt_add(to->left_out, intake->servers.left_out);
}

static void merge_works(struct pt_intake *intake)
{
    struct pt_names *names = &intake->process->names;
    struct pt_works *to = &intake->model->works;
    for (size_t i = 0; i < intake->works.count; i++) {
        struct pt_work *from = &intake->works.rows[i];
        pt_outcome_settle(&from->outcome);
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
    merge_servers(intake);
    pt_retries_merge(&intake->model->retries, &intake->retries);
    pt_works_release(&intake->works);
    pt_servers_release(&intake->servers);
}
