/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_session.c: the wrapper of the function that puts a session's name into options. It does no
 * I/O and is not timed. Called by the application, and by the driver for sessions of its own, which
 * nobody knows here.
 */
#include "base/export.h"
#include "driver/original.h"
#include "interpose/session.h"

PT_EXPORT bool mongoc_client_session_append(const mongoc_client_session_t *session, bson_t *opts,
                                            bson_error_t *error)
{
    __typeof__(&mongoc_client_session_append) original =
        PT_ORIGINAL_ON(session, mongoc_client_session_append);
    bool done = original && original(session, opts, error);
    if (done) {
        pt_session_named(session, opts, PT_CALLER);
    }
    return done;
}
