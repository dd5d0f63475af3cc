/* SPDX-License-Identifier: Apache-2.0 */
/* docs/FORMAT.md, "Entries of the report" and "The partition of a thread's time". */
#include "watch/watch_take.h"

#include <phasetap/partition.h>
#include <stdlib.h>
#include <string.h>

#include "log/bson_field.h"
#include "watch/watch_totals.h"

/* NULL for an interval that makes no sense. */
static struct pt_watch_thread *interval_of(struct pt_watch_counts *counts, int32_t th, int64_t t_ns,
                                           int64_t d_ns)
{
    struct pt_watch_thread *thread = t_ns >= 0 && d_ns >= 0 ? pt_watch_thread_of(counts, th) : NULL;
    if (thread != NULL) {
        thread->last_ns = pt_max(thread->last_ns, pt_add(t_ns, d_ns));
        counts->last_ns = pt_max(counts->last_ns, thread->last_ns);
    }
    return thread;
}

static void take_span(struct pt_watch_counts *counts, const struct pt_doc_span *span)
{
    struct pt_watch_thread *thread = interval_of(counts, span->th, span->t, span->d);
    if (thread == NULL) {
        return;
    }
    int64_t own_ns = span->d - pt_between(span->con, span->d);
    struct pt_partition parts = pt_partition_span(span, own_ns);
    pt_watch_spend_all(counts, &parts);
    if (span->ph == PT_PHASE_SERVER_CHECK) {
        return; /* a wait before its call, no call */
    }
    thread->phase = span->ph;
    thread->name_space = span->ns;
    thread->calls = pt_add(thread->calls, 1);
    counts->calls = pt_add(counts->calls, 1);
    counts->failed = pt_add(counts->failed, span->st != PT_STATUS_OK);
    counts->writes |= pt_watch_is_writing(span->ph);
    if (pt_watch_is_reading(span->ph)) {
        counts->read = pt_add(counts->read, pt_max(0, span->n));
        thread->read = pt_add(thread->read, pt_max(0, span->n));
    }
}

static void take_connection(struct pt_watch_counts *counts, const struct pt_doc_connection *doc)
{
    if (interval_of(counts, doc->th, doc->t, doc->d) != NULL) {
        pt_watch_spend(counts, PT_PART_CONNECTION, doc->d);
        counts->connections = pt_add(counts->connections, 1);
    }
}

static void take_gap(struct pt_watch_counts *counts, const struct pt_doc_gap *gap)
{
    if (interval_of(counts, gap->th, gap->t, gap->d) != NULL) {
        struct pt_partition parts = pt_partition_gap(gap);
        pt_watch_spend_all(counts, &parts);
    }
}

static void take_write(struct pt_watch_counts *counts, const struct pt_doc_write *write)
{
    const int64_t writes[PT_WRITE_COUNTS] = {
        [PT_INSERTED] = pt_max(0, write->ins), [PT_MATCHED] = pt_max(0, write->mat),
        [PT_MODIFIED] = pt_max(0, write->mod), [PT_REMOVED] = pt_max(0, write->rem),
        [PT_UPSERTED] = pt_max(0, write->ups), [PT_WRITE_ERRORS] = pt_max(0, write->err)};
    struct pt_watch_thread *thread = pt_watch_thread_of(counts, write->th);
    pt_watch_count_writes(counts, write->ph, writes);
    if (thread != NULL && pt_watch_is_writing(write->ph)) {
        thread->written = pt_add(thread->written, pt_writes_done(writes));
    }
}

/* Inside a transaction nothing is done before its commit. */
static void take_transaction(struct pt_watch_counts *counts, const struct pt_doc_txn *txn)
{
    const int64_t writes[PT_WRITE_COUNTS] = {[PT_INSERTED] = pt_max(0, txn->ins),
                                             [PT_MATCHED] = pt_max(0, txn->mat),
                                             [PT_MODIFIED] = pt_max(0, txn->mod),
                                             [PT_REMOVED] = pt_max(0, txn->rem),
                                             [PT_UPSERTED] = pt_max(0, txn->ups)};
    struct pt_watch_thread *thread = pt_watch_thread_of(counts, txn->th);
    counts->writes |= pt_watch_is_writing(txn->ph);
    if (txn->st == PT_TXN_COMMITTED) {
        pt_watch_count_writes(counts, txn->ph, writes);
    }
    if (txn->st == PT_TXN_COMMITTED && thread != NULL && pt_watch_is_writing(txn->ph)) {
        thread->written = pt_add(thread->written, pt_writes_done(writes));
    }
}

