/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/intake_writes.h"

#include <string.h>

#include "base/saturate.h"
#include "intake/intake_work.h"

bool pt_intake_is_reported(int32_t phase)
{
#define UNREPORTED(id, constant, name, reported) || ((reported) == 0 && phase == (id))
    return !(false PT_PHASES(UNREPORTED));
}

static int share_of(int32_t phase)
{
    return phase == PT_PHASE_INSERTION  ? 0
           : phase == PT_PHASE_UPDATE   ? 1
           : phase == PT_PHASE_DELETION ? 2
                                        : PT_SHARES - 1;
}

static struct pt_phase_stats *phase_of(struct pt_intake *intake, int32_t id)
{
    struct pt_phase_stats *phase = pt_intake_is_reported(id) ? pt_intake_phase(intake, id) : NULL;
    if (phase != NULL) {
        phase->writing |= pt_intake_is_writing(id);
    }
    return phase;
}

void pt_intake_write(struct pt_intake *intake, const struct pt_doc_write *write)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, write->th);
    struct pt_phase_stats *phase = phase_of(intake, write->ph);
    if (thread == NULL || phase == NULL) {
        return;
    }
    const int64_t counts[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = pt_max(0, write->ins), [PT_MATCHED] = pt_max(0, write->mat),
        [PT_MODIFIED] = pt_max(0, write->mod), [PT_REMOVED] = pt_max(0, write->rem),
        [PT_UPSERTED] = pt_max(0, write->ups), [PT_WRITE_ERRORS] = pt_max(0, write->err)};
    int share = share_of(write->ph);
    (void)pt_intake_pending(intake, thread, write->q);
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        thread->shares[share].writes[i] = pt_add(thread->shares[share].writes[i], counts[i]);
        phase->writes[i] = pt_add(phase->writes[i], counts[i]);
    }
    thread->shares[share].has_writes = phase->has_writes = true;
    thread->events++;
    pt_intake_work_writes(intake, write->ns, write->ph, counts);
}

void pt_intake_left(struct pt_intake *intake, const struct pt_doc_left *left)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, left->th);
    struct pt_phase_stats *phase = phase_of(intake, left->ph);
    if (thread == NULL || phase == NULL) {
        return;
    }
    struct pt_outcome outcome = {.refused = pt_max(0, left->ref),
                                 .not_attempted = pt_max(0, left->nat),
                                 .unacknowledged = pt_max(0, left->una),
                                 .unknown = pt_max(0, left->unk)};
    (void)pt_intake_pending(intake, thread, left->q);
    pt_outcome_add(&thread->shares[share_of(left->ph)].left, &outcome);
    pt_outcome_add(&phase->outcome, &outcome);
    thread->events++;
    pt_intake_work_left(intake, left->ns, left->ph, &outcome);
}

/* Its call is not over yet: what it says of itself is what the server acknowledged. */
static void take_open(struct pt_intake *intake, const struct pt_doc_txn *txn,
                      const int64_t counts[PT_WRITE_COUNTS])
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, txn->th);
    int share = share_of(txn->ph);
    (void)pt_intake_pending(intake, thread, txn->q);
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        thread->shares[share].writes[i] = pt_add(thread->shares[share].writes[i], counts[i]);
    }
    thread->shares[share].left.in_transaction =
        pt_add(thread->shares[share].left.in_transaction, txn->ops);
    thread->shares[share].has_writes = true;
}

static void count_committed(struct pt_intake *intake, struct pt_phase_stats *phase,
                            const struct pt_doc_txn *txn, const int64_t counts[PT_WRITE_COUNTS])
{
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        phase->writes[i] = pt_add(phase->writes[i], counts[i]);
    }
    pt_intake_work_writes(intake, txn->ns, txn->ph, counts);
}

/* Operations inside transactions: how many were acknowledged, and of them, how many are no longer
 * open since their transaction has ended. */
static struct pt_outcome of_transactions(int64_t opened, int64_t committed, int64_t aborted)
{
    struct pt_outcome outcome = {.rolled_back = aborted};
    outcome.in_transaction = pt_sub(pt_sub(opened, committed), aborted);
    return outcome;
}

