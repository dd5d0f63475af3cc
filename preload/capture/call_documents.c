/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call_documents.h"

#include "base/clock.h"
#include "base/options.h"
#include "capture/call_shares.h"
#include "log/recorder.h"
#include "thread/gap_document.h"
#include "thread/thread.h"

static int32_t client_number(const struct pt_call *call)
{
    return call->client ? call->client->number : 0;
}

int64_t pt_call_cpu_now(struct pt_call *call)
{
    if (!pt_options.CPU_CLOCK) {
        return 0;
    }
    call->thread->cpus++;
    return pt_thread_cpu_ns();
}

int64_t pt_call_exit_cpu(struct pt_call *call)
{
    if (!call->has_exit_cpu) {
        call->has_exit_cpu = true;
        call->exit_cpu_ns = pt_call_cpu_now(call);
    }
    return call->exit_cpu_ns;
}

void pt_record_gap(struct pt_call *call)
{
    if (!call->gap_recorded) {
        call->gap_recorded = true;
        pt_gap_record(call->thread, call->entry_ns, call->entry_cpu_ns, call->wrote_documents,
                      call->wrote_bytes);
    }
}

void pt_record_connection(struct pt_call *call, int64_t start_ns, int64_t end_ns, bool established)
{
    struct pt_thread *t = call->thread;
    int64_t construction_ns = call->client ? call->client->construction_ns : 0;
    PT_RECORD(&t->pen, connection, doc) {
        doc->q = t->calls + 1;
        doc->cl = client_number(call);
        doc->st = established ? PT_STATUS_OK : PT_STATUS_FAILED;
        doc->t = start_ns;
        doc->d = end_ns - start_ns;
        doc->x = construction_ns;
    }
    if (call->connection_start_ns == 0) {
        call->connection_start_ns = start_ns;
        call->connection_ns = end_ns - start_ns;
    } else {
        call->more_connections_ns += end_ns - start_ns;
    }
    pt_recognised_connection(&t->recognised, start_ns, end_ns - start_ns, construction_ns);
    if (call->client) {
        call->client->construction_ns = 0;
    }
}

void pt_record_command(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                       const bson_error_t *error, int32_t server, int64_t start_ns, int64_t end_ns)
{
    struct pt_thread *t = call->thread;
    PT_RECORD(&t->pen, command, doc) {
        doc->q = t->calls + 1;
        doc->cmd = id;
        doc->cl = client_number(call);
        doc->st = error ? PT_STATUS_FAILED : PT_STATUS_OK;
        doc->code = error ? (int32_t)error->code : 0;
        doc->srv = server;
        doc->rw = call->cause.where;
        doc->rdom = call->cause.domain;
        doc->rc = call->cause.code;
        doc->t = start_ns;
        doc->d = end_ns - start_ns;
        doc->n = reply->has_batch ? reply->batch_documents : reply->n;
        if (pt_share_is_unacknowledged(id, reply, error)) {
            doc->n = -1;
        }
        doc->b = reply->batch_bytes;
    }
}

void pt_record_errors(struct pt_call *call)
{
    struct pt_thread *t = call->thread;
    for (unsigned i = 0; i < call->errors.used; i++) {
        const struct pt_error_count *row = &call->errors.rows[i];
        PT_RECORD(&t->pen, error, doc) {
            doc->q = t->calls + 1;
            doc->w = row->where;
            doc->dom = row->domain;
            doc->code = row->code;
            doc->ns = call->name_space;
            doc->t = call->last_command_ns ? call->last_command_ns : call->entry_ns;
            doc->n = row->count;
        }
    }
    call->errors.used = 0;
}

/* Between 0 and the duration: the two clocks are not read at the same moment. */
static int64_t cpu_of_span(struct pt_call *call, int64_t duration_ns)
{
    int64_t cpu_ns = pt_call_exit_cpu(call) - call->span_cpu_ns;
    if (!pt_options.CPU_CLOCK) {
        return -1;
    }
    return cpu_ns < 0 ? 0 : cpu_ns < duration_ns ? cpu_ns : duration_ns;
}

/* Before a span there is one connection at most, the first of its call. */
static int64_t connecting_inside(const struct pt_call *call, int64_t start_ns, int64_t duration_ns)
{
    int64_t first_ns = call->connection_start_ns >= start_ns ? call->connection_ns : 0;
    int64_t sum_ns = first_ns + call->more_connections_ns;
    return sum_ns < duration_ns ? sum_ns : duration_ns;
}

void pt_record_span(struct pt_call *call, int32_t phase, int64_t start_ns, int64_t end_ns, bool ok)
{
    struct pt_thread *t = call->thread;
    int64_t duration_ns = end_ns - start_ns;
    int64_t cpu_ns = cpu_of_span(call, duration_ns);
    pt_record_errors(call);
    struct pt_share_sum others = pt_record_shares(call, phase, start_ns, ok);
    PT_RECORD(&t->pen, span, doc) {
        doc->q = t->calls + 1;
        doc->ph = phase;
        doc->ns = call->name_space;
        doc->cl = client_number(call);
        doc->st = ok ? PT_STATUS_OK : PT_STATUS_FAILED;
        doc->c = call->commands - others.commands;
        doc->f = (int32_t)call->function;
        doc->t = start_ns;
        doc->d = duration_ns;
        doc->net = call->network_ns < duration_ns ? call->network_ns : duration_ns;
        doc->cpu = cpu_ns;
        doc->wait = call->waited_ns;
        doc->ev = call->awaited_ns;
        doc->n =
            call->has_batch ? call->batch_documents : call->wrote_documents + call->bulk_documents;
        doc->n -= others.requested;
        doc->b = call->has_batch ? call->batch_bytes : call->wrote_bytes + call->bulk_bytes;
        doc->b -= others.bytes;
        doc->con = connecting_inside(call, start_ns, duration_ns);
        doc->oth = others.time_ns;
    }
    pt_recognised_span(&t->recognised, phase, start_ns, duration_ns - others.time_ns);
    t->calls++;
}

void pt_record_interval(struct pt_call *call, int32_t phase, int64_t end_ns, int64_t cpu_ns)
{
    struct pt_call part = {.thread = call->thread,
                           .client = call->client,
                           .function = call->function,
                           .name_space = call->name_space,
                           .has_exit_cpu = true,
                           .exit_cpu_ns = cpu_ns};
    pt_record_gap(call);
    pt_record_span(&part, phase, call->entry_ns, end_ns, true);
}
