/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/sessions.h"

#include <stddef.h>
#include <string.h>

#include "log/status.h"

#define PT_FIRST_SESSIONS     32u
#define PT_FIRST_TRANSACTIONS 2u

static struct pt_session first_sessions[PT_FIRST_SESSIONS];
static struct pt_slab sessions = PT_SLAB(first_sessions, PT_FIRST_SESSIONS, PT_SESSIONS_MAX);
static struct pt_transaction first_transactions[PT_FIRST_TRANSACTIONS];
static struct pt_slab transactions =
    PT_SLAB(first_transactions, PT_FIRST_TRANSACTIONS, PT_TRANSACTIONS_MAX);

static void add_to(struct pt_handle *client, struct pt_session *session)
{
    session->client = client;
    session->newer = NULL;
    session->next = client->session;
    if (session->next) {
        session->next->newer = session;
    }
    client->session = session;
}

static void take_from(struct pt_handle *client, struct pt_session *session)
{
    if (session->newer) {
        session->newer->next = session->next;
    } else {
        client->session = session->next;
    }
    if (session->next) {
        session->next->newer = session->newer;
    }
    session->client = NULL;
}

struct pt_session *pt_session_add(struct pt_handle *client, const void *object)
{
    struct pt_session *session = client && object ? pt_slab_take(&sessions) : NULL;
    if (session == NULL) {
        if (client && object) {
            pt_status_lose_object();
        }
        return NULL;
    }
    session->object = object;
    session->id = 0;
    session->in_doubt = false;
    session->used = 0;
    session->transaction = NULL;
    add_to(client, session);
    return session;
}

struct pt_session *pt_session_find(const struct pt_handle *client, const void *object)
{
    struct pt_session *session = client ? client->session : NULL;
    while (session && session->object != object) {
        session = session->next;
    }
    return session;
}

struct pt_session *pt_session_of_id(const struct pt_handle *client, int64_t id)
{
    struct pt_session *session = client ? client->session : NULL;
    while (session && session->id != id) {
        session = session->next;
    }
    return session;
}

struct pt_session *pt_session_that_wrote(const struct pt_handle *client)
{
    struct pt_session *found = NULL;
    for (struct pt_session *s = client ? client->session : NULL; s; s = s->next) {
        if (s->used > 0 && found) {
            return NULL;
        }
        found = s->used > 0 ? s : found;
    }
    return found;
}

bool pt_session_is_of(const struct pt_handle *client, const struct pt_session *session)
{
    return client && session && session->client == client;
}

void pt_session_remove(struct pt_handle *client, struct pt_session *session)
{
    if (pt_session_is_of(client, session)) {
        pt_transaction_forget(session);
        take_from(client, session);
        session->object = NULL;
        pt_slab_give(&sessions, session);
    }
}

void pt_sessions_remove(struct pt_handle *client)
{
    while (client && client->session) {
        pt_session_remove(client, client->session);
    }
}

static struct pt_transaction_row *new_row(struct pt_session *session, int32_t phase,
                                          int32_t name_space, bool doubtful)
{
    if (session->transaction == NULL) {
        session->transaction = pt_slab_take(&transactions);
    }
    if (session->transaction == NULL || session->used == PT_TRANSACTION_ROWS) {
        return NULL;
    }
    struct pt_transaction_row *row = &session->transaction->rows[session->used++];
    memset(row, 0, sizeof *row);
    row->phase = phase;
    row->name_space = name_space;
    row->doubtful = doubtful;
    return row;
}

struct pt_transaction_row *pt_transaction_row(struct pt_session *session, int32_t phase,
                                              int32_t name_space, bool doubtful)
{
    for (int32_t i = 0; i < session->used; i++) {
        struct pt_transaction_row *row = &session->transaction->rows[i];
        if (row->phase == phase && row->name_space == name_space && row->doubtful == doubtful) {
            return row;
        }
    }
    return new_row(session, phase, name_space, doubtful);
}

void pt_transaction_forget(struct pt_session *session)
{
    session->used = 0;
    if (session->transaction) {
        pt_slab_give(&transactions, session->transaction);
        session->transaction = NULL;
    }
}

void pt_sessions_forget_parent(void)
{
    uint32_t used = pt_slab_used(&sessions);
    for (uint32_t i = 0; i < used; i++) {
        pt_transaction_forget(pt_slab_at(&sessions, i));
    }
}
