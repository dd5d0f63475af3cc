/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/call_outcome.h"

#include "phasetap/log_format.h"

/* Answers by which a server ends a command that it may have executed in part: shutdown, stepping
 * down, interruption, time limits. (public error codes of MongoDB) */
static bool is_interruption(int32_t code)
{
    static const int32_t codes[] = {6,   7,   24,  50,  89,   91,    189,   202,  237,
                                    262, 279, 290, 355, 9001, 11600, 11601, 11602};
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static int64_t at_least_0(int64_t value)
{
    return value > 0 ? value : 0;
}

static bool is_of_kind(int32_t command, int kind)
{
    switch (command) {
    case PT_COMMAND_bulkWrite:
        return true;
    case PT_COMMAND_insert:
        return kind == PT_BULK_inserts;
    case PT_COMMAND_delete:
        return kind == PT_BULK_deletes;
    default:
        return kind == PT_BULK_updates;
    }
}

/* An attempt that failed, and that no other one followed. A write concern that was not met undoes
 * nothing. */
static bool has_failure(const struct pt_call *call)
{
    return call->failure.where == PT_ERROR_SERVER || call->failure.where == PT_ERROR_DRIVER;
}

static bool ended_by_failure(const struct pt_call *call, int kind)
{
    return has_failure(call) && is_of_kind(call->failure.command, kind);
}

/* The driver did not send all: an operation was refused, an attempt failed, or it gave up. */
static bool stopped(const struct pt_call *call, bool ok)
{
    return call->write_errors > 0 || has_failure(call) || (!ok && !call->concern_failed);
}

/* Operations of which no command says that they were done or refused. Those of updates and deletes
 * show in their commands only: a number of matched documents says nothing of operations. */
static int64_t not_told(const struct pt_call *call, int kind, int32_t commands)
{
    const struct pt_share *share = &call->shares[kind];
    if (kind == PT_BULK_inserts) {
        return at_least_0(share->requested - call->inserted - share->write_errors);
    }
    bool single = share->runs == share->requested; /* each command carries one operation */
    return single ? at_least_0(share->requested - commands + 1)
                  : at_least_0(share->requested - share->write_errors);
}

/* How many of them were in the command that failed; -1: cannot be told. */
static int64_t in_failed(const struct pt_share *share, int64_t left, int32_t commands)
{
    if (commands <= 1 && share->runs <= 1) {
        return left;
    }
    return share->runs == share->requested && left > 0 ? 1 : -1;
}

static struct pt_left of_failure(const struct pt_call *call, int kind, int32_t commands)
{
    struct pt_left left = {0};
    int64_t open = not_told(call, kind, commands);
    int64_t failed = in_failed(&call->shares[kind], open, commands);
    bool refused = call->failure.where == PT_ERROR_SERVER && !is_interruption(call->failure.code);
    if (failed < 0) {
        left.unknown = open;
    } else {
        left.not_attempted = open - failed;
        *(refused ? &left.refused : &left.unknown) = failed;
    }
    return left;
}

/* The server ended an ordered command behind the operation that failed, or the driver sent no
 * further one. */
static struct pt_left of_stop(const struct pt_call *call, int kind, int32_t commands)
{
    const struct pt_share *share = &call->shares[kind];
    struct pt_left left = {0};
    if (kind == PT_BULK_inserts) {
        int64_t open = at_least_0(share->requested - call->inserted - share->write_errors);
        *(call->unordered ? &left.unknown : &left.not_attempted) = open;
    } else if (call->unordered) {
        return left;
    } else if (share->runs <= 1 && commands == 1) {
        int64_t behind = share->requested - share->last_error_index - 1;
        left.not_attempted = share->write_errors > 0 ? at_least_0(behind) : 0;
    } else if (share->runs == share->requested) {
        left.not_attempted = at_least_0(share->requested - commands);
    } else {
        left.unknown = at_least_0(share->requested - share->write_errors);
    }
    return left;
}

/* A bulkWrite command says what it did to each operation only if the program asked for that. */
static struct pt_left of_bulk_write(const struct pt_call *call, int kind)
{
    const struct pt_share *share = &call->shares[kind];
    struct pt_left left = {0};
    int64_t open = share->requested - share->write_errors;
    if (kind == PT_BULK_inserts) {
        open = at_least_0(share->requested - call->inserted - share->write_errors);
        left.not_attempted = call->shares[PT_BULK_updates].requested == 0 &&
                                     call->shares[PT_BULK_deletes].requested == 0
                                 ? open
                                 : 0;
    }
    left.unknown = at_least_0(open) - left.not_attempted;
    return left;
}

struct pt_left pt_outcome_of(const struct pt_call *call, int kind, bool ok)
{
    const struct pt_share *share = &call->shares[kind];
    struct pt_left left = {0};
    int32_t commands = share->commands - share->repeated;
    if (call->outcome_hidden || share->requested == 0) {
        return left;
    }
    if (share->commands == 0) {
        left.not_attempted = ok ? 0 : share->requested;
    } else if (share->unacknowledged) {
        *(ended_by_failure(call, kind) ? &left.unknown : &left.unacknowledged) = share->requested;
    } else if (ended_by_failure(call, kind)) {
        left = of_failure(call, kind, commands);
    } else if (call->write_errors > 0 && call->one_command) {
        left = of_bulk_write(call, kind);
    } else if (stopped(call, ok)) {
        left = of_stop(call, kind, commands);
    }
    return left;
}
