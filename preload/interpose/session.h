/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h: which calls are part of a transaction. The application names the session of a call in
 * its options (`sessionId`, an integer that mongoc_client_session_append puts there), or hands it
 * to a bulk; the driver says whether the session is in a transaction.
 *
 * Of options only that one integer is read. A client whose application has started no session costs
 * one comparison. Called by the wrappers, on the thread of the call; `caller` is the code whose
 * driver it is (driver/original.h).
 */
#ifndef PT_SESSION_H
#define PT_SESSION_H

#include "capture/call.h"
#include "driver/mongoc_abi.h"

/* The call has these options (NULL: none). */
void pt_in_session(struct pt_call *call, const bson_t *opts, const void *caller);
/* It may have a session, which cannot be seen: if one of its client is in a transaction, what the
 * call writes is done for certain only if that is committed. */
void pt_in_any_session(struct pt_call *call, const void *caller);
/* It executes a bulk. */
void pt_in_session_of_bulk(struct pt_call *call, const void *bulk, const void *caller);

/* The application has started a session; has had its name put into options; destroys it. The last
 * one returns the handle, detached. */
void pt_made_session(const void *session, const void *client, int driver);
void pt_session_named(const void *session, const bson_t *opts, const void *caller);
struct pt_handle *pt_session_goes(const void *session);
/* A bulk was made with these options, or is given a session. */
void pt_bulk_has_options(const void *bulk, const bson_t *opts, const void *caller);
void pt_bulk_has_session(const void *bulk, const void *session);

#endif
