/* SPDX-License-Identifier: Apache-2.0 */
/* Totals of documents that the log does not hold. docs/FORMAT.md, "Totals". */
#include "intake/intake_totals.h"

#include <phasetap/partition.h>
#include <phasetap/total_format.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "intake/intake_calls.h"
#include "intake/intake_work.h"
#include "intake/intake_writes.h"
#include "log/bson_field.h"

/* Negative values are damage. */
#define READ_FIELD(name) .name = pt_max(0, pt_field_int(record, #name, 0)),

static void take_process(struct pt_intake *intake, const struct pt_record *record)
{
    struct pt_total_process t = {PT_TOTAL_PROCESS_FIELDS(READ_FIELD)};
    struct pt_process *process = intake->process;
    struct pt_connection_use *use = &intake->model->connections;
    process->left_out = pt_add(process->left_out, t.documents);
    process->overflow = pt_add(process->overflow, t.overflow);
    process->calls = pt_add(process->calls, t.calls);
    process->gaps = pt_add(process->gaps, t.gaps);
    process->connections = pt_add(process->connections, pt_add(t.established, t.refused));
    process->last_ns = pt_max(process->last_ns, t.last);
    use->established = pt_add(use->established, t.established);
    use->failed = pt_add(use->failed, t.refused);
    use->sum_ns = pt_add(use->sum_ns, t.sum);
    use->max_ns = pt_max(use->max_ns, t.max);
    use->calls = pt_add(use->calls, t.working);
}

static void take_command(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_command t = {PT_TOTAL_COMMAND_FIELDS(READ_FIELD)};
    int64_t id = key >= 1 && key <= PT_COMMAND_IDS ? key - 1 : PT_COMMAND_OTHER;
    struct pt_command_use *use = &intake->commands[id];
    int64_t least = pt_max(0, t.min - 1);
    use->min_ns = use->count == 0 ? least : pt_min(use->min_ns, least);
    use->max_ns = pt_max(use->max_ns, t.max);
    use->count = pt_add(use->count, t.count);
    use->failed = pt_add(use->failed, t.failed);
    use->sum_ns = pt_add(use->sum_ns, t.sum);
    use->documents = pt_add(use->documents, t.documents);
    use->bytes = pt_add(use->bytes, t.bytes);
}

static void take_error(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_error_total error = {.count = pt_max(0, pt_field_int(record, "count", 0))};
    int32_t name_space = (int32_t)(key >> 32 & 0xFFFFF);
    if (key == PT_TOTAL_REST) {
        intake->errors_rest = pt_add(intake->errors_rest, error.count);
        return;
    }
    error.where = (int32_t)(key >> 60 & 7);
    error.domain = (int32_t)(key >> 52 & 255);
    error.code = (int32_t)(uint32_t)key;
    error.first_ns = pt_max(0, pt_field_int(record, "first", 0) - 1);
    error.last_ns = pt_max(0, pt_field_int(record, "last", 0));
    pt_intake_count_error(intake, &error, name_space);
}

static void take_buckets(struct pt_phase_stats *phase, const struct pt_record *record)
{
    bson_t document;
    bson_iter_t iter, inner;
    if (!pt_iter_open(record->data, record->length_bytes, &document, &iter) ||
        !bson_iter_find(&iter, "h") || !BSON_ITER_HOLDS_DOCUMENT(&iter) ||
        !bson_iter_recurse(&iter, &inner)) {
        return;
    }
    while (bson_iter_next(&inner)) {
        long bucket = strtol(bson_iter_key(&inner), NULL, 10);
        int64_t count = 0;
        if (bucket >= 0 && bucket < PT_HISTOGRAM_BUCKETS && pt_iter_int(&inner, &count) &&
            count > 0) {
            pt_histogram_add_bucket(&phase->durations, (unsigned)bucket, (uint64_t)count);
        }
    }
}

