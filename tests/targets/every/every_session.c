/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and transactions; these want a replica set. */
#include "every.h"

static mongoc_client_session_t *start(struct every *every)
{
    mongoc_client_session_t *session =
        mongoc_client_start_session(every->client, NULL, &every->error);
    every_check(every, session != NULL, "no session was started");
    return session;
}

static bool insert_in(struct every *every, mongoc_client_session_t *session, bson_error_t *error)
{
    bson_t *opts = every_opts(every, "{}");
    return mongoc_client_session_append(session, opts, error) &&
           mongoc_collection_insert_one(every->target, every_doc(every, "{\"a\": 1}"), opts, NULL,
                                        error);
}

/* An insert, inside a transaction when one is wanted; notes what fails. */
static bool begin(struct every *every, mongoc_client_session_t *session, bool transaction)
{
    return session != NULL &&
           every_check(every,
                       !transaction ||
                           mongoc_client_session_start_transaction(session, NULL, &every->error),
                       "no transaction was started") &&
           every_check(every, insert_in(every, session, &every->error), "the insert failed");
}

static bool client_start_session(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    const bool good = begin(every, session, false);
    mongoc_client_session_destroy(session);
    return good;
}

static bool find_in_session(struct every *every)
{
    bson_t *opts = every_opts(every, "{\"batchSize\": 100}");
    mongoc_client_session_t *session = start(every);
    if (session == NULL || !mongoc_client_session_append(session, opts, &every->error)) {
        return every_check(every, false, "the session cannot be used");
    }
    const bool good = every_drain(
        every, mongoc_collection_find_with_opts(every->source, every_doc(every, "{}"), opts, NULL),
        EVERY_COUNT);
    mongoc_client_session_destroy(session);
    return good;
}

static bool commit(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    const bool good =
        begin(every, session, true) &&
        every_check(every, mongoc_client_session_commit_transaction(session, NULL, &every->error),
                    "the commit failed");
    mongoc_client_session_destroy(session);
    return good;
}

static bool abort_transaction(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    const bool good =
        begin(every, session, true) &&
        every_check(every, mongoc_client_session_abort_transaction(session, &every->error),
                    "the abort failed");
    mongoc_client_session_destroy(session);
    return good;
}

/* Destroying the session aborts its transaction. */
static bool destroy_in_transaction(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    const bool good = begin(every, session, true) &&
                      every_check(every, mongoc_client_session_in_transaction(session),
                                  "there is no transaction");
    mongoc_client_session_destroy(session);
    return good;
}

/* Gives its reply to the driver, which sees there whether to try the whole transaction again. */
static bool insert_callback(mongoc_client_session_t *session, void *context, bson_t **reply,
                            bson_error_t *error)
{
    struct every *every = context;
    bson_t told = BSON_INITIALIZER;
    bson_t *opts = every_opts(every, "{}");
    const bson_t *document = every_doc(every, "{\"a\": 1}");
    bool good = mongoc_client_session_append(session, opts, error);
    if (good) {
        bson_destroy(&told);
        good = mongoc_collection_insert_one(every->target, document, opts, &told, error);
    }
    *reply = bson_copy(&told);
    bson_destroy(&told);
    return good;
}

static bool with_transaction(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    const bool good = session != NULL &&
                      every_check(every,
                                  mongoc_client_session_with_transaction(
                                      session, insert_callback, NULL, every, NULL, &every->error),
                                  "the transaction failed");
    mongoc_client_session_destroy(session);
    return good;
}

static bool bulk_in_transaction(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    if (!begin(every, session, true)) {
        mongoc_client_session_destroy(session);
        return false;
    }
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(every->target, NULL);
    mongoc_bulk_operation_set_client_session(bulk, session);
    mongoc_bulk_operation_insert(bulk, every_doc(every, "{\"a\": 1}"));
    bool good = every_check(every, mongoc_bulk_operation_execute(bulk, NULL, &every->error) != 0,
                            "the bulk failed");
    mongoc_bulk_operation_destroy(bulk);
    good =
        every_check(every, mongoc_client_session_commit_transaction(session, NULL, &every->error),
                    "the commit failed") &&
        good;
    mongoc_client_session_destroy(session);
    return good;
}

const struct every_case EVERY_SESSION[] = {
    {"client_start_session", client_start_session},
    {"client_start_session/find", find_in_session},
    {"client_session_commit_transaction", commit},
    {"client_session_commit_transaction/bulk", bulk_in_transaction},
    {"client_session_abort_transaction", abort_transaction},
    {"client_session_destroy/in_transaction", destroy_in_transaction},
    {"client_session_with_transaction", with_transaction},
    {NULL, NULL},
};
