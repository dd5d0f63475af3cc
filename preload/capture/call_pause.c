/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call_pause.h"

#include <stdatomic.h>
#include <string.h>

#include "base/options.h"
#include "capture/call_documents.h"
#include "phasetap/log_format.h"
#include "thread/thread.h"

#define PT_RECONNECT_NS 50000 /* a connection to the same machine takes more */
/* A single-threaded client checks its servers when it was idle: by a ping after
 * socketCheckIntervalMS (5 s), by a scan after heartbeatFrequencyMS (at least 500 ms). Below these
 * a pause before the first command is the scheduler's. */
#define PT_CHECK_IDLE_NS 250000000
#define PT_CHECK_WAIT_NS 200000
/* Without any sign of a reason, only a pause that no CPU quota (100 ms a period) can make is a wait
 * for a server. */
#define PT_LONG_WAIT_NS 150000000
/* The shortest time between two scans (minHeartbeatFrequencyMS, fixed in the driver). What the
 * first selection of a pool takes beyond it is no longer the monitor's first connection. */
#define PT_SCAN_NS 500000000

static _Atomic int64_t monitor_connected_ns;

void pt_pause_connects(struct pt_call *call, int64_t now_ns)
{
    struct pt_pause *pause = &call->pause;
    if (pause->connects++ == 0 && pause->tried_ns == 0 && call->client && call->client->pooled) {
        pause->tried_ns = now_ns; /* by a socket of the file system, which has no name to resolve */
    }
}

void pt_pause_tries(struct pt_call *call, int64_t now_ns)
{
    call->pause.tried_ns = now_ns;
}

void pt_pause_slept(struct pt_call *call, int64_t start_ns, int64_t end_ns)
{
    struct pt_pause *pause = &call->pause;
    pause->slept_ns = pause->slept_ns ? pause->slept_ns : start_ns;
    pause->tried_ns = end_ns;
    pause->connects = 0;
}

void pt_pause_monitor_connects(int64_t now_ns)
{
    atomic_store_explicit(&monitor_connected_ns, now_ns, memory_order_relaxed);
}

static int64_t clamp(int64_t value, int64_t lowest, int64_t highest)
{
    return value < lowest ? lowest : value < highest ? value : highest;
}

static struct pt_handle *pool_of(const struct pt_handle *client)
{
    return pt_handle_pool(client);
}

static void note_connected(struct pt_handle *client)
{
    struct pt_handle *pool = pool_of(client);
    client->connected = true;
    atomic_store_explicit(&client->was_connected, true, memory_order_relaxed);
    if (pool) { /* clients of one pool on several threads */
        atomic_store_explicit(&pool->was_connected, true, memory_order_relaxed);
    }
}

/* From the start of the pause to `first_end` it connected, to `wait_end` it waited, then it
 * connected again. */
struct stretches {
    int64_t first_end;
    int64_t wait_end;
};

/* The first selection of a pool waits for the monitor's first connection. */
static int64_t end_of_monitors_try(int64_t from_ns, int64_t end_ns)
{
    int64_t connected_ns = atomic_load_explicit(&monitor_connected_ns, memory_order_relaxed);
    return clamp(connected_ns, from_ns, end_ns) + PT_SCAN_NS;
}

/* `ever`: the client, or its pool, was connected before. `connects`: the pause ends with a
 * connection; else with the wait. */
static struct stretches divide(const struct pt_call *call, int64_t from_ns, int64_t end_ns,
                               bool ever, bool connects)
{
    const struct pt_pause *pause = &call->pause;
    struct stretches s = {from_ns, end_ns};
    bool pooled = call->client->pooled;
    if (connects) {
        s.wait_end = pause->tried_ns ? clamp(pause->tried_ns, from_ns, end_ns) : from_ns;
    }
    if (!ever && pooled) {
        s.first_end = clamp(end_of_monitors_try(from_ns, s.wait_end), from_ns, s.wait_end);
    } else if (!ever) {
        s.first_end = pause->slept_ns ? pause->slept_ns : s.wait_end;
    }
    if (s.wait_end - s.first_end < PT_CHECK_WAIT_NS) { /* one stretch: connecting */
        s.first_end = s.wait_end = connects ? from_ns : end_ns;
    }
    return s;
}

