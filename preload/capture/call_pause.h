/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_pause.h: what a call did while no command of it was under way: it connected, it waited for a
 * server, or it computed.
 *
 * A call has a pause before its first command, one between any two commands, and one behind the
 * last. Three facts tell what a pause was: sockets that the driver connected, sleeps between two
 * scans of its servers (wrap_socket.c reports both, where the driver calls its own exports), and
 * whether the command before it failed. In the end a pause is up to three stretches, in this order:
 *
 *     connecting, the first attempt of a client that was never connected | waiting for a server
 *     (selection, election, the pause before a retry, a scan of the servers) | connecting
 *
 * Waiting is recorded only where the thread did not compute. A pause that is none of it stays with
 * the call. Called by capture, on the thread of the call; times are CLOCK_MONOTONIC in ns.
 */
#ifndef PT_CALL_PAUSE_H
#define PT_CALL_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

struct pt_call;

/* ---- facts, as they happen ---- */

/* The driver connects a socket. */
void pt_pause_connects(struct pt_call *call, int64_t now_ns);
/* It begins to connect to a host: name resolution comes first. */
void pt_pause_tries(struct pt_call *call, int64_t now_ns);
/* It slept between two scans of its servers. */
void pt_pause_slept(struct pt_call *call, int64_t start_ns, int64_t end_ns);
/* A thread that is not in a call, such as a pool's monitor, connects a socket. Any thread. */
void pt_pause_monitor_connects(int64_t now_ns);

/* ---- pauses ---- */

/* Records the pause from `from_ns` (the entry of the call, or the end of the command before) to the
 * start of a command that took `command_ns` and has just ended. If it is the pause before the first
 * command, the span of the call will begin behind it. */
void pt_pause_before_command(struct pt_call *call, int64_t from_ns, int64_t start_ns,
                             int64_t command_ns);
/* Behind the last command of a call that failed. */
void pt_pause_after_commands(struct pt_call *call, int64_t end_ns);
/* A call without a command that connected its client: records the connection, and the client as
 * connected. */
void pt_pause_connected(struct pt_call *call, int64_t end_ns);
/* A call without a command that could not reach a server: records a failed connection, and notes
 * the waiting behind it for the span of the call, which begins where this returns. */
int64_t pt_pause_failed(struct pt_call *call, int64_t end_ns);
/* A call without a command that went well: true if it waited for a server, which is recorded. */
bool pt_pause_waited(struct pt_call *call, int64_t end_ns);

#endif
