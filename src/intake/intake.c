/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "intake/intake_annotations.h"
#include "intake/intake_calls.h"
#include "intake/intake_connections.h"
#include "intake/intake_groups.h"
#include "intake/intake_selection.h"
#include "intake/intake_totals.h"
#include "intake/intake_work.h"
#include "intake/intake_writes.h"
#include "log/bson_field.h"
#include "model/thread_time.h"

static void take_status(struct pt_process *process, const struct pt_doc_status *status)
{
    process->status.seen = true;
    process->status.state = status->state;
    process->status.reason = status->reason;
    process->status.events = pt_max(0, status->events);
    process->status.dropped = pt_max(0, status->dropped);
    process->status.clocks = pt_max(0, status->clocks);
    process->status.cpus = pt_max(0, status->cpus);
    process->status.threads = pt_max(0, status->threads);
    process->status.handles = pt_max(0, status->handles);
}

static void take_thread(struct pt_intake *intake, const struct pt_record *record)
{
    int64_t moment = pt_field_int(record, "t", -1);
    moment = moment < 0 ? moment : pt_intake_selected(intake, moment);
    struct pt_recorded_thread *thread =
        pt_process_thread(intake->process, (int32_t)pt_field_int(record, "th", 0));
    char *event = pt_field_text(record, "ev");
    if (thread != NULL && event != NULL && pt_intake_moment(intake, moment, 0)) {
        thread->tid = pt_field_int(record, "tid", thread->tid);
        if (strcmp(event, "end") == 0) {
            thread->has_end = true;
            thread->end_ns = moment;
            thread->clocks = pt_max(0, pt_field_int(record, "clocks", 0));
            thread->cpus = pt_max(0, pt_field_int(record, "cpus", 0));
        } else {
            thread->start_ns = thread->has_start ? pt_min(thread->start_ns, moment) : moment;
            thread->has_start = true;
        }
    }
    free(event);
}

static void take_driver(struct pt_process *process, const struct pt_record *record)
{
    if (process->drivers_named < process->driver_count) {
        process->drivers_named++; /* another part of the log names them again, in their order */
    } else if (process->driver_count < PT_DRIVERS_HIGHEST) {
        process->drivers_named++;
        struct pt_driver *driver = &process->drivers[process->driver_count++];
        driver->version = pt_field_text(record, "version");
        driver->soname = pt_field_text(record, "soname");
    }
}

static void take_unseen(struct pt_process *process, const struct pt_record *record)
{
    char *object = pt_field_text(record, "object");
    if (object == NULL || process->unseen_count == PT_DRIVERS_HIGHEST) {
        free(object);
        return;
    }
    struct pt_unseen_driver *unseen = &process->unseen[process->unseen_count++];
    unseen->why = (int32_t)pt_field_int(record, "why", 0);
    unseen->object = object;
}

static int64_t ms_to_ns(int64_t ms)
{
    return ms > INT64_MAX / 1000000 ? INT64_MAX : ms * 1000000;
}

/* What the clock of day has gained on the monotonic one since the log was opened. */
static int64_t wall_step(const struct pt_process *process, const struct pt_record *end,
                         int64_t moment_ns)
{
    int64_t date_ms = pt_field_date_ms(end, "date");
    if (date_ms < 0 || process->realtime_ns <= 0) {
        return 0;
    }
    return pt_sub(pt_sub(ms_to_ns(date_ms), process->realtime_ns),
                  pt_sub(moment_ns, process->opened_ns));
}

static void take_end(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_process *process = intake->process;
    int64_t moment = pt_field_int(record, "t", -1);
    int64_t end_ns = moment < 0 ? moment : pt_intake_selected(intake, moment);
    if (pt_intake_moment(intake, end_ns, 0)) {
        process->has_end = true;
        process->end_ns = end_ns;
        process->wall_step_ns = wall_step(process, record, moment);
        process->busy_threads = (int32_t)pt_field_int(record, "busy", 0);
        process->children_lost = (int32_t)pt_field_int(record, "lost", 0);
        process->children_reason = (int32_t)pt_field_int(record, "reason", 0);
    }
}

static void take_exited(struct pt_intake *intake, const struct pt_doc_exited *exited)
{
    if (pt_intake_moment(intake, exited->t, 0)) {
        intake->process->exited_ns = pt_max(intake->process->exited_ns, exited->t);
    }
}