static bool ever_connected(const struct pt_handle *client)
{
    struct pt_handle *pool = pool_of(client);
    return atomic_load_explicit(&client->was_connected, memory_order_relaxed) ||
           (pool && atomic_load_explicit(&pool->was_connected, memory_order_relaxed));
}

/* CPU time of a pause that is told from the command behind it by its end alone: what the command
 * may have used is taken to be the command's, since compression is. */
static int64_t cpu_of_pause(struct pt_call *call, int64_t now_cpu_ns, int64_t pause_ns,
                            int64_t command_ns)
{
    return clamp(now_cpu_ns - call->span_cpu_ns - command_ns, 0, pause_ns);
}

/* The span of the call begins at `start_ns`. The call may be left by longjmp: what lies before is
 * in the log. */
static void begin_span_at(struct pt_call *call, int64_t start_ns, int64_t cpu_ns)
{
    struct pt_thread *t = call->thread;
    call->entry_ns = start_ns;
    call->span_cpu_ns += cpu_ns;
    t->mark_ns = start_ns;
    t->mark_cpu_ns = call->span_cpu_ns;
}

static void record_first_try(struct pt_call *call, int64_t end_ns)
{
    call->client->construction_ns += end_ns - call->entry_ns;
    pt_record_interval(call, PT_PHASE_CONSTRUCTION, end_ns, 0);
    begin_span_at(call, end_ns, 0);
}

/* The pause before the first command of a client that is not connected, or a call that ended with
 * the connection. */
static void record_connecting(struct pt_call *call, int64_t end_ns, int64_t command_ns)
{
    struct pt_handle *client = call->client;
    bool connects = client->pooled || call->pause.connects > 0 || call->pause.slept_ns == 0;
    struct stretches s = divide(call, call->entry_ns, end_ns, ever_connected(client), connects);
    int64_t cpu_ns = cpu_of_pause(call, pt_call_cpu_now(call), end_ns - call->entry_ns, command_ns);
    pt_record_gap(call);
    if (!connects) { /* it was connected at the first try, and then waited for its server */
        pt_record_connection(call, call->entry_ns, s.first_end, true);
        begin_span_at(call, s.first_end, 0);
    } else if (s.first_end > call->entry_ns) {
        record_first_try(call, s.first_end);
    }
    if (s.wait_end > call->entry_ns) {
        pt_record_interval(call, PT_PHASE_SERVER_CHECK, s.wait_end, 0);
        begin_span_at(call, s.wait_end, 0);
    }
    if (connects) {
        pt_record_connection(call, call->entry_ns, end_ns, true);
    }
    begin_span_at(call, end_ns, cpu_ns);
    note_connected(client);
}

/* Something told that the driver waits for a server; or the pause is too long for anything else. */
static bool may_have_waited(const struct pt_call *call, int64_t pause_ns)
{
    const struct pt_handle *client = call->client;
    bool idle = !client->pooled && call->entry_ns - client->last_used_ns >= PT_CHECK_IDLE_NS;
    return pause_ns >= PT_LONG_WAIT_NS ||
           (pause_ns >= PT_CHECK_WAIT_NS && (idle || client->in_doubt || call->pause.slept_ns));
}

/* A connected client did not compute before its first command: it checked or selected its server.
 * That is an interval of its own, and the call begins behind it. */
static void record_check(struct pt_call *call, int64_t end_ns, int64_t command_ns)
{
    int64_t pause_ns = end_ns - call->entry_ns;
    if (!pt_options.CPU_CLOCK || !may_have_waited(call, pause_ns)) {
        return;
    }
    int64_t now_cpu_ns = pt_call_cpu_now(call);
    int64_t computed_ns =
        now_cpu_ns - call->span_cpu_ns; /* putting a large bulk together takes time, too */
    if (pause_ns - computed_ns >= PT_CHECK_WAIT_NS && pause_ns - computed_ns > computed_ns) {
        int64_t cpu_ns = cpu_of_pause(call, now_cpu_ns, pause_ns, command_ns);
        pt_record_gap(call);
        pt_record_interval(call, PT_PHASE_SERVER_CHECK, end_ns, cpu_ns);
        begin_span_at(call, end_ns, cpu_ns);
    }
}