static void add_entries(struct pt_phase_stats *phase, const struct pt_total_phase *t)
{
    int64_t first_ns = pt_max(0, t->first - 1), least = pt_max(0, t->min - 1);
    bool none = phase->entries_total == 0;
    phase->first_start_ns = none ? first_ns : pt_min(phase->first_start_ns, first_ns);
    phase->min_ns = phase->count == 0 ? least : pt_min(phase->min_ns, least);
    phase->max_ns = phase->count == 0 ? t->max : pt_max(phase->max_ns, t->max);
    phase->entries_total += (uint64_t)t->count;
    phase->count = pt_add(phase->count, t->count);
    phase->failed = pt_add(phase->failed, t->failed);
    phase->sum_ns = pt_add(phase->sum_ns, t->sum);
    phase->use.totals_ns = pt_add(phase->use.totals_ns, pt_max(1, t->sum));
}

static void take_server(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_server t = {PT_TOTAL_SERVER_FIELDS(READ_FIELD)};
    struct pt_server_use *server =
        key <= INT32_MAX ? pt_server_of_id(&intake->servers, (int32_t)(key - 1)) : NULL;
    if (server == NULL) {
        intake->servers.left_out = pt_add(intake->servers.left_out, t.count);
        return;
    }
    struct pt_server_use more = {.commands = t.count,
                                 .failed = t.failed,
                                 .sum_ns = t.sum,
                                 .max_ns = t.max,
                                 .floor_ns = pt_max(0, t.min - 1)};
    pt_server_merge(server, &more);
}

static void take_retry(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_retry t = {PT_TOTAL_RETRY_FIELDS(READ_FIELD)};
    struct pt_retry retry = {(int32_t)(key >> 60 & 7), (int32_t)(key >> 52 & 255),
                             (int32_t)(uint32_t)key, t.count, t.succeeded};
    if (key == PT_TOTAL_REST) {
        intake->retries.left_out = pt_add(intake->retries.left_out, t.count);
    } else {
        pt_retries_add(&intake->retries, &retry);
    }
}

static void add_work(struct pt_work *work, const struct pt_total_work *t, bool writing)
{
    const int64_t writes[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = t->ins, [PT_MATCHED] = t->mat,  [PT_MODIFIED] = t->mod,
        [PT_REMOVED] = t->rem,  [PT_UPSERTED] = t->ups, [PT_WRITE_ERRORS] = t->err};
    struct pt_work more = {.calls = t->count,
                           .failed = t->failed,
                           .sum_ns = t->sum,
                           .min_ns = pt_max(0, t->min - 1),
                           .max_ns = t->max,
                           .documents = writing ? pt_writes_done(writes) : t->documents,
                           .bytes = t->bytes,
                           .commands = t->commands,
                           .outcome = {.requested = writing ? t->documents : 0,
                                       .refused = pt_add(t->ref, t->err),
                                       .not_attempted = t->nat,
                                       .unacknowledged = t->una,
                                       .unknown = t->unk}};
    memcpy(more.writes, writes, sizeof writes);
    pt_work_merge(work, &more);
}

static void take_work(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_work t = {PT_TOTAL_WORK_FIELDS(READ_FIELD)};
    int32_t phase = (int32_t)(key >> 32 & 255);
    struct pt_work *work = key != PT_TOTAL_REST && pt_intake_is_reported(phase) && phase != 0
                               ? pt_work_of_ids(&intake->works, (int32_t)(uint32_t)key, phase)
                               : NULL;
    if (work == NULL) {
        intake->works.left_out = pt_add(intake->works.left_out, t.count);
    } else {
        add_work(work, &t, pt_intake_is_writing(phase));
    }
}

