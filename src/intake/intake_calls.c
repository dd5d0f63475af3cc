/* SPDX-License-Identifier: Apache-2.0 */
/* Calls and gaps: the documents that are written often. docs/FORMAT.md, "Entries of the report" and
 * "The partition of a thread's time". Connections are in intake_connections.c. */
#include "intake/intake_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "intake/intake_connections.h"

static int64_t clamp(int64_t value, int64_t highest)
{
    return pt_min(pt_max(value, 0), highest);
}

static void spend_within(struct pt_recorded_thread *thread, enum pt_within within, int64_t ns)
{
    thread->within_ns[within] = pt_add(thread->within_ns[within], ns);
}

/* A wait of one kind, in which the driver also used the CPU. */
static void partition_wait(struct pt_recorded_thread *thread, const struct pt_doc_span *span,
                           int64_t own_ns, enum pt_part part, enum pt_within within)
{
    int64_t cpu_ns = clamp(span->cpu, own_ns);
    pt_thread_spend(thread, PT_PART_DRIVER, cpu_ns);
    pt_thread_spend(thread, part, own_ns - cpu_ns);
    spend_within(thread, within, own_ns - cpu_ns);
}

/* A call that sent commands, or tried to. Without CPU time, the driver has what is no command. */
static void partition_call(struct pt_recorded_thread *thread, const struct pt_doc_span *span,
                           int64_t own_ns)
{
    int64_t waited_ns = clamp(span->wait, own_ns);
    int64_t left_ns = own_ns - waited_ns;
    int64_t driver_ns =
        span->cpu < 0 ? left_ns - clamp(span->net, left_ns) : clamp(span->cpu, left_ns);
    int64_t events_ns = clamp(span->ev, left_ns - driver_ns);
    thread->has_no_cpu |= span->cpu < 0;
    pt_thread_spend(thread, PT_PART_SERVER_WAIT, waited_ns);
    pt_thread_spend(thread, PT_PART_DRIVER, driver_ns);
    pt_thread_spend(thread, PT_PART_EVENTS, events_ns);
    pt_thread_spend(thread, PT_PART_SERVER, left_ns - driver_ns - events_ns);
}

/* `own_ns`: the span without the connections inside it. */
static void partition_span(struct pt_recorded_thread *thread, const struct pt_doc_span *span,
                           int64_t own_ns)
{
    switch (span->ph) {
    case PT_PHASE_CONSTRUCTION:
        pt_thread_spend(thread, PT_PART_CONNECTION, own_ns);
        spend_within(thread, PT_WITHIN_CONSTRUCTION, own_ns);
        break;
    case PT_PHASE_POOL_WAIT:
        partition_wait(thread, span, own_ns, PT_PART_POOL_WAIT, PT_WITHIN_POOL_WAIT);
        break;
    case PT_PHASE_SERVER_CHECK:
        partition_wait(thread, span, own_ns, PT_PART_SERVER_WAIT, PT_WITHIN_SERVER_CHECK);
        break;
    default:
        partition_call(thread, span, own_ns);
    }
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
                             .documents = pt_max(0, span->n),
                             .bytes = pt_max(0, span->b),
                             .commands = pt_max(0, span->c),
                             .detail = pt_intake_copy_detail(detail)};
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}

void pt_intake_span(struct pt_intake *intake, const struct pt_doc_span *span)
{
    struct pt_recorded_thread *thread = pt_intake_tile(intake, span->th, span->t, span->d);
    if (thread == NULL) {
        return;
    }
    int64_t own_ns = span->d - pt_min(span->d, pt_intake_connecting_inside(thread, span));
    intake->process->calls++;
    partition_span(thread, span, own_ns);
    own_ns -= clamp(span->wait, own_ns);
    /* The check of servers comes before the call, which may have the same number: what is pending
     * is the call's. */
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    intake->model->connections.calls += span->c > 0 && span->ph != PT_PHASE_TEARDOWN;
    add_call_entry(intake, span, own_ns, pt_intake_pending(intake, thread, span->q));
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
    pt_thread_spend(thread, PT_PART_COMPUTING, cpu_ns);
    pt_thread_spend(thread, PT_PART_WAITING, gap->d - cpu_ns);
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
        pt_intake_count_error(intake, &more, 0);
        return;
    }
    int at = pending->code_count++;
    pending->codes[at].where = error->w;
    pending->codes[at].domain = error->dom;
    pending->codes[at].code = error->code;
    pending->codes[at].count = error->n;
}
