/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"
#include "intake/intake_writes.h"
#include "log/bson_field.h"

#define NO_MOMENT INT64_MIN /* or it is needed in any case */
#define NO_THREAD (-1)      /* the document is of the process */

/* When what the document tells began. */
static int64_t moment_of(const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_SPAN:
        return PT_AS(span, record)->t;
    case PT_KIND_GAP:
        return PT_AS(gap, record)->t;
    case PT_KIND_CONNECTION:
        return PT_AS(connection, record)->t;
    case PT_KIND_COMMAND:
        return PT_AS(command, record)->t;
    case PT_KIND_SAMPLE:
        return PT_AS(sample, record)->t;
    case PT_KIND_SYSTEM:
        return PT_AS(system, record)->t;
    case PT_KIND_SCHED:
        return PT_AS(sched, record)->t;
    case PT_KIND_BEGIN:
    case PT_KIND_FINISH:
    case PT_KIND_MISUSE:
    case PT_KIND_THROUGHPUT:
        return pt_field_int(record, "t", NO_MOMENT);
    default:
        return NO_MOMENT;
    }
}

static int32_t thread_of(const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_SPAN:
        return PT_AS(span, record)->th;
    case PT_KIND_GAP:
        return PT_AS(gap, record)->th;
    case PT_KIND_CONNECTION:
        return PT_AS(connection, record)->th;
    case PT_KIND_COMMAND:
        return PT_AS(command, record)->th;
    case PT_KIND_WRITE:
        return PT_AS(write, record)->th;
    case PT_KIND_LEFT:
        return PT_AS(left, record)->th;
    case PT_KIND_PART:
        return PT_AS(part, record)->th;
    case PT_KIND_ERROR:
        return PT_AS(error, record)->th;
    case PT_KIND_SCHED:
        return PT_AS(sched, record)->th;
    case PT_KIND_THREAD:
    case PT_KIND_BEGIN:
    case PT_KIND_FINISH:
    case PT_KIND_MISUSE:
    case PT_KIND_THROUGHPUT:
        return (int32_t)pt_field_int(record, "th", NO_THREAD);
    default:
        return NO_THREAD;
    }
}

/* A thread's first document tells its id, before any other of that thread. */
static void learn_main(struct pt_intake *intake, const struct pt_record *record)
{
    if (record->kind == PT_KIND_THREAD && intake->process->pid > 0 &&
        pt_field_int(record, "tid", 0) == intake->process->pid) {
        intake->main_thread = (int32_t)pt_field_int(record, "th", 0);
    }
}

static bool is_of_other_thread(struct pt_intake *intake, const struct pt_record *record)
{
    int32_t wanted = intake->model->selection.thread;
    if (wanted == PT_SELECT_ALL) {
        return false;
    }
    learn_main(intake, record);
    wanted = wanted == PT_SELECT_MAIN ? intake->main_thread : wanted;
    int32_t thread = thread_of(record);
    return thread != NO_THREAD && thread != wanted;
}

/* Counters of the process grow over its life: the last values from before are where those of the
 * rest begin. */
static void keep_baseline(struct pt_intake *intake, const struct pt_record *record)
{
    if (record->kind == PT_KIND_SAMPLE) {
        pt_resources_baseline(&intake->process->resources, PT_AS(sample, record));
    }
}

/* Operations of a call precede its span, and most of them have no moment of their own. */
static bool is_held(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_held held = {.kind = record->kind};
    if (record->kind == PT_KIND_WRITE) {
        held.document.write = *PT_AS(write, record);
        held.q = held.document.write.q;
    } else if (record->kind == PT_KIND_LEFT) {
        held.document.left = *PT_AS(left, record);
        held.q = held.document.left.q;
    } else if (record->kind == PT_KIND_PART) {
        held.document.part = *PT_AS(part, record);
        held.q = held.document.part.q;
    } else {
        return false;
    }
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, thread_of(record));
    struct pt_held *room =
        thread == NULL || thread->held_count == PT_HELD_HIGHEST
            ? NULL
            : pt_array_reach(thread->held, &thread->held_room, thread->held_count, 4, sizeof held);
    if (room != NULL) {
        thread->held = room;
        thread->held[thread->held_count++] = held;
    }
    return true;
}