static void add_amounts(struct pt_phase_stats *phase, const struct pt_total_phase *t)
{
    const int64_t counts[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = t->ins, [PT_MATCHED] = t->mat,  [PT_MODIFIED] = t->mod,
        [PT_REMOVED] = t->rem,  [PT_UPSERTED] = t->ups, [PT_WRITE_ERRORS] = t->err};
    phase->documents_read = pt_add(phase->documents_read, t->documents);
    phase->documents_written = pt_add(phase->documents_written, t->written);
    phase->bytes = pt_add(phase->bytes, t->bytes);
    phase->commands = pt_add(phase->commands, t->commands);
    phase->waiting_ns = pt_add(phase->waiting_ns, t->waiting);
    phase->has_writes |= t->writes > 0;
    struct pt_outcome outcome = {
        .refused = t->ref, .not_attempted = t->nat, .unacknowledged = t->una, .unknown = t->unk};
    pt_outcome_add(&phase->outcome, &outcome);
    for (int i = 0; i < PT_WRITE_COUNTS; i++) {
        phase->writes[i] = pt_add(phase->writes[i], counts[i]);
    }
}

static void take_phase(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_phase t = {PT_TOTAL_PHASE_FIELDS(READ_FIELD)};
    bool reported = key > 0 && key <= INT32_MAX && pt_intake_is_reported((int32_t)key);
    struct pt_phase_stats *phase = reported ? pt_intake_phase(intake, (int32_t)key) : NULL;
    if (phase == NULL) {
        return;
    }
    if (t.count > 0) {
        add_entries(phase, &t);
        phase->masking |= key == PT_PHASE_MASKING;
        phase->connection |= key == PT_PHASE_CONNECTION;
        phase->writing |= pt_intake_is_writing((int32_t)key);
        if (phase->masking) { /* whose durations are CPU time */
            phase->cpu_ns = pt_add(phase->cpu_ns, t.sum);
            phase->cpu_calls = pt_add(phase->cpu_calls, t.count);
        }
    }
    add_amounts(phase, &t);
    take_buckets(phase, record);
}

static void take_transactions(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_txn t = {PT_TOTAL_TXN_FIELDS(READ_FIELD)};
    if (key != PT_TOTAL_REST) {
        pt_intake_transaction_total(intake, (uint32_t)key, (int32_t)(key >> 32 & 255), &t);
    }
}

static void take_thread(struct pt_intake *intake, const struct pt_record *record, int64_t key)
{
    struct pt_total_thread t = {PT_TOTAL_THREAD_FIELDS(READ_FIELD)};
    int32_t number = key >= 1 && key <= PT_THREADS_HIGHEST ? (int32_t)(key - 1) : 0;
    struct pt_recorded_thread *thread = pt_process_thread(intake->process, number);
    if (thread == NULL) {
        return;
    }
    struct pt_partition parts = {t.connection, t.server_wait, t.server,  t.events,       t.driver,
                                 t.computing,  t.pool,        t.waiting, t.construction, t.check};
    pt_intake_partition(thread, &parts);
    thread->events = pt_add(thread->events, t.documents);
    thread->has_no_cpu |= t.no_cpu > 0;
    if (t.first > 0) {
        int64_t first_ns = t.first - 1;
        thread->start_ns = thread->has_start ? pt_min(thread->start_ns, first_ns) : first_ns;
        thread->has_start = true;
    }
}

void pt_intake_total(struct pt_intake *intake, const struct pt_record *record)
{
    int64_t key = pt_field_int(record, "key", 0);
    char *of = pt_field_text(record, "of");
    if (of == NULL || key <= 0) {
        intake->process->implausible++;
    } else if (strcmp(of, "process") == 0) {
        take_process(intake, record);
    } else if (strcmp(of, "command") == 0) {
        take_command(intake, record, key);
    } else if (strcmp(of, "error") == 0) {
        take_error(intake, record, key);
    } else if (strcmp(of, "server") == 0) {
        take_server(intake, record, key);
    } else if (strcmp(of, "retry") == 0) {
        take_retry(intake, record, key);
    } else if (strcmp(of, "work") == 0) {
        take_work(intake, record, key);
    } else if (strcmp(of, "phase") == 0) {
        take_phase(intake, record, key);
    } else if (strcmp(of, "thread") == 0) {
        take_thread(intake, record, key);
    } else if (strcmp(of, "txn") == 0) {
        take_transactions(intake, record, key);
    }
    free(of);
}
