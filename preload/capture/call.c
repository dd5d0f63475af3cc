/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "bson/command_ids.h"
#include "host/manifest.h"
#include "base/options.h"
#include "host/recording.h"
#include "log/recorder.h"
#include "capture/call_documents.h"
#include "capture/call_pause.h"
#include "capture/call_shares.h"
#include "capture/transaction.h"
#include "log/name_ids.h"

/* Shorter failures without a command are wrong arguments; longer ones of a connected client waited
 * for the network. */
#define PT_NETWORK_FAILURE_NS 1000000
#define PT_SHORT_GAP_NS       20000

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
        call->client = call->object->kind == PT_HANDLE_CLIENT ? call->object
                                                              : pt_handle_get(call->object->client);
        call->name_space = call->object->name_space;
    }
    t->call = call;
    t->appending = false; /* an append that was left by longjmp */
    pt_drivers_note(&t->pen);
    t->clocks += 2;
    call->entry_ns = pt_now_ns();
    call->entry_cpu_ns = cpu_at_entry(t, call->entry_ns);
    call->span_cpu_ns = call->entry_cpu_ns;
    return true;
}

/* The driver could not reach a server, or lost it. NULL: no error. */
static bool is_of_network(const bson_error_t *error)
{
    return error &&
           (error->domain == PT_DOMAIN_STREAM || error->domain == PT_DOMAIN_SERVER_SELECTION);
}

/* What connecting can end with besides: a handshake, a login or a server that is refused. */
static bool is_of_connecting(const bson_error_t *error)
{
    switch (error->domain) {
    case PT_DOMAIN_CLIENT:
        return error->code != PT_CLIENT_SESSION_FAILURE;
    case PT_DOMAIN_PROTOCOL:
    case PT_DOMAIN_SASL:
    case PT_DOMAIN_SCRAM:
    case PT_DOMAIN_SERVER:
        return true;
    default:
        return false;
    }
}

/* Without a command: was it the network, or a login that was refused, rather than wrong arguments?
 */
static bool could_not_connect(const struct pt_call *call, const bson_error_t *error,
                              int64_t duration_ns)
{
    bool connecting = call->client && !call->client->connected;
    if (error && error->domain != 0) {
        return is_of_network(error) ||
               (connecting && call->pause.connects > 0 && is_of_connecting(error));
    }
    return connecting || duration_ns >= PT_NETWORK_FAILURE_NS;
}

