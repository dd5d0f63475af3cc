/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_shares.h: what a call handed to inserts, updates and deletes, each for itself, and what
 * became of it. A bulk may hold operations of all three; each kind is counted in its own phase.
 * (docs/FORMAT.md, kinds 14, 17 and 18)
 *
 * What the server says is counted as done. What it does not say is computed from the number of
 * operations, where that leads to one answer, and else is unknown. On the thread of the call,
 * between pt_call_enter and pt_call_leave.
 */
#ifndef PT_CALL_SHARES_H
#define PT_CALL_SHARES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/call_state.h"
#include "driver/mongoc_abi.h"

/* What belongs to other phases than that of the span. */
struct pt_share_sum {
    int32_t commands;
    int64_t requested, bytes, time_ns;
};

/* A command was answered: takes the counts of its reply, `error` NULL, or notes its failure.
 * Called before the command is recorded. */
void pt_share_command(struct pt_call *call, int32_t id, const struct pt_reply *reply,
                      const bson_error_t *error, int64_t duration_ns);

/* A write with w: 0: the driver waited for no answer, so its duration is no round trip. */
bool pt_share_is_unacknowledged(int32_t id, const struct pt_reply *reply,
                                const bson_error_t *error);

/* The phase of a bulk: that of which it has most operations, of those for which it sent a command.
 */
int32_t pt_share_phase(const struct pt_call *call);

/* Records what the call wrote, what it left undone, and its shares in other phases than `phase`. */
struct pt_share_sum pt_record_shares(struct pt_call *call, int32_t phase, int64_t start_ns,
                                     bool ok);

#endif
