/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call_shares.h"

#include "bson/command_ids.h"
#include "capture/call_outcome.h"
#include "capture/transaction.h"
#include "log/recorder.h"
#include "thread/thread.h"

static const int32_t phases[PT_BULK_KINDS] = {PT_PHASE_INSERTION, PT_PHASE_UPDATE,
                                              PT_PHASE_DELETION};

/* Of commands that write; PT_BULK_KINDS: of several kinds, -1: none. */
static int kind_of_command(int32_t id)
{
    switch (id) {
    case PT_COMMAND_insert:
        return PT_BULK_inserts;
    case PT_COMMAND_update:
    case PT_COMMAND_findAndModify:
    case PT_COMMAND_findandmodify:
        return PT_BULK_updates;
    case PT_COMMAND_delete:
        return PT_BULK_deletes;
    case PT_COMMAND_bulkWrite:
        return PT_BULK_KINDS;
    default:
        return -1;
    }
}

static void add_counts(struct pt_call *call, int kind, const struct pt_reply *reply, int64_t sign)
{
    switch (kind) {
    case PT_BULK_inserts:
        call->inserted += sign * reply->n;
        break;
    case PT_BULK_updates:
        call->matched += sign * (reply->n - reply->upserted);
        call->modified += sign * reply->modified;
        call->upserted += sign * reply->upserted;
        break;
    case PT_BULK_deletes:
        call->removed += sign * reply->n;
        break;
    default: /* bulkWrite */
        call->inserted += sign * reply->inserted;
        call->matched += sign * reply->matched;
        call->modified += sign * reply->updated;
        call->upserted += sign * reply->upserts;
        call->removed += sign * reply->deleted;
    }
    call->write_errors += sign * reply->write_errors;
}

/* The share that has most of the operations. */
static int largest(const struct pt_call *call, bool sent)
{
    int most = -1;
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        const struct pt_share *share = &call->shares[i];
        bool counts = share->requested > 0 && (!sent || share->commands > 0);
        if (counts && (most < 0 || share->requested > call->shares[most].requested)) {
            most = i;
        }
    }
    return most;
}

static void add_to_share(struct pt_share *share, const struct pt_reply *reply, bool failed,
                         bool repeats, int64_t duration_ns)
{
    share->commands++;
    share->repeated += repeats;
    share->time_ns += duration_ns;
    share->unacknowledged |= !failed && !reply->counted;
    share->write_errors += reply->write_errors;
    if (reply->last_error_index >= 0) {
        share->last_error_index = reply->last_error_index;
    }
}

/* One command carries operations of several kinds: its time is divided by their numbers, and what
 * it says of errors does not tell their kind. */
static void add_to_all(struct pt_call *call, const struct pt_reply *reply, bool failed,
                       bool repeats, int64_t duration_ns)
{
    struct pt_reply silent = {.counted = reply->counted, .last_error_index = -1};
    int64_t sum = 0;
    int first = largest(call, false);
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        sum += call->shares[i].requested;
    }
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        double part = sum > 0 ? (double)call->shares[i].requested / (double)sum : 0.0;
        if (call->shares[i].requested > 0) {
            add_to_share(&call->shares[i], i == first ? reply : &silent, failed, repeats,
                         (int64_t)((double)duration_ns * part));
        }
    }
    call->one_command = true;
}

static bool is_network(const bson_error_t *error)
{
    return error->domain == PT_DOMAIN_STREAM || error->domain == PT_DOMAIN_SERVER_SELECTION;
}

/* A change stream that lost its cursor opens another one. */
static bool repeats(const struct pt_call *call, int32_t id)
{
    bool anew = call->failure.command == PT_COMMAND_getMore && id == PT_COMMAND_aggregate;
    return call->failure.where != 0 && (id == call->failure.command || anew);
}

static void note_failure(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                         const bson_error_t *error)
{
    bool network = error && is_network(error);
    call->failure = (struct pt_failure){0};
    call->concern_failed |= reply->concern_failed;
    if (error) {
        call->failure = (struct pt_failure){
            .where = network ? PT_ERROR_DRIVER : PT_ERROR_SERVER,
            .domain = network ? (int32_t)error->domain : 0,
            .code = (int32_t)error->code,
            .command = id,
        };
    } else if (reply->concern_failed && reply->retryable) {
        call->failure = (struct pt_failure){
            .where = PT_ERROR_WRITE_CONCERN, .code = reply->concern_code, .command = id};
    }
}