static bool connects_anew(const struct pt_call *call, int64_t pause_ns)
{
    return call->pause.connects > 0 && pause_ns >= PT_RECONNECT_NS;
}

/* Inside the span. */
static void record_between(struct pt_call *call, int64_t from_ns, int64_t start_ns)
{
    int64_t pause_ns = start_ns - from_ns;
    bool connects = connects_anew(call, pause_ns) ||
                    (call->network_failed && pause_ns >= PT_RECONNECT_NS && !call->pause.slept_ns);
    if (connects && call->client) {
        struct stretches s = divide(call, from_ns, start_ns, true, true);
        call->waited_ns += s.wait_end - from_ns;
        pt_record_connection(call, s.wait_end, start_ns, true);
    } else if (connects) {
        pt_record_connection(call, from_ns, start_ns, true);
    } else if (call->in_doubt && pause_ns >= PT_CHECK_WAIT_NS) {
        call->waited_ns += pause_ns;
    }
}

void pt_pause_before_command(struct pt_call *call, int64_t from_ns, int64_t start_ns,
                             int64_t command_ns)
{
    if (call->commands > 0) {
        record_between(call, from_ns, start_ns);
    } else if (call->client == NULL) {
        /* nothing is known of it */
    } else if (!call->client->connected || connects_anew(call, start_ns - from_ns)) {
        record_connecting(call, start_ns, command_ns);
    } else if (call->pause.connects == 0) {
        record_check(call, start_ns, command_ns);
    }
    memset(&call->pause, 0, sizeof call->pause);
}

void pt_pause_after_commands(struct pt_call *call, int64_t end_ns)
{
    int64_t from_ns = call->last_command_ns;
    if (call->pause.connects > 0 || (call->pause.slept_ns && call->network_failed)) {
        int64_t tried_ns = call->pause.slept_ns ? call->pause.slept_ns : end_ns;
        pt_record_errors(call);
        pt_record_connection(call, from_ns, tried_ns, false);
        call->waited_ns += end_ns - tried_ns;
    } else if (call->in_doubt && end_ns - from_ns >= PT_CHECK_WAIT_NS) {
        call->waited_ns += end_ns - from_ns;
    }
}

void pt_pause_connected(struct pt_call *call, int64_t end_ns)
{
    record_connecting(call, end_ns, 0);
    call->thread->calls++; /* the connection is all that the call is */
}

int64_t pt_pause_failed(struct pt_call *call, int64_t end_ns)
{
    struct stretches s = {end_ns, end_ns};
    struct pt_handle *client = call->client;
    bool tried = client == NULL || !client->pooled || call->pause.connects > 0;
    if (client && (call->pause.slept_ns || client->pooled)) {
        s = divide(call, call->entry_ns, end_ns, tried ? false : ever_connected(client), false);
    }
    pt_record_gap(call);
    pt_record_errors(call);
    pt_record_connection(call, call->entry_ns, s.first_end, false);
    call->waited_ns += end_ns - s.first_end;
    if (client) {
        client->connected = false;
    }
    return s.first_end;
}

bool pt_pause_waited(struct pt_call *call, int64_t end_ns)
{
    int64_t d_ns = end_ns - call->entry_ns;
    if (call->client == NULL || d_ns < PT_CHECK_WAIT_NS || !pt_options.CPU_CLOCK) {
        return false;
    }
    int64_t cpu_ns = clamp(pt_call_exit_cpu(call) - call->span_cpu_ns, 0, d_ns);
    if (d_ns - cpu_ns < PT_CHECK_WAIT_NS || d_ns - cpu_ns <= cpu_ns) {
        return false;
    }
    pt_record_gap(call);
    pt_record_interval(call, PT_PHASE_SERVER_CHECK, end_ns, cpu_ns);
    return true;
}