static int32_t phase_of(const struct pt_call *call, int32_t phase)
{
    if (phase != PT_PHASE_BY_COMMAND) {
        return phase;
    }
    if (call->wrote_phase != 0) {
        return call->is_bulk ? pt_share_phase(call) : call->wrote_phase;
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

/* The call reached the server. What lies before its first command is in the log. */
static void leave_with_commands(struct pt_call *call, int32_t phase, bool ok,
                                const bson_error_t *error, int64_t end_ns)
{
    pt_record_gap(call);
    if (!ok) {
        if (call->pause.connects > 0) { /* it tried again, and could not connect */
            add_driver_error(call, error);
        }
        pt_pause_after_commands(call, end_ns);
    }
    if (call->client) {
        call->client->connected = !call->network_failed;
        call->client->in_doubt = call->in_doubt;
    }
    pt_record_span(call, phase_of(call, phase), call->entry_ns, end_ns, ok);
}

/* It did nothing on the network; or connected only; or waited for a server. */
static void leave_silently(struct pt_call *call, int32_t phase, int64_t end_ns)
{
    struct pt_handle *client = call->client;
    bool connecting = client && !client->connected;
    if (connecting && call->pause.connects > 0) {
        pt_pause_connected(call, end_ns);
    } else if (connecting && phase == PT_PHASE_BY_COMMAND && !client->was_connected) {
        client->construction_ns += end_ns - call->entry_ns;
        pt_call_interval(call, PT_PHASE_CONSTRUCTION, end_ns);
    } else if (phase != PT_PHASE_TEARDOWN) {
        (void)pt_pause_waited(call, end_ns);
    }
}

/* It sent no command. Then it could not connect; or was refused behind that; or its arguments were
 * refused. */
static void leave_without_commands(struct pt_call *call, int32_t phase, bool ok,
                                   const bson_error_t *error, int64_t end_ns)
{
    int64_t start_ns = call->entry_ns;
    if (ok) {
        leave_silently(call, phase, end_ns);
        return;
    }
    add_driver_error(call, error);
    pt_record_gap(call);
    if (could_not_connect(call, error, end_ns - start_ns)) {
        start_ns = pt_pause_failed(call, end_ns);
    } else if (call->client && !call->client->connected && call->pause.connects > 0) {
        pt_pause_connected(call, end_ns);
        start_ns = end_ns;
    }
    pt_record_span(call,
                   phase != PT_PHASE_BY_COMMAND || call->wrote_phase ? phase_of(call, phase)
                                                                     : PT_PHASE_COMMAND,
                   start_ns, end_ns, false);
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
        t->mark_cpu_ns = pt_call_exit_cpu(call);
    } else {
        t->wrote_documents += call->wrote_documents;
        t->wrote_bytes += call->wrote_bytes;
    }
    pt_record_pause(&t->pen); /* while the exit of the process sees that the pen is in use */
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

static void add_reply(struct pt_call *call, const struct pt_reply *reply)
{
    if (reply->has_batch) {
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

/* The server held a getMore back until there was an event, or until maxAwaitTimeMS was over: what
 * it took beyond the shortest command of this client. A cursor proves to be of that kind by a batch
 * that is empty and yet not the last. */
static void add_await(struct pt_call *call, const struct pt_reply *reply, int64_t duration_ns)
{
    struct pt_handle *cursor = call->object;
    int64_t floor_ns = call->client ? call->client->floor_ns : 0;
    if (cursor == NULL || cursor->kind != PT_HANDLE_CURSOR) {
        return;
    }
    cursor->awaits = cursor->awaits || (reply->batch_documents == 0 && reply->is_open);
    if (cursor->awaits || call->function == PT_FN_mongoc_change_stream_next) {
        call->awaited_ns += duration_ns > floor_ns ? duration_ns - floor_ns : 0;
    }
}

static void note_use(struct pt_handle *client, int64_t duration_ns, int64_t now_ns)
{
    client->last_used_ns = now_ns;
    if (client->floor_ns == 0 || duration_ns < client->floor_ns) {
        client->floor_ns = duration_ns;
    }
}

/* What the command's answer tells. */
static void add_answer(struct pt_call *call, const struct pt_command_facts *facts, int32_t id,
                       const struct pt_reply *reply, int64_t duration_ns)
{
    call->network_failed = false; /* the last command counts: the driver may have tried again */
    call->in_doubt = facts->error || reply->concern_failed;
    if (facts->error) {
        add_failure(call, facts->error);
    } else if (id == PT_COMMAND_getMore) {
        add_await(call, reply, duration_ns);
    }
    add_reply(call, reply);
}

/* The id of the server's address. A client keeps to one server for long: most commands compare a
 * number. */
static int32_t server_of(struct pt_call *call, const struct pt_command_facts *facts)
{
    struct pt_handle *client = call->client;
    if (client && client->server_name != 0 && client->server == facts->server) {
        return client->server_name;
    }
    int32_t name = pt_name_of_server(&call->thread->pen, facts->address);
    if (client) {
        client->server = facts->server;
        client->server_name = name;
    }
    return name;
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
    pt_pause_before_command(call, floor_ns, start_ns, now_ns - start_ns);
    add_answer(call, facts, id, &reply, now_ns - start_ns);
    pt_share_command(call, id, &reply, facts->error, now_ns - start_ns);
    pt_transaction_command(call, id, facts->error == NULL && !reply.concern_failed);
    call->commands++;
    call->command_phase = phase != PT_PHASE_TEARDOWN ? phase : call->command_phase;
    call->last_command_ns = now_ns;
    if (call->client && !pt_share_is_unacknowledged(id, &reply, facts->error)) {
        note_use(call->client, now_ns - start_ns, now_ns);
    }
    call->network_ns += now_ns - start_ns;
    pt_record_command(call, id, &reply, facts->error, server_of(call, facts), start_ns, now_ns);
}

/* A command on a path that no wrapper covers is a call of its own. */
static void command_without_call(struct pt_thread *t, const struct pt_command_facts *facts,
                                 int64_t now_ns)
{
    struct pt_call call = {.thread = t, .client = facts->client};
    call.self = &call;
    call.entry_ns = now_ns - facts->duration_ns;
    call.entry_ns = call.entry_ns > t->mark_ns ? call.entry_ns : t->mark_ns;
    call.entry_cpu_ns = call.span_cpu_ns = thread_cpu_ns(t);
    call.has_exit_cpu = true; /* what it used cannot be told from the gap before it */
    call.exit_cpu_ns = call.entry_cpu_ns;
    add_command(&call, facts, now_ns);
    pt_record_gap(&call);
    pt_record_span(&call, phase_of(&call, PT_PHASE_BY_COMMAND), call.entry_ns, now_ns,
                   facts->error == NULL);
    if (call.client) {
        call.client->connected = !call.network_failed;
    }
    t->mark_ns = now_ns;
    t->mark_cpu_ns = call.exit_cpu_ns;
    pt_record_pause(&t->pen);
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

/* The call in progress on the thread of the frame that `here` lies in, or NULL. */
static struct pt_call *call_around(const void *here)
{
    struct pt_thread *t = pt_thread_known();
    return t && is_inside(t->call, here) ? t->call : NULL;
}

struct pt_call *pt_call_of_gridfs(struct pt_call *inner)
{
    struct pt_call *outer = call_around(inner);
    if (outer == NULL || outer->object == NULL || outer->object->kind != PT_HANDLE_GRIDFS) {
        return NULL;
    }
    memset(inner, 0, sizeof *inner);
    inner->thread = outer->thread;
    return outer;
}

void pt_call_connects(void)
{
    char here = 0; /* its address tells how deep the stack is */
    struct pt_call *call = call_around(&here);
    int64_t now_ns = pt_now_ns();
    if (call) {
        call->thread->clocks++;
        pt_pause_connects(call, now_ns);
    } else {
        pt_pause_monitor_connects(now_ns);
    }
}

void pt_call_tries(void)
{
    char here = 0; /* its address tells how deep the stack is */
    struct pt_call *call = call_around(&here);
    if (call) {
        call->thread->clocks++;
        pt_pause_tries(call, pt_now_ns());
    }
}

int64_t pt_call_sleeps(void)
{
    char here = 0; /* its address tells how deep the stack is */
    return call_around(&here) ? pt_now_ns() : 0;
}

void pt_call_slept(int64_t start_ns)
{
    char here = 0; /* its address tells how deep the stack is */
    struct pt_call *call = start_ns ? call_around(&here) : NULL;
    if (call) {
        call->thread->clocks += 2;
        pt_pause_slept(call, start_ns, pt_now_ns());
    }
}