/* What an attempt wrote, the answer to the repeated one tells again. */
static void forget_attempt(struct pt_call *call, int kind)
{
    if (call->cause.where == PT_ERROR_WRITE_CONCERN && kind >= 0) {
        add_counts(call, kind, &call->last_write, -1);
        if (kind < PT_BULK_KINDS) {
            call->shares[kind].write_errors -= call->last_write.write_errors;
        }
    }
}

void pt_share_command(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                      const bson_error_t *error, int64_t duration_ns)
{
    int kind = kind_of_command(id);
    if (pt_command_phase(id) == PT_PHASE_TEARDOWN) {
        call->cause = (struct pt_failure){0};
        return;
    }
    bool again = repeats(call, id);
    call->cause = again ? call->failure : (struct pt_failure){0};
    forget_attempt(call, kind);
    note_failure(call, id, reply, error);
    if (kind >= 0) {
        call->has_write = true;
        add_counts(call, kind, reply, 1);
        call->last_write = *reply;
    }
    if (kind == PT_BULK_KINDS) {
        add_to_all(call, reply, error != NULL, again, duration_ns);
    } else if (kind >= 0) {
        add_to_share(&call->shares[kind], reply, error != NULL, again, duration_ns);
    }
}

bool pt_share_is_unacknowledged(int32_t id, const struct pt_reply *reply, const bson_error_t *error)
{
    return kind_of_command(id) >= 0 && error == NULL && !reply->counted;
}

int32_t pt_share_phase(const struct pt_call *call)
{
    int sent = largest(call, true);
    int most = sent >= 0 ? sent : largest(call, false);
    return most >= 0 ? phases[most] : call->wrote_phase;
}

/* ---- documents ---- */

static int kind_of_phase(int32_t phase)
{
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        if (phases[i] == phase) {
            return i;
        }
    }
    return -1;
}

static int64_t at_least_0(int64_t value)
{
    return value > 0 ? value : 0;
}

/* Operations of a kind that are neither refused nor left; of another phase, documents. */
static int64_t acknowledged(const struct pt_call *call, int kind, bool ok)
{
    if (kind < 0) {
        return call->inserted + call->matched + call->removed + call->upserted;
    }
    const struct pt_share *share = &call->shares[kind];
    struct pt_left left = pt_outcome_of(call, kind, ok);
    return at_least_0(share->requested - share->write_errors - left.refused - left.not_attempted -
                      left.unacknowledged - left.unknown);
}

/* Counts of one kind; PT_BULK_KINDS: all that the call has. */
static void record_in_transaction(struct pt_call *call, int32_t phase, int kind, bool ok)
{
    bool all = kind == PT_BULK_KINDS;
    struct pt_written written = {
        .operations = acknowledged(call, kind_of_phase(phase), ok),
        .inserted = all || kind == PT_BULK_inserts ? call->inserted : 0,
        .matched = all || kind == PT_BULK_updates ? call->matched : 0,
        .modified = all || kind == PT_BULK_updates ? call->modified : 0,
        .upserted = all || kind == PT_BULK_updates ? call->upserted : 0,
        .removed = all || kind == PT_BULK_deletes ? call->removed : 0,
    };
    pt_transaction_wrote(call, phase, &written);
}

static void record_done(struct pt_call *call, int32_t phase, int kind)
{
    bool all = kind == PT_BULK_KINDS;
    PT_RECORD(&call->thread->pen, write, doc) {
        doc->q = call->thread->calls + 1;
        doc->ph = phase;
        doc->ns = call->name_space;
        doc->ins = all || kind == PT_BULK_inserts ? call->inserted : 0;
        doc->mat = all || kind == PT_BULK_updates ? call->matched : 0;
        doc->mod = all || kind == PT_BULK_updates ? call->modified : 0;
        doc->ups = all || kind == PT_BULK_updates ? call->upserted : 0;
        doc->rem = all || kind == PT_BULK_deletes ? call->removed : 0;
        doc->err = all ? call->write_errors : call->shares[kind].write_errors;
    }
}

/* In a transaction the operations that were refused are known now, the others later. */
static void record_write(struct pt_call *call, int32_t phase, int kind, bool ok)
{
    if (!call->in_transaction) {
        record_done(call, phase, kind);
        return;
    }
    record_in_transaction(call, phase, kind, ok);
    int64_t errors = kind == PT_BULK_KINDS ? call->write_errors : call->shares[kind].write_errors;
    if (errors > 0) {
        PT_RECORD(&call->thread->pen, write, doc) {
            doc->q = call->thread->calls + 1;
            doc->ph = phase;
            doc->ns = call->name_space;
            doc->err = errors;
        }
    }
}

