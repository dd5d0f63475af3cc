/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/sessions.h"

#include <string.h>

#include "log/status.h"

#define PT_FIRST_SESSIONS 16u

static struct pt_session first_sessions[PT_FIRST_SESSIONS];
static struct pt_slab sessions = PT_SLAB(first_sessions, PT_FIRST_SESSIONS, PT_SESSIONS_MAX);

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
    session->next = client->session;
    client->session = session;
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
    struct pt_session *of = client ? client->session : NULL;
    while (of && of != session) {
        of = of->next;
    }
    return of != NULL;
}

void pt_session_remove(struct pt_handle *client, struct pt_session *session)
{
    for (struct pt_session **at = client ? &client->session : NULL; at && *at; at = &(*at)->next) {
        if (*at == session) {
            *at = session->next;
            session->object = NULL;
            pt_slab_give(&sessions, session);
            return;
        }
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
    if (session->used == PT_TRANSACTION_ROWS) {
        return NULL;
    }
    struct pt_transaction_row *row = &session->rows[session->used++];
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
        struct pt_transaction_row *row = &session->rows[i];
        if (row->phase == phase && row->name_space == name_space && row->doubtful == doubtful) {
            return row;
        }
    }
    return new_row(session, phase, name_space, doubtful);
}

void pt_sessions_forget_parent(void)
{
    uint32_t used = pt_slab_used(&sessions);
    for (uint32_t i = 0; i < used; i++) {
        ((struct pt_session *)pt_slab_at(&sessions, i))->used = 0;
    }
}
