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
#include "intake/intake_writes.h"

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

static void add_call_entry(struct pt_intake *intake, const struct pt_doc_span *span, int64_t own_ns,
                           const struct pt_call_detail *detail)
{
    struct pt_phase_stats *phase =
        pt_intake_is_reported(span->ph) ? pt_intake_phase(intake, span->ph) : NULL;
    if (phase == NULL) {
        return;
    }
    struct pt_entry entry = {
        .process = intake->process,
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
        .has_cpu = span->cpu >= 0 && span->oth == 0,
        .cpu_ns = clamp(span->cpu, span->d),
        .connecting_ns =
            pt_max(0, span->d - own_ns - clamp(span->wait, span->d) - clamp(span->oth, span->d)),
        .other_ns = clamp(span->oth, span->d),
        .detail = pt_intake_copy_detail(detail)};
    phase->writing = entry.writing;
    pt_intake_work_call(intake, span->ns, span->ph, &entry);
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}

static bool has_no_cpu(const struct pt_doc_span *span)
{
    return span->cpu < 0 && span->ph != PT_PHASE_CONSTRUCTION && span->ph != PT_PHASE_POOL_WAIT &&
           span->ph != PT_PHASE_SERVER_CHECK;
}

/* Spans of a thread are in the order in which they were completed. Only a clock that somebody
 * fakes goes back; a little of it may be the rounding of a fork to ticks. */
#define BACK_NS 1000000000

static void watch_clock(struct pt_process *process, struct pt_recorded_thread *thread,
                        const struct pt_doc_span *span)
{
    int64_t end_ns = pt_add(span->t, span->d);
    int64_t seen_ns = pt_max(thread->seen_ns, process->start_ns);
    int64_t back_ns = pt_sub(seen_ns, end_ns);
    if (back_ns > BACK_NS) {
        process->clock_back_ns = pt_max(process->clock_back_ns, back_ns);
    } else {
        thread->seen_ns = pt_max(seen_ns, end_ns);
    }
}

void pt_intake_span(struct pt_intake *intake, const struct pt_doc_span *span)
{
    struct pt_recorded_thread *thread = pt_intake_tile(intake, span->th, span->t, span->d);
    if (thread == NULL) {
        return;
    }
    watch_clock(intake->process, thread, span);
    int64_t connecting_ns = pt_max(span->con, pt_intake_connecting_inside(thread, span));
    int64_t own_ns = span->d - pt_min(span->d, connecting_ns);
    struct pt_partition parts = pt_partition_span(span, own_ns);
    intake->process->calls++;
    thread->has_no_cpu |= has_no_cpu(span);
    pt_intake_partition(thread, &parts);
    own_ns -= clamp(span->wait, own_ns);
    own_ns -= clamp(span->oth, own_ns);
    /* The check of servers comes before the call, which may have the same number: what is pending
     * is the call's. */
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return;
    }
    intake->model->connections.calls += span->c > 0 && span->ph != PT_PHASE_TEARDOWN;
    struct pt_call_detail *detail = pt_intake_pending(intake, thread, span->q);
    pt_intake_take_share(thread, span->ph, detail);
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
                             .has_cpu = true,
                             .cpu_ns = cpu_ns,
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
    pt_intake_work_command(intake, command);
    struct pt_call_detail *pending = pt_intake_pending(intake, thread, command->q);
    if (pending->first_command < 0) {
        pending->first_command = id;
    }
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
        struct pt_error_total more = {.where = error->w,
                                      .domain = error->dom,
                                      .code = error->code,
                                      .count = error->n,
                                      .first_ns = pt_max(0, error->t),
                                      .last_ns = pt_max(0, error->t)};
        pt_intake_count_error(intake, &more, error->ns);
        return;
    }
    int at = pending->code_count++;
    pending->codes[at].where = error->w;
    pending->codes[at].domain = error->dom;
    pending->codes[at].code = error->code;
    pending->codes[at].count = error->n;
    pending->codes[at].name_space = error->ns;
    pending->codes[at].t_ns = pt_max(0, error->t);
}