void pt_intake_transaction(struct pt_intake *intake, const struct pt_doc_txn *txn)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, txn->th);
    struct pt_phase_stats *phase = phase_of(intake, txn->ph);
    if (thread == NULL || phase == NULL || txn->ops < 0) {
        return;
    }
    const int64_t counts[PT_WRITE_COUNTS] = {[PT_INSERTED] = pt_max(0, txn->ins),
                                             [PT_MATCHED] = pt_max(0, txn->mat),
                                             [PT_MODIFIED] = pt_max(0, txn->mod),
                                             [PT_REMOVED] = pt_max(0, txn->rem),
                                             [PT_UPSERTED] = pt_max(0, txn->ups)};
    bool open = txn->st == PT_TXN_OPEN, committed = txn->st == PT_TXN_COMMITTED;
    if (open) {
        take_open(intake, txn, counts);
    } else if (committed) {
        count_committed(intake, phase, txn, counts);
    }
    struct pt_outcome outcome = of_transactions(open ? txn->ops : 0, committed ? txn->ops : 0,
                                                open || committed ? 0 : txn->ops);
    phase->has_writes = true;
    thread->events++;
    pt_outcome_add(&phase->outcome, &outcome);
    pt_intake_work_left(intake, txn->ns, txn->ph, &outcome);
}

void pt_intake_transaction_total(struct pt_intake *intake, uint32_t name_space, int32_t phase_id,
                                 const struct pt_total_txn *total)
{
    struct pt_outcome outcome = of_transactions(total->opened, total->committed, total->aborted);
    struct pt_phase_stats *phase = phase_of(intake, phase_id);
    if (phase != NULL && name_space == PT_TOTAL_ALL_NAMESPACES) {
        pt_outcome_add(&phase->outcome, &outcome);
    } else if (phase != NULL) {
        pt_intake_work_left(intake, (int32_t)name_space, phase_id, &outcome);
    }
}

void pt_intake_take_share(const struct pt_recorded_thread *thread, int32_t phase,
                          struct pt_call_detail *detail)
{
    int share = share_of(phase);
    memcpy(detail->writes, thread->shares[share].writes, sizeof detail->writes);
    detail->outcome = thread->shares[share].left;
    detail->has_writes = thread->shares[share].has_writes;
    detail->counted = true;
}

static int32_t command_of(int32_t phase)
{
    return phase == PT_PHASE_INSERTION ? PT_COMMAND_insert
           : phase == PT_PHASE_UPDATE  ? PT_COMMAND_update
                                       : PT_COMMAND_delete;
}

/* No command was sent for it: no entry, but it was requested. */
static void count_unsent(struct pt_intake *intake, struct pt_phase_stats *phase,
                         const struct pt_doc_part *part)
{
    int64_t requested = pt_max(0, part->n);
    struct pt_outcome outcome = {.requested = requested};
    phase->documents_read = pt_add(phase->documents_read, requested);
    pt_intake_work_left(intake, part->ns, part->ph, &outcome);
}

void pt_intake_part(struct pt_intake *intake, const struct pt_doc_part *part)
{
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, part->th);
    struct pt_phase_stats *phase = phase_of(intake, part->ph);
    if (thread != NULL && phase != NULL && part->d < 0) {
        count_unsent(intake, phase, part);
        thread->events++;
        return;
    }
    if (thread == NULL || phase == NULL || !pt_intake_moment(intake, part->t, part->d)) {
        return;
    }
    struct pt_call_detail detail = {.first_command = -1};
    (void)pt_intake_pending(intake, thread, part->q);
    pt_intake_take_share(thread, part->ph, &detail);
    struct pt_entry entry = {.process = intake->process,
                             .kind = PT_ENTRY_CALL,
                             .start_ns = part->t,
                             .end_ns = pt_add(part->t, part->d),
                             .duration_ns = part->d,
                             .thread = part->th,
                             .name_space = part->ns,
                             .command = command_of(part->ph),
                             .failed = part->st != PT_STATUS_OK,
                             .writing = true,
                             .documents = pt_max(0, part->n),
                             .bytes = pt_max(0, part->b),
                             .commands = pt_max(0, part->c),
                             .detail = pt_intake_copy_detail(&detail)};
    thread->events++;
    pt_intake_work_call(intake, part->ns, part->ph, &entry);
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}
