/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transaction.h: what calls write inside a transaction is acknowledged by the server, and yet not
 * done: that is known only when the transaction ends. Until then it is counted with its session
 * (driver/sessions.h), and the log says so. (docs/FORMAT.md, kind 19)
 *
 * A commit that failed leaves its outcome open, since the application, or the driver for it, may
 * commit again. What no end follows stays open, and its outcome unknown: so a process that is
 * killed inside a transaction has left no false word.
 *
 * On the thread that uses the session's client, inside a call of it, before the span is recorded.
 */
#ifndef PT_TRANSACTION_H
#define PT_TRANSACTION_H

#include "capture/call_state.h"
#include "driver/sessions.h"
#include "phasetap/log_format.h"

/* Documents of one phase that the server acknowledged. */
struct pt_written {
    int64_t operations;
    int64_t inserted, matched, modified, removed, upserted;
};

/* The call, which is in a transaction, wrote these. */
void pt_transaction_wrote(struct pt_call *call, int32_t phase, const struct pt_written *written);
/* The transaction of the session has ended. `thread` may be NULL: nothing is recorded. */
void pt_transaction_ends(struct pt_thread *thread, struct pt_session *session,
                         enum pt_txn_state how);
/* The call was to begin another transaction of the session that it was made on; returns `ok`, the
 * driver's answer. */
bool pt_transaction_begins(struct pt_call *call, bool ok);
/* The call was to commit or abort the transaction of the session that it was made on; returns
 * `ok`, the driver's answer. */
bool pt_transaction_commits(struct pt_call *call, bool ok);
bool pt_transaction_aborts(struct pt_call *call, bool ok);
/* A command that ended a transaction came without such a call (drivers whose inner calls bypass
 * the wrappers): it is that of the one session of the client that has written. */
void pt_transaction_command(struct pt_call *call, int32_t id, bool ok);

#endif
