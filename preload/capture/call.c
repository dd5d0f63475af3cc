/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "bson/command_ids.h"
#include "host/manifest.h"
#include "base/options.h"
#include "host/recording.h"
#include "capture/call_documents.h"

/* Shorter failures without a command are wrong arguments; longer ones of a connected client waited
 * for the network. */
#define PT_NETWORK_FAILURE_NS 1000000
#define PT_SHORT_GAP_NS       20000
#define PT_RECONNECT_NS       50000 /* a connection to the same machine takes more */
/* Server monitoring: the driver checks its servers when a client was idle: by a ping after
 * socketCheckIntervalMS (5 s), by asking all of them after heartbeatFrequencyMS (at least 500 ms).
 * Below these a pause before the first command is the scheduler's. */
#define PT_CHECK_IDLE_NS 250000000
#define PT_CHECK_WAIT_NS 200000

static int64_t thread_cpu_ns(struct pt_thread *t)
{
    if (!pt_options.CPU_CLOCK) {
        return 0;
    }
    t->cpus++;
    return pt_thread_cpu_ns();
}

/* A gap too short to hold a wait was spent computing: no system call to learn that. It is the gap
 * between the end of a write and the next getMore in every masking loop. */
static int64_t cpu_at_entry(struct pt_thread *t, int64_t entry_ns)
{
    int64_t gap_ns = entry_ns - t->mark_ns;
    return gap_ns < PT_SHORT_GAP_NS ? t->mark_cpu_ns + gap_ns : thread_cpu_ns(t);
}

/* The stack grows down: a call that contains this one stands above it and still holds its own
 * address. */
static bool is_inside(const struct pt_call *outer, const void *inner)
{
    return outer != NULL && (uintptr_t)outer > (uintptr_t)inner && outer->self == outer;
}

bool pt_call_enter(struct pt_call *call, enum pt_function function, const void *object)
{
    struct pt_thread *t = pt_thread_self();
    if (t == NULL || is_inside(t->call, call)) {
        return false;
    }
    memset(call, 0, sizeof *call);
    call->self = call;
    call->thread = t;
    call->function = function;
    call->object = pt_handle_find(object);
    if (call->object) {
        call->client = call->object->kind == PT_HANDLE_CLIENT ? call->object : call->object->client;
        call->name_space = call->object->name_space;
    }
    t->call = call;
    t->appending = false; /* an append that was left by longjmp */
    pt_drivers_note(&t->pen);
    t->clocks += 2;
    call->entry_ns = pt_now_ns();
    call->entry_cpu_ns = cpu_at_entry(t, call->entry_ns);
    return true;
}

/* The driver could not reach a server, or lost it. NULL: no error. */
static bool is_of_network(const bson_error_t *error)
{
    return error &&
           (error->domain == PT_DOMAIN_STREAM || error->domain == PT_DOMAIN_SERVER_SELECTION);
}

/* Without a command: was it the network, or a login that was refused, rather than wrong arguments?
 */
static bool is_network_error(const struct pt_call *call, const bson_error_t *error,
                             int64_t duration_ns)
{
    bool connecting = call->client && !call->client->connected;
    if (error && error->domain != 0) {
        return is_of_network(error) || (connecting && call->connects > 0);
    }
    return connecting || duration_ns >= PT_NETWORK_FAILURE_NS;
}

static int32_t phase_of(const struct pt_call *call, int32_t phase)
{
    if (phase != PT_PHASE_BY_COMMAND) {
        return phase;
    }
    if (call->wrote_phase != 0) {
        return call->wrote_phase;
    }
    return call->command_phase != 0 ? call->command_phase : PT_PHASE_TEARDOWN;
}

static void add_driver_error(struct pt_call *call, const bson_error_t *error)
{
    if (error && error->domain != 0 &&
        (call->commands == 0 ||
         is_of_network(error))) { /* others are the server's answer, counted already */
        pt_errors_add(&call->errors, PT_ERROR_DRIVER, (int32_t)error->domain, (int32_t)error->code);
    }
}

