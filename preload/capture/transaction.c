/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/transaction.h"

#include "log/recorder.h"
#include "thread/thread.h"

static void record(struct pt_thread *t, const struct pt_transaction_row *row,
                   enum pt_txn_state state)
{
    PT_RECORD(&t->pen, txn, doc) {
        doc->q = t->calls + 1;
        doc->ph = row->phase;
        doc->ns = row->name_space;
        doc->st = (int32_t)state;
        doc->ops = row->operations;
        doc->ins = row->inserted;
        doc->mat = row->matched;
        doc->mod = row->modified;
        doc->rem = row->removed;
        doc->ups = row->upserted;
    }
}

static void add(struct pt_transaction_row *row, const struct pt_written *written)
{
    row->operations += written->operations;
    row->inserted += written->inserted;
    row->matched += written->matched;
    row->modified += written->modified;
    row->removed += written->removed;
    row->upserted += written->upserted;
}

void pt_transaction_wrote(struct pt_call *call, int32_t phase, const struct pt_written *written)
{
    struct pt_session *session = call->session;
    struct pt_transaction_row now = {.phase = phase, .name_space = call->name_space};
    if (session && session->in_doubt) {
        session->in_doubt = false; /* another one has begun: of the one before, no more is heard */
        pt_transaction_forget(session);
    }
    add(&now, written);
    if (now.operations + now.inserted + now.matched + now.removed + now.upserted == 0) {
        return;
    }
    record(call->thread, &now, PT_TXN_OPEN);
    struct pt_transaction_row *row =
        session ? pt_transaction_row(session, phase, call->name_space, call->session_doubtful)
                : NULL;
    if (row) {
        add(row, written);
    }
}

void pt_transaction_ends(struct pt_thread *thread, struct pt_session *session,
                         enum pt_txn_state how)
{
    for (int32_t i = 0; thread && i < session->used; i++) {
        const struct pt_transaction_row *row = &session->transaction->rows[i];
        if (how == PT_TXN_COMMITTED || !row->doubtful) {
            record(thread, row, how);
        }
    }
    pt_transaction_forget(session);
    session->in_doubt = false;
}

/* Codes by which a server says that it has no such transaction, or has ended it: NoSuchTransaction,
 * WriteConflict. Behind any other failure, or an attempt before, it may have committed. */
static bool says_aborted(const struct pt_call *call)
{
    const struct pt_failure *failure = &call->failure;
    return failure->where == PT_ERROR_SERVER && call->cause.where == 0 &&
           (failure->code == 251 || failure->code == 112);
}

static void commits(const struct pt_call *call, struct pt_session *session, bool ok)
{
    if (ok) {
        pt_transaction_ends(call->thread, session, PT_TXN_COMMITTED);
    } else if (says_aborted(call) && !session->in_doubt) {
        pt_transaction_ends(call->thread, session, PT_TXN_ABORTED);
    } else {
        session->in_doubt = true;
    }
}

static struct pt_session *session_of(const struct pt_call *call)
{
    bool of_session = call->object && call->object->kind == PT_HANDLE_SESSION;
    return of_session && pt_session_is_of(call->client, call->object->session)
               ? call->object->session
               : NULL;
}

/* What a commit that failed has left open stays so: an end that comes now is of another one. */
bool pt_transaction_begins(struct pt_call *call, bool ok)
{
    struct pt_session *session = session_of(call);
    if (session && ok) {
        session->in_doubt = false;
        session->used = 0;
    }
    return ok;
}

bool pt_transaction_commits(struct pt_call *call, bool ok)
{
    struct pt_session *session = session_of(call);
    if (session) {
        commits(call, session, ok);
    }
    return ok;
}

/* What the server answers to an abort does not matter: nobody can commit any more. */
bool pt_transaction_aborts(struct pt_call *call, bool ok)
{
    struct pt_session *session = session_of(call);
    if (session && ok) {
        pt_transaction_ends(call->thread, session, PT_TXN_ABORTED);
    }
    return ok;
}

void pt_transaction_command(struct pt_call *call, int32_t id, bool ok)
{
    bool ends = id == PT_COMMAND_commitTransaction || id == PT_COMMAND_abortTransaction;
    bool known = call->object && call->object->kind == PT_HANDLE_SESSION;
    struct pt_session *session = ends && !known ? pt_session_that_wrote(call->client) : NULL;
    if (session && id == PT_COMMAND_abortTransaction) {
        pt_transaction_ends(call->thread, session, PT_TXN_ABORTED);
    } else if (session) {
        commits(call, session, ok);
    }
}