static void take_run_end(struct pt_process *process, const struct pt_record *record)
{
    process->has_run_end = true;
    process->exit_status = (int32_t)pt_field_int(record, "status", -1);
    process->exit_signal = (int32_t)pt_field_int(record, "signal", 0);
    int64_t date_ms = pt_field_date_ms(record, "date");
    int64_t by_date_ns = date_ms < 0 ? 0 : pt_sub(ms_to_ns(date_ms), process->wall_offset_ns);
    process->run_end_ns = pt_field_int(record, "t", by_date_ns);
}

static void take_sample(struct pt_intake *intake, const struct pt_record *record)
{
    if (record->kind == PT_KIND_SAMPLE && pt_intake_moment(intake, PT_AS(sample, record)->t, 0)) {
        pt_resources_sample(&intake->process->resources, PT_AS(sample, record));
        pt_intake_group_sample(intake, PT_AS(sample, record));
        pt_sampled_add(&intake->sampled, PT_AS(sample, record));
    } else if (record->kind == PT_KIND_SYSTEM &&
               pt_intake_moment(intake, PT_AS(system, record)->t, 0)) {
        pt_resources_system(&intake->process->resources, PT_AS(system, record));
    }
}

static void take_sched(struct pt_intake *intake, const struct pt_doc_sched *sched)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, sched->th);
    bool plausible = sched->cpu >= 0 && sched->rdy >= 0;
    if (thread == NULL || !plausible || !pt_intake_moment(intake, sched->t, 0)) {
        return;
    }
    bool first = thread->sched.readings == 0 || sched->t < thread->sched.t_ns[0];
    bool last = thread->sched.readings == 0 || sched->t >= thread->sched.t_ns[1];
    for (int at = 0; at < 2; at++) {
        if (at == 0 ? first : last) {
            thread->sched.t_ns[at] = sched->t;
            thread->sched.ready_ns[at] = sched->rdy;
        }
    }
    thread->sched.readings++;
}

static void take_helper(struct pt_intake *intake, const struct pt_record *record)
{
    int64_t moment = pt_field_int(record, "t", -1);
    char *name = pt_field_text(record, "name");
    if (name != NULL && pt_intake_moment(intake, moment, 0)) {
        pt_process_helper(intake->process, pt_field_int(record, "tid", 0), name,
                          pt_max(0, pt_field_int(record, "cpu", 0)),
                          pt_max(0, pt_field_int(record, "rdy", 0)));
    } else {
        free(name);
    }
}

/* What concerns the process as a whole, and the annotations: rare. */
static void take_rare(struct pt_intake *intake, const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_MANIFEST:
        pt_process_manifest(intake->process, record);
        intake->process->drivers_named = 0;
        pt_intake_select_start(intake);
        pt_names_learn(&intake->process->names, record);
        break;
    case PT_KIND_STATUS:
        take_status(intake->process, PT_AS(status, record));
        break;
    case PT_KIND_NAME:
        pt_names_learn(&intake->process->names, record);
        break;
    case PT_KIND_THREAD:
        take_thread(intake, record);
        break;
    case PT_KIND_SCHED:
        take_sched(intake, PT_AS(sched, record));
        break;
    case PT_KIND_HELPER:
        take_helper(intake, record);
        break;
    case PT_KIND_DRIVER:
        take_driver(intake->process, record);
        break;
    case PT_KIND_UNSEEN:
        take_unseen(intake->process, record);
        break;
    case PT_KIND_CLOCK:
        pt_process_clock(intake->process, record);
        break;
    case PT_KIND_BEGIN:
        pt_intake_begin(intake, record);
        break;
    case PT_KIND_FINISH:
        pt_intake_finish(intake, record);
        break;
    case PT_KIND_MISUSE:
        pt_intake_misuse(intake, record);
        break;
    case PT_KIND_THROUGHPUT:
        pt_intake_throughput(intake, record);
        break;
    case PT_KIND_RESET:
        pt_intake_reset(intake, record);
        break;
    case PT_KIND_TOTAL:
        pt_intake_total(intake, record);
        break;
    case PT_KIND_END:
        take_end(intake, record);
        break;
    case PT_KIND_EXITED:
        take_exited(intake, PT_AS(exited, record));
        break;
    case PT_KIND_RUN_END:
        take_run_end(intake->process, record);
        break;
    default:
        take_sample(intake, record);
    }
}

