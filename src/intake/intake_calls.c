/* SPDX-License-Identifier: Apache-2.0 */
/* Calls and gaps: the documents that are written often. docs/FORMAT.md, "Entries of the report" and
 * "The partition of a thread's time". Connections are in intake_connections.c. */
#include "intake/intake_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "intake/intake_connections.h"
#include "intake/intake_groups.h"
#include "intake/intake_work.h"

static int64_t clamp(int64_t value, int64_t highest)
{
    return pt_min(pt_max(value, 0), highest);
}

static void spend_within(struct pt_recorded_thread *thread, enum pt_within within, int64_t ns)
{
    thread->within_ns[within] = pt_add(thread->within_ns[within], ns);
}

void pt_intake_partition(struct pt_recorded_thread *thread, const struct pt_partition *p)
{
    pt_thread_spend(thread, PT_PART_CONNECTION, p->connection);
    pt_thread_spend(thread, PT_PART_SERVER_WAIT, p->server_wait);
    pt_thread_spend(thread, PT_PART_SERVER, p->server);
    pt_thread_spend(thread, PT_PART_EVENTS, p->events);
    pt_thread_spend(thread, PT_PART_DRIVER, p->driver);
    pt_thread_spend(thread, PT_PART_COMPUTING, p->computing);
    pt_thread_spend(thread, PT_PART_POOL_WAIT, p->pool);
    pt_thread_spend(thread, PT_PART_WAITING, p->waiting);
    spend_within(thread, PT_WITHIN_CONSTRUCTION, p->construction);
    spend_within(thread, PT_WITHIN_SERVER_CHECK, p->check);
    spend_within(thread, PT_WITHIN_POOL_WAIT, p->pool);
}

static bool is_reported(int32_t phase)
{
#define UNREPORTED(id, constant, name, reported) || ((reported) == 0 && phase == (id))
    return !(false PT_PHASES(UNREPORTED));
}

static void add_call_entry(struct pt_intake *intake, const struct pt_doc_span *span, int64_t own_ns,
                           const struct pt_call_detail *detail)
{
    struct pt_phase_stats *phase = is_reported(span->ph) ? pt_intake_phase(intake, span->ph) : NULL;
    if (phase == NULL) {
        return;
    }
    struct pt_entry entry = {.process = intake->process,
                             .kind = PT_ENTRY_CALL,
                             .start_ns = span->t,
                             .end_ns = pt_add(span->t, span->d),
                             .duration_ns = own_ns,
                             .thread = span->th,
                             .name_space = span->ns,
                             .command = detail->first_command,
                             .function = span->f,
                             .failed = span->st != PT_STATUS_OK,
                             .writing = pt_intake_is_writing(span->ph),
                             .documents = pt_max(0, span->n),
                             .bytes = pt_max(0, span->b),
                             .commands = pt_max(0, span->c),
                             .detail = pt_intake_copy_detail(detail)};
    phase->writing = entry.writing;
    pt_intake_work_call(intake, span->ns, span->ph, &entry);
    if (detail->has_writes) {
        pt_intake_work_writes(intake, span->ns, span->ph, detail->writes);
    }
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}

static bool has_no_cpu(const struct pt_doc_span *span)
{
    return span->cpu < 0 && span->ph != PT_PHASE_CONSTRUCTION && span->ph != PT_PHASE_POOL_WAIT &&
           span->ph != PT_PHASE_SERVER_CHECK;
}

void pt_intake_span(struct pt_intake *intake, const struct pt_doc_span *span)
{
    struct pt_recorded_thread *thread = pt_intake_tile(intake, span->th, span->t, span->d);
    if (thread == NULL) {
        return;
    }
    int64_t connecting_ns = pt_max(span->con, pt_intake_connecting_inside(thread, span));
    int64_t own_ns = span->d - pt_min(span->d, connecting_ns);
    struct pt_partition parts = pt_partition_span(span, own_ns);
    intake->process->calls++;
    thread->has_no_cpu |= has_no_cpu(span);
    pt_intake_partition(thread, &parts);
    own_ns -= clamp(span->wait, own_ns);
    /* The check of servers comes before the call, which may have the same number: what is pending
     * is the call's. */
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    intake->model->connections.calls += span->c > 0 && span->ph != PT_PHASE_TEARDOWN;
    const struct pt_call_detail *detail = pt_intake_pending(intake, thread, span->q);
    add_call_entry(intake, span, own_ns, detail);
    pt_intake_group_span(intake, thread, span, own_ns, detail->first_command);
    pt_intake_flush_pending(intake, thread, span->ns);
}