/* The call reached the server. */
static void leave_with_commands(struct pt_call *call, int32_t phase, bool ok,
                                const bson_error_t *error, int64_t end_ns)
{
    int64_t start_ns = call->entry_ns;
    struct pt_handle *client = call->client;
    pt_record_gap(call);
    if (client && !client->connected) { /* a command was sent, so there was a connection, whatever
                                           became of it */
        start_ns = call->first_command_ns > start_ns ? call->first_command_ns : start_ns;
        pt_record_connection(call, call->entry_ns, start_ns, true);
    } else if (call->reconnected) {
        start_ns = call->first_command_ns;
        pt_record_connection(call, call->entry_ns, start_ns, true);
    }
    if (!ok && call->connects > 0) { /* it tried again, and could not connect */
        add_driver_error(call, error);
        pt_record_errors(call);
        pt_record_connection(call, call->last_command_ns, end_ns, false);
    }
    if (client) {
        client->connected = !call->network_failed;
    }
    pt_record_span(call, phase_of(call, phase), start_ns, end_ns, ok);
}

/* It sent no command. Then it did nothing on the network; or connected only; or could not connect;
 * or its arguments were refused. */
static void leave_without_commands(struct pt_call *call, int32_t phase, bool ok,
                                   const bson_error_t *error, int64_t end_ns)
{
    struct pt_handle *client = call->client;
    bool connecting = client && !client->connected;
    if (ok && connecting && phase == PT_PHASE_BY_COMMAND) {
        client->construction_ns += end_ns - call->entry_ns;
        pt_call_interval(call, PT_PHASE_CONSTRUCTION, end_ns);
        return;
    }
    if (ok) {
        return;
    }
    add_driver_error(call, error);
    bool refused = is_network_error(call, error, end_ns - call->entry_ns);
    pt_record_gap(call);
    if (refused) {
        pt_record_errors(call);
        pt_record_connection(call, call->entry_ns, end_ns, false);
        if (client) {
            client->connected = false;
        }
    }
    pt_record_span(call,
                   phase != PT_PHASE_BY_COMMAND || call->wrote_phase ? phase_of(call, phase)
                                                                     : PT_PHASE_COMMAND,
                   refused ? end_ns : call->entry_ns, end_ns, false);
}

bool pt_call_is_ours(struct pt_call *call)
{
    bool ours = *pt_process_alive && call->thread->call == call;
    if (!ours) {
        call->self = NULL;
    }
    return ours;
}

void pt_call_finish(struct pt_call *call, int64_t end_ns, bool recorded)
{
    struct pt_thread *t = call->thread;
    if (recorded) {
        t->mark_ns = end_ns;
        t->mark_cpu_ns = thread_cpu_ns(t);
    } else {
        t->wrote_documents += call->wrote_documents;
        t->wrote_bytes += call->wrote_bytes;
    }
    t->call = NULL;
    call->self = NULL;
}

void pt_call_leave(struct pt_call *call, int32_t phase, bool ok, const bson_error_t *error)
{
    struct pt_thread *t = call->thread;
    if (!pt_call_is_ours(call)) {
        return;
    }
    int saved_errno = errno;
    int64_t end_ns = pt_now_ns();
    int32_t calls_before = t->calls;
    if (call->commands > 0) {
        leave_with_commands(call, phase, ok, error, end_ns);
    } else {
        leave_without_commands(call, phase, ok, error, end_ns);
    }
    pt_call_finish(call, end_ns, t->calls != calls_before);
    errno = saved_errno;
}

void pt_call_interval(struct pt_call *call, int32_t phase, int64_t end_ns)
{
    pt_record_gap(call);
    pt_record_span(call, phase, call->entry_ns, end_ns, true);
}