int pt_intake_record(void *context, const struct pt_record *record)
{
    struct pt_intake *intake = context;
    if (intake->selects && pt_intake_is_left_out(intake, record)) {
        return 0;
    }
    switch (record->kind) {
    case PT_KIND_SPAN:
        pt_intake_span(intake, PT_AS(span, record));
        break;
    case PT_KIND_COMMAND:
        pt_intake_command(intake, PT_AS(command, record));
        break;
    case PT_KIND_GAP:
        pt_intake_gap(intake, PT_AS(gap, record));
        break;
    case PT_KIND_WRITE:
        pt_intake_write(intake, PT_AS(write, record));
        break;
    case PT_KIND_LEFT:
        pt_intake_left(intake, PT_AS(left, record));
        break;
    case PT_KIND_TXN:
        pt_intake_transaction(intake, PT_AS(txn, record));
        break;
    case PT_KIND_PART:
        pt_intake_part(intake, PT_AS(part, record));
        break;
    case PT_KIND_CONNECTION:
        pt_intake_connection(intake, PT_AS(connection, record));
        break;
    case PT_KIND_ERROR:
        pt_intake_error(intake, PT_AS(error, record));
        break;
    default:
        take_rare(intake, record);
    }
    return 0;
}

/* Behind the last sample. */
static void take_use(const struct pt_intake *intake, struct pt_phase_stats *phase)
{
    struct pt_phase_use use = {.crowded_ns = phase->sum_ns};
    if (phase->timed) {
        use = pt_phase_use_of(&phase->busy, &intake->sampled);
    }
    pt_phase_use_merge(&phase->use, &use);
}

static void merge_phases(struct pt_intake *intake)
{
    struct pt_process *process = intake->process;
    for (size_t id = 0; id < intake->phase_slots; id++) {
        struct pt_phase_stats *from = intake->phases[id];
        bool asked = from != NULL && (from->documents_read > 0 || pt_writes_done(from->writes) > 0);
        if (from == NULL || (from->entries_total == 0 && !asked)) {
            continue;
        }
        pt_outcome_settle(&from->outcome);
        const char *name = pt_names_text(&process->names, PT_NAME_PHASE, (int64_t)id);
        bool annotated = id >= PT_NAME_FIRST;
        struct pt_phase_stats *to = pt_model_phase(intake->model, name, annotated);
        if (to != NULL) {
            take_use(intake, from);
            pt_phase_merge(to, from, process->wall_offset_ns, intake->model->entries_limit);
        } else {
            intake->model->phase_entries_left_out += (int64_t)from->entries_total;
        }
    }
}

static void merge_command(struct pt_command_use *to, const struct pt_command_use *from)
{
    to->min_ns = to->count == 0 ? from->min_ns : pt_min(to->min_ns, from->min_ns);
    to->max_ns = pt_max(to->max_ns, from->max_ns);
    to->count += from->count;
    to->failed += from->failed;
    to->sum_ns = pt_add(to->sum_ns, from->sum_ns);
    to->documents = pt_add(to->documents, from->documents);
    to->bytes = pt_add(to->bytes, from->bytes);
}

static void merge_commands(struct pt_intake *intake)
{
    for (int id = 0; id < PT_COMMAND_IDS; id++) {
        const struct pt_command_use *from = &intake->commands[id];
        if (from->count == 0) {
            continue;
        }
        const char *name = pt_names_text(&intake->process->names, PT_NAME_COMMAND, id);
        struct pt_command_use *to = pt_model_command(intake->model, name);
        if (to != NULL) {
            merge_command(to, from);
        }
    }
}

static void merge_errors(struct pt_intake *intake)
{
    for (size_t i = 0; i < intake->error_count; i++) {
        struct pt_error_total *count = &intake->errors[i].count;
        if (count->first_ns > 0) {
            count->first_ns = pt_add(count->first_ns, intake->process->wall_offset_ns);
            count->last_ns = pt_add(count->last_ns, intake->process->wall_offset_ns);
        }
        if (intake->errors[i].name_space != 0) {
            count->name_space = pt_names_text(&intake->process->names, PT_NAME_NAMESPACE,
                                              intake->errors[i].name_space);
        }
        pt_tally_add(&intake->model->errors, count);
    }
    intake->model->errors.rest = pt_add(intake->model->errors.rest, intake->errors_rest);
}

void pt_intake_close(struct pt_intake *intake)
{
    struct pt_process *process = intake->process;
    for (size_t i = 0; i < process->thread_slots; i++) {
        if (process->threads[i] != NULL) {
            pt_intake_flush_pending(intake, process->threads[i], 0);
            pt_intake_close_open(intake, process->threads[i]);
        }
    }
    pt_intake_select_end(intake);
    pt_process_close_threads(process);
    merge_phases(intake);
    merge_commands(intake);
    pt_intake_close_groups(intake);
    merge_errors(intake);
    pt_intake_close_work(intake);
    pt_intake_close_misuses(intake);
    pt_sampled_release(&intake->sampled);
    pt_intake_release(intake);
}