static void take_held(struct pt_intake *intake, const struct pt_held *held)
{
    if (held->kind == PT_KIND_WRITE) {
        pt_intake_write(intake, &held->document.write);
    } else if (held->kind == PT_KIND_LEFT) {
        pt_intake_left(intake, &held->document.left);
    } else {
        pt_intake_part(intake, &held->document.part);
    }
}

/* The span of a call has come, and belongs to the part or does not. */
static void end_call(struct pt_intake *intake, const struct pt_doc_span *span, bool belongs)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, span->th);
    if (thread == NULL || span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    if (!belongs && thread->pending_call == span->q) {
        pt_intake_drop_pending(thread);
    }
    for (size_t i = 0; i < thread->held_count; i++) {
        if (belongs && thread->held[i].q == span->q) {
            take_held(intake, &thread->held[i]);
        }
    }
    thread->held_count = 0;
}

static bool is_of_other_time(struct pt_intake *intake, const struct pt_record *record)
{
    int64_t moment = moment_of(record);
    bool before = moment != NO_MOMENT && moment < intake->since_ns;
    bool after = moment != NO_MOMENT && moment >= intake->until_ns;
    if (before) {
        keep_baseline(intake, record);
    }
    if (record->kind == PT_KIND_SPAN) {
        end_call(intake, PT_AS(span, record), !before && !after);
    }
    return before || after;
}

/* A total is of the whole run and of all threads, the CPU time of a helper of its whole life. */
static bool is_of_all(struct pt_intake *intake, const struct pt_record *record)
{
    bool whole = record->kind == PT_KIND_TOTAL || record->kind == PT_KIND_HELPER;
    if (!whole || !pt_selection_is_set(&intake->model->selection)) {
        return false;
    }
    char *of = record->kind == PT_KIND_TOTAL ? pt_field_text(record, "of") : NULL;
    if (of != NULL && strcmp(of, "process") == 0) {
        struct pt_process *process = intake->process;
        process->left_out =
            pt_add(process->left_out, pt_max(0, pt_field_int(record, "documents", 0)));
    }
    free(of);
    return true;
}

bool pt_intake_is_left_out(struct pt_intake *intake, const struct pt_record *record)
{
    return is_of_all(intake, record) || is_of_other_thread(intake, record) ||
           is_held(intake, record) || is_of_other_time(intake, record);
}

int64_t pt_intake_selected(const struct pt_intake *intake, int64_t moment_ns)
{
    return pt_min(pt_max(moment_ns, intake->since_ns), intake->until_ns);
}

void pt_intake_select(struct pt_intake *intake)
{
    intake->since_ns = intake->model->since_ns;
    intake->until_ns = INT64_MAX;
    intake->selects = intake->since_ns > 0 || pt_selection_is_set(&intake->model->selection);
}

void pt_intake_select_start(struct pt_intake *intake)
{
    const struct pt_selection *selection = &intake->model->selection;
    struct pt_process *process = intake->process;
    if (selection->since_ns > 0) {
        int64_t since_ns = pt_sub(selection->since_ns, process->wall_offset_ns);
        intake->since_ns = pt_max(intake->model->since_ns, since_ns);
    }
    if (selection->until_ns > 0) {
        intake->until_ns = pt_max(0, pt_sub(selection->until_ns, process->wall_offset_ns));
    }
    process->start_ns = pt_intake_selected(intake, process->start_ns);
    process->last_ns = pt_max(process->last_ns, process->start_ns);
}

/* Calls that began in time may end behind it. */
void pt_intake_select_end(struct pt_intake *intake)
{
    struct pt_process *process = intake->process;
    if (intake->until_ns < INT64_MAX) {
        process->end_ns = pt_max(process->end_ns, process->last_ns);
        process->run_end_ns =
            pt_min(process->run_end_ns, pt_max(intake->until_ns, process->last_ns));
    }
}