static void add_masking_entry(struct pt_intake *intake, const struct pt_doc_gap *gap,
                              int64_t cpu_ns)
{
    struct pt_phase_stats *phase = pt_intake_phase(intake, PT_PHASE_MASKING);
    if (phase == NULL) {
        return;
    }
    struct pt_entry entry = {.process = intake->process,
                             .kind = PT_ENTRY_MASKING,
                             .start_ns = gap->t,
                             .end_ns = pt_add(gap->t, gap->d),
                             .duration_ns = cpu_ns,
                             .thread = gap->th,
                             .command = -1,
                             .documents = pt_max(0, gap->rn),
                             .documents_written = pt_max(0, gap->wn),
                             .bytes = pt_max(0, gap->wb)};
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}

void pt_intake_gap(struct pt_intake *intake, const struct pt_doc_gap *gap)
{
    struct pt_recorded_thread *thread = pt_intake_tile(intake, gap->th, gap->t, gap->d);
    if (thread == NULL) {
        return;
    }
    int64_t cpu_ns = clamp(gap->cpu, gap->d);
    intake->process->gaps++;
    struct pt_partition parts = pt_partition_gap(gap);
    pt_intake_partition(thread, &parts);
    pt_intake_group_gap(intake, gap, cpu_ns);
    if (gap->rn > 0 || gap->wn > 0) {
        add_masking_entry(intake, gap, cpu_ns);
    }
}

void pt_intake_command(struct pt_intake *intake, const struct pt_doc_command *command)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, command->th);
    if (thread == NULL || !pt_intake_moment(intake, command->t, command->d)) {
        return;
    }
    int32_t id =
        command->cmd >= 0 && command->cmd < PT_COMMAND_IDS ? command->cmd : PT_COMMAND_OTHER;
    struct pt_command_use *use = &intake->commands[id];
    use->min_ns = use->count == 0 ? command->d : pt_min(use->min_ns, command->d);
    use->max_ns = pt_max(use->max_ns, command->d);
    use->count++;
    use->failed += command->st != PT_STATUS_OK;
    use->sum_ns = pt_add(use->sum_ns, command->d);
    use->documents = pt_add(use->documents, pt_max(0, command->n));
    use->bytes = pt_add(use->bytes, pt_max(0, command->b));
    thread->events++;
    struct pt_call_detail *pending = pt_intake_pending(intake, thread, command->q);
    if (pending->first_command < 0) {
        pending->first_command = id;
    }
}

/* At once and not with the span, which the log may not hold. */
static void count_writes(struct pt_intake *intake, int32_t id, const int64_t *counts)
{
    struct pt_phase_stats *phase = is_reported(id) ? pt_intake_phase(intake, id) : NULL;
    for (int i = 0; phase != NULL && i < PT_WRITE_COUNTS; i++) {
        phase->writes[i] = pt_add(phase->writes[i], pt_max(0, counts[i]));
        phase->has_writes = true;
    }
}

void pt_intake_write(struct pt_intake *intake, const struct pt_doc_write *write)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, write->th);
    if (thread == NULL) {
        return;
    }
    const int64_t counts[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = write->ins, [PT_MATCHED] = write->mat,  [PT_MODIFIED] = write->mod,
        [PT_REMOVED] = write->rem,  [PT_UPSERTED] = write->ups, [PT_WRITE_ERRORS] = write->err};
    struct pt_call_detail *pending = pt_intake_pending(intake, thread, write->q);
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        int64_t before = pending->has_writes ? pending->writes[i] : 0;
        pending->writes[i] = pt_add(before, pt_max(0, counts[i]));
    }
    pending->has_writes = true;
    thread->events++;
    pending->counted = write->ph > 0;
    count_writes(intake, write->ph, counts);
}

void pt_intake_error(struct pt_intake *intake, const struct pt_doc_error *error)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, error->th);
    if (thread == NULL || error->n <= 0) {
        return;
    }
    thread->events++;
    struct pt_call_detail *pending = pt_intake_pending(intake, thread, error->q);
    if (pending->code_count == PT_CALL_CODES) {
        struct pt_error_total more = {
            .where = error->w, .domain = error->dom, .code = error->code, .count = error->n};
        pt_intake_count_error(intake, &more, error->ns);
        return;
    }
    int at = pending->code_count++;
    pending->codes[at].where = error->w;
    pending->codes[at].domain = error->dom;
    pending->codes[at].code = error->code;
    pending->codes[at].count = error->n;
    pending->codes[at].name_space = error->ns;
}
