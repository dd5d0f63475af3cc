/* SPDX-License-Identifier: Apache-2.0 */
/* Connections before the span of their call, or inside it. docs/FORMAT.md, "Connections and the
 * span of their call". */
#include "intake/intake_connections.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

/* A client that connects again, after a lost connection, is one client. Numbers beyond the highest
 * are not told apart. */
static void count_client(struct pt_intake *intake, int32_t client)
{
    struct pt_process *process = intake->process;
    size_t at = (size_t)client / 8;
    if (client < 1 || client > PT_CLIENTS_HIGHEST) {
        return;
    }
    uint8_t *clients = pt_array_reach(process->clients, &process->clients_bytes, at, 64, 1);
    if (clients == NULL) {
        return;
    }
    process->clients = clients;
    uint8_t bit = (uint8_t)(1u << (client % 8));
    intake->model->connections.clients += (process->clients[at] & bit) == 0;
    process->clients[at] |= bit;
}

static void count_connection(struct pt_intake *intake, const struct pt_doc_connection *connection,
                             int64_t duration)
{
    struct pt_connection_use *use = &intake->model->connections;
    intake->process->connections++;
    if (connection->st == PT_STATUS_OK) {
        use->established++;
        count_client(intake, connection->cl);
    } else {
        use->failed++;
    }
    use->sum_ns = pt_add(use->sum_ns, duration);
    use->max_ns = pt_max(use->max_ns, duration);
}

/* Whether it lies inside its span is known when the span comes. Before a span there is one
 * connection at most: of a call with more of them than are kept, the others are inside. */
static void keep_for_span(struct pt_recorded_thread *thread,
                          const struct pt_doc_connection *connection)
{
    if (thread->connecting.count == PT_CONNECTING_KEPT) {
        thread->connecting.more_ns = pt_add(thread->connecting.more_ns, connection->d);
        return;
    }
    int at = thread->connecting.count++;
    thread->connecting.more_ns = 0;
    thread->connecting.items[at].t_ns = connection->t;
    thread->connecting.items[at].d_ns = connection->d;
}

int64_t pt_intake_connecting_inside(const struct pt_recorded_thread *thread,
                                    const struct pt_doc_span *span)
{
    if (thread->connecting.count == 0 || thread->pending_call != span->q) {
        return 0;
    }
    bool last_of_call = span->ph != PT_PHASE_SERVER_CHECK;
    int64_t sum_ns = last_of_call ? thread->connecting.more_ns : 0;
    for (int i = 0; i < thread->connecting.count; i++) {
        int64_t t_ns = thread->connecting.items[i].t_ns;
        if (t_ns >= span->t && t_ns < pt_add(span->t, span->d)) {
            sum_ns = pt_add(sum_ns, thread->connecting.items[i].d_ns);
        }
    }
    return sum_ns;
}

/* The driver's errors so far of the call that could not connect are those of the connection too.
 * What the server answered to an earlier command of the call, and what that wrote, is not. */
static struct pt_call_detail *errors_of(const struct pt_call_detail *pending)
{
    struct pt_call_detail errors = {.first_command = -1};
    for (int i = 0; i < pending->code_count; i++) {
        if (pending->codes[i].where == PT_ERROR_DRIVER) {
            errors.codes[errors.code_count++] = pending->codes[i];
        }
    }
    return pt_intake_copy_detail(&errors);
}

void pt_intake_connection(struct pt_intake *intake, const struct pt_doc_connection *connection)
{
    struct pt_recorded_thread *thread =
        pt_intake_tile(intake, connection->th, connection->t, connection->d);
    struct pt_phase_stats *phase = pt_intake_phase(intake, PT_PHASE_CONNECTION);
    if (thread == NULL || phase == NULL) {
        return;
    }
    int64_t duration = pt_add(connection->d, pt_max(0, connection->x));
    const struct pt_call_detail *pending = pt_intake_pending(intake, thread, connection->q);
    struct pt_entry entry = {.process = intake->process,
                             .kind = PT_ENTRY_CONNECTION,
                             .start_ns = connection->t,
                             .end_ns = pt_add(connection->t, connection->d),
                             .duration_ns = duration,
                             .thread = connection->th,
                             .command = -1,
                             .failed = connection->st != PT_STATUS_OK};
    if (entry.failed) {
        entry.detail = errors_of(pending);
    }
    pt_thread_spend(thread, PT_PART_CONNECTION, connection->d);
    count_connection(intake, connection, duration);
    keep_for_span(thread, connection);
    pt_phase_add(phase, &entry, intake->model->entries_limit);
}