static void add_write(struct pt_call *call, int32_t id, const struct pt_reply *reply)
{
    call->has_write = true;
    call->write_errors += reply->write_errors;
    switch (id) {
    case PT_COMMAND_insert:
        call->inserted += reply->n;
        break;
    case PT_COMMAND_update:
    case PT_COMMAND_findAndModify:
    case PT_COMMAND_findandmodify:
        call->matched += reply->n - reply->upserted;
        call->modified += reply->modified;
        call->upserted += reply->upserted;
        break;
    case PT_COMMAND_delete:
        call->removed += reply->n;
        break;
    default: /* bulkWrite */
        call->inserted += reply->inserted;
        call->matched += reply->matched;
        call->modified += reply->updated;
        call->upserted += reply->upserts;
        call->removed += reply->deleted;
    }
}

static bool is_write(int32_t id)
{
    return id == PT_COMMAND_insert || id == PT_COMMAND_update || id == PT_COMMAND_delete ||
           id == PT_COMMAND_bulkWrite || id == PT_COMMAND_findAndModify ||
           id == PT_COMMAND_findandmodify;
}

static void add_reply(struct pt_call *call, int32_t id, const struct pt_reply *reply)
{
    if (is_write(id)) {
        add_write(call, id, reply);
    } else if (reply->has_batch) {
        call->has_batch = true;
        call->batch_documents += reply->batch_documents;
        call->batch_bytes += reply->batch_bytes;
        call->last_batch_documents = reply->batch_documents;
    }
}

static void add_failure(struct pt_call *call, const bson_error_t *error)
{
    bool network = is_of_network(error);
    call->network_failed = network;
    pt_errors_add(&call->errors, network ? PT_ERROR_DRIVER : PT_ERROR_SERVER,
                  network ? (int32_t)error->domain : 0, (int32_t)error->code);
}

/* A connected, idle client (of a single thread: a pool has a thread for that) waited before its
 * first command, and did not compute: the driver checked its servers. That is an interval of its
 * own, and the call begins after it. */
static void take_check(struct pt_call *call, int64_t end_ns)
{
    struct pt_thread *t = call->thread;
    if (call->client->pool != NULL || end_ns - call->entry_ns < PT_CHECK_WAIT_NS ||
        call->entry_ns - call->client->last_used_ns < PT_CHECK_IDLE_NS || !pt_options.CPU_CLOCK) {
        return;
    }
    int64_t cpu_ns = thread_cpu_ns(t);
    int64_t computed_ns =
        cpu_ns - call->entry_cpu_ns; /* putting a large bulk together takes time, too */
    int64_t waited_ns = end_ns - call->entry_ns - computed_ns;
    if (waited_ns >= PT_CHECK_WAIT_NS && waited_ns > computed_ns) {
        pt_record_check(call, end_ns);
        call->entry_ns = end_ns;
        call->entry_cpu_ns = cpu_ns;
        t->mark_ns =
            end_ns; /* the call may be left by longjmp, but the gap and the check are in the log */
        t->mark_cpu_ns = cpu_ns;
    }
}

/* What lies between `from_ns`, entry or the end of the command before, and the start of a command.
 */
static void take_pause(struct pt_call *call, int64_t from_ns, int64_t start_ns)
{
    bool connected = call->client && call->client->connected;
    bool connects = call->connects > 0 && start_ns - from_ns >= PT_RECONNECT_NS;
    if (call->commands > 0) { /* it tries again, on another connection */
        if (connects || (call->network_failed && start_ns - from_ns >= PT_RECONNECT_NS)) {
            pt_record_connection(call, from_ns, start_ns, true);
        }
    } else if (connected && connects) {
        call->reconnected = true;
    } else if (connected && call->connects == 0) {
        take_check(call, start_ns);
    }
    call->connects = 0;
}

