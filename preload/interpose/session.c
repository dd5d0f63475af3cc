/* SPDX-License-Identifier: Apache-2.0 */
#include "interpose/session.h"

#include <string.h>

#include "bson/bson_walk.h"
#include "capture/transaction.h"
#include "driver/bson_bytes.h"
#include "driver/original.h"
#include "interpose/made.h"

/* `sessionId` of the options, plus 1; 0: they have none. */
static int64_t session_id(const bson_t *opts, const void *caller)
{
    struct pt_walk w;
    struct pt_element e;
    int64_t id;
    if (opts && pt_walk_init(&w, pt_bson_bytes(opts, caller), (size_t)pt_bson_length(opts))) {
        while (pt_walk_next(&w, &e)) {
            if (e.type == PT_BSON_INT64 && pt_key_is(&e, "sessionId")) {
                memcpy(&id, e.value, sizeof id);
                return id + 1;
            }
        }
    }
    return 0;
}

static bool in_transaction(const struct pt_session *session, const void *caller)
{
    __typeof__(&mongoc_client_session_in_transaction) ask = (__typeof__(ask))pt_original(
        PT_USED_mongoc_client_session_in_transaction, session->object, caller);
    return ask && ask(session->object);
}

static void take(struct pt_call *call, struct pt_session *session, bool doubtful)
{
    call->session = call->in_transaction ? NULL : session; /* of several: not known which */
    call->in_transaction = true;
    call->session_doubtful = doubtful;
}

void pt_in_any_session(struct pt_call *call, const void *caller)
{
    for (struct pt_session *s = call->client ? call->client->session : NULL; s; s = s->next) {
        if (in_transaction(s, caller)) {
            take(call, s, true);
        }
    }
}

void pt_in_session(struct pt_call *call, const bson_t *opts, const void *caller)
{
    if (call->client == NULL || call->client->session == NULL) {
        return;
    }
    int64_t id = session_id(opts, caller);
    struct pt_session *session = id ? pt_session_of_id(call->client, id) : NULL;
    if (session && in_transaction(session, caller)) {
        take(call, session, false);
    } else if (id && session == NULL) {
        pt_in_any_session(call, caller);
    }
}

void pt_in_session_of_bulk(struct pt_call *call, const void *bulk, const void *caller)
{
    struct pt_handle *handle = pt_handle_find(bulk);
    struct pt_session *session = handle ? handle->session : NULL;
    if (session && pt_session_is_of(call->client, session) && in_transaction(session, caller)) {
        take(call, session, false);
    }
}

void pt_made_session(const void *session, const void *client, int driver)
{
    struct pt_handle *handle = pt_made(session, PT_HANDLE_SESSION, client, driver);
    if (handle) {
        handle->session = pt_session_add(pt_handle_get(handle->client), session);
    }
}

void pt_session_named(const void *session, const bson_t *opts, const void *caller)
{
    struct pt_handle *handle = pt_handle_find(session);
    if (handle && handle->kind == PT_HANDLE_SESSION && handle->session &&
        handle->session->id == 0) {
        handle->session->id = session_id(opts, caller);
    }
}

/* The driver aborts what is not committed. */
struct pt_handle *pt_session_goes(const void *session)
{
    struct pt_handle *handle = pt_handle_detach(session);
    struct pt_handle *client = handle ? pt_handle_get(handle->client) : NULL;
    if (client && handle->session && pt_session_is_of(client, handle->session)) {
        if (handle->session->used > 0 && !handle->session->in_doubt) {
            pt_transaction_ends(pt_thread_self(), handle->session, PT_TXN_ABORTED);
        }
        pt_session_remove(client, handle->session);
    }
    return handle;
}

void pt_bulk_has_session(const void *bulk, const void *session)
{
    struct pt_handle *handle = pt_handle_find(bulk);
    struct pt_handle *of = pt_handle_find(session);
    if (handle && of && of->kind == PT_HANDLE_SESSION) {
        handle->session = of->session;
    }
}

void pt_bulk_has_options(const void *bulk, const bson_t *opts, const void *caller)
{
    struct pt_handle *handle = pt_handle_find(bulk);
    struct pt_handle *client = handle ? pt_handle_get(handle->client) : NULL;
    if (client && client->session) {
        int64_t id = session_id(opts, caller);
        handle->session = id ? pt_session_of_id(client, id) : NULL;
    }
}