static void take_sample(struct pt_watch_counts *counts, const struct pt_doc_sample *sample)
{
    struct pt_watch_sample *newest = &counts->samples[1];
    bool known = sample->ucpu >= 0 && sample->scpu >= 0;
    if (sample->t <= newest->t_ns) {
        return;
    }
    counts->samples[0] = *newest;
    newest->t_ns = sample->t;
    newest->cpu_ns = known ? pt_add(sample->ucpu, sample->scpu) : -1;
    newest->rss_bytes = sample->rss;
    counts->last_ns = pt_max(counts->last_ns, sample->t);
}

static void take_thread(struct pt_watch_counts *counts, const struct pt_record *record)
{
    struct pt_watch_thread *thread =
        pt_watch_thread_of(counts, (int32_t)pt_field_int(record, "th", 0));
    char *event = pt_field_text(record, "ev");
    if (thread != NULL && event != NULL) {
        thread->tid = pt_field_int(record, "tid", thread->tid);
        thread->ended |= strcmp(event, "end") == 0;
    }
    free(event);
}

static void take_begin(struct pt_watch_counts *counts, const struct pt_record *record)
{
    struct pt_watch_thread *thread =
        pt_watch_thread_of(counts, (int32_t)pt_field_int(record, "th", 0));
    if (thread != NULL && thread->open_count < PT_WATCH_DEPTH) {
        thread->open[thread->open_count].q = (int32_t)pt_field_int(record, "q", 0);
        thread->open[thread->open_count++].phase = (int32_t)pt_field_int(record, "ph", 0);
    }
}

/* An outer phase that is left takes the inner ones with it. */
static void take_finish(struct pt_watch_counts *counts, const struct pt_record *record)
{
    struct pt_watch_thread *thread =
        pt_watch_thread_of(counts, (int32_t)pt_field_int(record, "th", 0));
    int32_t q = (int32_t)pt_field_int(record, "q", 0);
    for (int i = 0; thread != NULL && i < thread->open_count; i++) {
        if (thread->open[i].q == q) {
            thread->open_count = i;
        }
    }
}

static void take_run_end(struct pt_watch_counts *counts, const struct pt_record *record)
{
    counts->has_run_end = true;
    counts->exit_status = (int32_t)pt_field_int(record, "status", -1);
    counts->exit_signal = (int32_t)pt_field_int(record, "signal", 0);
}

/* What concerns the process as a whole, and annotations: rare. */
static void take_rare(struct pt_watch_counts *counts, const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_THREAD:
        take_thread(counts, record);
        break;
    case PT_KIND_BEGIN:
        take_begin(counts, record);
        break;
    case PT_KIND_FINISH:
        take_finish(counts, record);
        break;
    case PT_KIND_STATUS:
        counts->dropped = pt_max(0, PT_AS(status, record)->dropped);
        break;
    case PT_KIND_SAMPLE:
        take_sample(counts, PT_AS(sample, record));
        break;
    case PT_KIND_SYSTEM:
        counts->processors = (int32_t)pt_max(0, PT_AS(system, record)->ncpu);
        break;
    case PT_KIND_TOTAL:
        pt_watch_take_total(counts, record);
        break;
    case PT_KIND_END:
        counts->has_end = true;
        counts->last_ns = pt_max(counts->last_ns, pt_field_int(record, "t", 0));
        break;
    case PT_KIND_EXITED:
        counts->exited_ns = pt_max(counts->exited_ns, PT_AS(exited, record)->t);
        break;
    case PT_KIND_RUN_END:
        take_run_end(counts, record);
        break;
    default:
        break;
    }
}

void pt_watch_take(struct pt_watch_counts *counts, const struct pt_record *record)
{
    switch (record->kind) {
    case PT_KIND_SPAN:
        take_span(counts, PT_AS(span, record));
        break;
    case PT_KIND_CONNECTION:
        take_connection(counts, PT_AS(connection, record));
        break;
    case PT_KIND_GAP:
        take_gap(counts, PT_AS(gap, record));
        break;
    case PT_KIND_COMMAND:
        counts->retries = pt_add(counts->retries, PT_AS(command, record)->rw != 0);
        break;
    case PT_KIND_WRITE:
        take_write(counts, PT_AS(write, record));
        break;
    case PT_KIND_TXN:
        take_transaction(counts, PT_AS(txn, record));
        break;
    case PT_KIND_LEFT:
        counts->refused = pt_add(counts->refused, pt_max(0, PT_AS(left, record)->ref));
        counts->writes |= pt_watch_is_writing(PT_AS(left, record)->ph);
        break;
    case PT_KIND_ERROR:
        counts->errors = pt_add(counts->errors, pt_max(0, PT_AS(error, record)->n));
        break;
    default:
        take_rare(counts, record);
    }
}