/* Takes one command into the call that is in progress, and records it. */
static void add_command(struct pt_call *call, const struct pt_command_facts *facts, int64_t now_ns)
{
    struct pt_reply reply;
    int32_t id = pt_command_id(facts->name);
    int32_t phase = pt_command_phase(id);
    int64_t start_ns = now_ns - facts->duration_ns;
    int64_t floor_ns = call->commands ? call->last_command_ns : call->entry_ns;
    start_ns = start_ns > floor_ns ? start_ns : floor_ns; /* durations come in whole microseconds */
    pt_reply_parse(&reply, &call->errors, facts->reply, (size_t)facts->reply_bytes);
    call->client = call->client ? call->client : facts->client;
    take_pause(call, floor_ns, start_ns);
    call->network_failed = false; /* the last command counts: the driver may have tried again */
    if (facts->error) {
        add_failure(call, facts->error);
    }
    if (call->commands++ == 0) {
        call->first_command_ns = start_ns;
    }
    call->command_phase = phase != PT_PHASE_TEARDOWN ? phase : call->command_phase;
    call->last_command_ns = now_ns;
    if (call->client) {
        call->client->last_used_ns = now_ns;
    }
    call->network_ns += now_ns - start_ns;
    add_reply(call, id, &reply);
    pt_record_command(call, id, &reply, facts->error, start_ns, now_ns);
}

/* A command on a path that no wrapper covers is a call of its own. */
static void command_without_call(struct pt_thread *t, const struct pt_command_facts *facts,
                                 int64_t now_ns)
{
    struct pt_call call = {.thread = t, .client = facts->client};
    call.self = &call;
    call.entry_ns = now_ns - facts->duration_ns;
    call.entry_ns = call.entry_ns > t->mark_ns ? call.entry_ns : t->mark_ns;
    call.entry_cpu_ns = thread_cpu_ns(t);
    add_command(&call, facts, now_ns);
    pt_record_gap(&call);
    pt_record_span(&call, phase_of(&call, PT_PHASE_BY_COMMAND), call.entry_ns, now_ns,
                   facts->error == NULL);
    if (call.client) {
        call.client->connected = !call.network_failed;
    }
    t->mark_ns = now_ns;
    t->mark_cpu_ns = call.entry_cpu_ns;
}

void pt_call_command(const struct pt_command_facts *facts)
{
    int saved_errno = errno;
    struct pt_thread *t = pt_thread_self();
    if (t) {
        t->clocks++;
        int64_t now_ns = pt_now_ns();
        if (is_inside(t->call,
                      &saved_errno)) { /* never into the frame of a call that was abandoned */
            add_command(t->call, facts, now_ns);
        } else {
            command_without_call(t, facts, now_ns);
        }
    }
    errno = saved_errno;
}

void pt_call_connects(void)
{
    struct pt_thread *t = pt_thread_known();
    char here;
    if (t && is_inside(t->call, &here)) {
        t->call->connects++;
    }
}

void pt_wrote(struct pt_call *call, int64_t documents, const bson_t *document)
{
    call->wrote_documents += documents;
    call->wrote_bytes += pt_bson_length(document);
}

void pt_removes(struct pt_call *call)
{
    call->bulk_documents++;
}

void pt_wrote_many(struct pt_call *call, const bson_t **documents, size_t count)
{
    for (size_t i = 0; documents && i < count; i++) {
        pt_wrote(call, 1, documents[i]);
    }
}

void pt_bulk_executes(struct pt_call *call, const void *bulk)
{
    struct pt_handle *handle = pt_handle_find(bulk);
    if (handle == NULL || handle->kind != PT_HANDLE_BULK) {
        return;
    }
    int64_t most = handle->inserts;
    call->wrote_phase = handle->inserts ? PT_PHASE_INSERTION : 0;
    if (handle->updates > most) {
        most = handle->updates;
        call->wrote_phase = PT_PHASE_UPDATE;
    }
    call->wrote_phase = handle->deletes > most ? PT_PHASE_DELETION : call->wrote_phase;
    call->bulk_documents = handle->inserts + handle->updates + handle->deletes;
    call->bulk_bytes = handle->bytes;
    handle->inserts = handle->updates = handle->deletes = handle->bytes = 0;
}