static void record_left(struct pt_call *call, int32_t phase, int kind, bool ok)
{
    struct pt_left left = pt_outcome_of(call, kind, ok);
    if (left.refused + left.not_attempted + left.unacknowledged + left.unknown == 0) {
        return;
    }
    PT_RECORD(&call->thread->pen, left, doc) {
        doc->q = call->thread->calls + 1;
        doc->ph = phase;
        doc->ns = call->name_space;
        doc->ref = left.refused;
        doc->nat = left.not_attempted;
        doc->una = left.unacknowledged;
        doc->unk = left.unknown;
    }
}

static void record_part(struct pt_call *call, int kind, int64_t start_ns, bool ok)
{
    const struct pt_share *share = &call->shares[kind];
    PT_RECORD(&call->thread->pen, part, doc) {
        doc->q = call->thread->calls + 1;
        doc->ph = phases[kind];
        doc->ns = call->name_space;
        doc->st = ok || (share->write_errors == 0 && kind_of_command(call->failure.command) != kind)
                      ? PT_STATUS_OK
                      : PT_STATUS_FAILED;
        doc->c = call->one_command ? 0 : share->commands;
        doc->t = start_ns;
        doc->d = share->commands > 0 ? share->time_ns : -1;
        doc->n = share->requested;
        doc->b = share->bytes;
    }
    if (share->commands > 0) {
        pt_recognised_add(&call->thread->recognised, phases[kind], start_ns, share->time_ns);
    }
}

static void add_other(struct pt_share_sum *sum, const struct pt_call *call, int kind)
{
    const struct pt_share *share = &call->shares[kind];
    sum->requested += share->requested;
    sum->bytes += share->bytes;
    sum->time_ns += share->time_ns;
    sum->commands += call->one_command ? 0 : share->commands;
}

static void record_other(struct pt_call *call, struct pt_share_sum *sum, int kind, int64_t start_ns,
                         bool ok)
{
    const struct pt_share *share = &call->shares[kind];
    if (share->requested == 0) {
        return;
    }
    if (share->commands > 0) {
        record_write(call, phases[kind], kind, ok);
    }
    record_left(call, phases[kind], kind, ok);
    record_part(call, kind, start_ns, ok);
    add_other(sum, call, kind);
}

static bool is_mixed(const struct pt_call *call)
{
    int kinds = 0;
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        kinds += call->shares[i].requested > 0;
    }
    return kinds > 1;
}

/* A call that is no bulk has one share, that of its phase. */
static void take_requested(struct pt_call *call, int kind)
{
    if (!call->is_bulk && kind >= 0) {
        call->shares[kind].requested = call->wrote_documents + call->bulk_documents;
        call->shares[kind].runs = 1;
    }
}

/* The errors of a bulkWrite command are of the one kind that can have them. If there are several,
 * nobody knows which: then they are counted by their codes alone, and the kinds are unknown. */
static void settle_errors(struct pt_call *call)
{
    int of = -1, candidates = 0;
    for (int i = 0; i < PT_BULK_KINDS; i++) {
        struct pt_share *share = &call->shares[i];
        int64_t done = i == PT_BULK_inserts ? call->inserted : 0;
        share->write_errors = 0;
        if (share->requested > done) {
            of = i;
            candidates++;
        }
    }
    if (candidates == 1) {
        call->shares[of].write_errors = call->write_errors;
    }
}

struct pt_share_sum pt_record_shares(struct pt_call *call, int32_t phase, int64_t start_ns, bool ok)
{
    struct pt_share_sum others = {0};
    int kind = kind_of_phase(phase);
    take_requested(call, kind);
    if (call->one_command && call->write_errors > 0) {
        settle_errors(call);
    }
    bool mixed = kind >= 0 && is_mixed(call);
    if (call->has_write && (!mixed || call->shares[kind].commands > 0)) {
        record_write(call, phase, mixed ? kind : PT_BULK_KINDS, ok);
    }
    if (kind >= 0) {
        record_left(call, phase, kind, ok);
    }
    for (int i = 0; mixed && i < PT_BULK_KINDS; i++) {
        if (i != kind) {
            record_other(call, &others, i, start_ns, ok);
        }
    }
    return others;
}
