/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sessions.h: the sessions that the application has started, and what was written in the
 * transaction of each that has not ended yet: by phase and namespace, in operations and documents.
 *
 * A session belongs to one client, and the driver demands that one thread at a time uses a client
 * with all its sessions: so does this, without a lock. Sessions that the driver makes for single
 * calls are not here, since they have no transaction. At most PT_SESSIONS_MAX at one time;
 * pt_session_add counts the others as lost (log/status.h). A session takes 72 bytes; the rows of a
 * transaction, 1 KiB, are there from its first write to its end.
 *
 * Records nothing: capture/transaction.h does. Used by interpose and capture. errno is kept.
 */
#ifndef PT_SESSIONS_H
#define PT_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slab.h"
#include "driver/handles.h"

#define PT_SESSIONS_MAX     1048576u
#define PT_TRANSACTIONS_MAX 65536u /* that wrote something, at one time */
#define PT_TRANSACTION_ROWS 16     /* pairs of phase and namespace of one transaction */

/* What the server has acknowledged of one phase and namespace. */
struct pt_transaction_row {
    int32_t phase, name_space;
    /* It may have been written outside of the transaction: when that is aborted, nobody knows what
     * came of it. */
    bool doubtful;
    int64_t operations;
    int64_t inserted, matched, modified, removed, upserted; /* documents */
};

struct pt_transaction {
    struct pt_slab_item item;
    struct pt_transaction_row rows[PT_TRANSACTION_ROWS];
};

struct pt_session {
    struct pt_slab_item item;
    struct pt_handle *client;           /* NULL: given back */
    struct pt_session *newer, *next;    /* of the same client; the newest one is its first */
    const void *object;                 /* the driver's session */
    int64_t id;                         /* by which options name it, plus 1; 0: not known yet */
    bool in_doubt;                      /* a commit has failed: nobody knows whether it was done */
    int32_t used;                       /* of the transaction's rows */
    struct pt_transaction *transaction; /* NULL: nothing was written in it */
};

/* `client` may be NULL, and then nothing happens. */
struct pt_session *pt_session_add(struct pt_handle *client, const void *object);
/* Of the driver's session, or by the id in options. NULL: not known. */
struct pt_session *pt_session_find(const struct pt_handle *client, const void *object);
struct pt_session *pt_session_of_id(const struct pt_handle *client, int64_t id);
/* The one session of the client in whose transaction something was written; NULL: none, or several.
 */
struct pt_session *pt_session_that_wrote(const struct pt_handle *client);
/* True while it is there, and that client's. */
bool pt_session_is_of(const struct pt_handle *client, const struct pt_session *session);
/* The session is gone, or all of the client are. */
void pt_session_remove(struct pt_handle *client, struct pt_session *session);
void pt_sessions_remove(struct pt_handle *client);

/* The row of the transaction in progress; NULL: there is no room for another, and what came of the
 * write stays unknown. */
struct pt_transaction_row *pt_transaction_row(struct pt_session *session, int32_t phase,
                                              int32_t name_space, bool doubtful);

/* Its transaction has ended, or is not heard of any more. */
void pt_transaction_forget(struct pt_session *session);

/* In the child of a fork: what the parent's transactions wrote is not in the child's log. */
void pt_sessions_forget_parent(void);

#endif
