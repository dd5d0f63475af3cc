/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and transactions; these want a replica set. */
#include "every.h"

#include <stdio.h>

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

/* Another transaction, which writes nothing, follows one whose commit may fail. */
static bool commit_twice(struct every *every)
{
    mongoc_client_session_t *session = start(every);
    bool good = begin(every, session, true);
    (void)(good && mongoc_client_session_commit_transaction(session, NULL, NULL));
    good =
        every_check(every,
                    good && mongoc_client_session_start_transaction(session, NULL, &every->error) &&
                        mongoc_client_session_commit_transaction(session, NULL, &every->error),
                    "the second transaction failed");
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

typedef bool (*session_work)(struct every *every, mongoc_client_session_t *session);

/* An insert and this work in one transaction, which is committed or aborted. */
static bool in_transaction(struct every *every, session_work work, bool commits)
{
    mongoc_client_session_t *session = start(every);
    bool good = begin(every, session, true) && work(every, session);
    good = every_check(
        every,
        good && (commits ? mongoc_client_session_commit_transaction(session, NULL, &every->error)
                         : mongoc_client_session_abort_transaction(session, &every->error)),
        "the transaction failed");
    mongoc_client_session_destroy(session);
    return good;
}

static bool execute_one(struct every *every, mongoc_bulk_operation_t *bulk)
{
    mongoc_bulk_operation_insert(bulk, every_doc(every, "{\"a\": 1}"));
    const bool good = mongoc_bulk_operation_execute(bulk, NULL, &every->error) != 0;
    mongoc_bulk_operation_destroy(bulk);
    return good;
}

static bool bulk_of_session(struct every *every, mongoc_client_session_t *session)
{
    mongoc_bulk_operation_t *bulk =
        mongoc_collection_create_bulk_operation_with_opts(every->target, NULL);
    mongoc_bulk_operation_set_client_session(bulk, session);
    return execute_one(every, bulk);
}

static bool bulk_with_options(struct every *every, mongoc_client_session_t *session)
{
    bson_t *opts = every_opts(every, "{}");
    return mongoc_client_session_append(session, opts, &every->error) &&
           execute_one(every,
                       mongoc_collection_create_bulk_operation_with_opts(every->target, opts));
}

static bool insert_command(struct every *every, mongoc_client_session_t *session)
{
    bson_t *opts = every_opts(every, "{}");
    const char *database = mongoc_database_get_name(every->database);
    const bson_t *command =
        every_doc(every, "{\"insert\": \"target\", \"documents\": [{\"a\": 1}]}");
    return mongoc_client_session_append(session, opts, &every->error) &&
           mongoc_client_write_command_with_opts(every->client, database, command, opts, NULL,
                                                 &every->error);
}

static bool find_and_modify(struct every *every, mongoc_client_session_t *session)
{
    bson_t *extra = every_opts(every, "{}");
    mongoc_find_and_modify_opts_t *opts = mongoc_find_and_modify_opts_new();
    mongoc_find_and_modify_opts_set_flags(opts, MONGOC_FIND_AND_MODIFY_REMOVE);
    const bool good =
        mongoc_client_session_append(session, extra, &every->error) &&
        mongoc_find_and_modify_opts_append(opts, extra) &&
        mongoc_collection_find_and_modify_with_opts(every->work, every_doc(every, "{\"_id\": 18}"),
                                                    opts, NULL, &every->error);
    mongoc_find_and_modify_opts_destroy(opts);
    return good;
}

static bool insert_outside(struct every *every, mongoc_client_session_t *session)
{
    (void)session;
    return mongoc_collection_insert_one(every->target, every_doc(every, "{\"a\": 1}"), NULL, NULL,
                                        &every->error);
}

#if MONGOC_CHECK_VERSION(1, 28, 0)
static bool bulkwrite_of_session(struct every *every, mongoc_client_session_t *session)
{
    char target[160];
    snprintf(target, sizeof target, "%s.target", mongoc_database_get_name(every->database));
    mongoc_bulkwrite_t *bulk = mongoc_client_bulkwrite_new(every->client);
    mongoc_bulkwrite_set_session(bulk, session);
    const bool taken = mongoc_bulkwrite_append_insertone(
        bulk, target, every_doc(every, "{\"a\": 1}"), NULL, &every->error);
    const mongoc_bulkwritereturn_t result = mongoc_bulkwrite_execute(bulk, NULL);
    const bool good = taken && result.exc == NULL;
    mongoc_bulkwriteresult_destroy(result.res);
    mongoc_bulkwriteexception_destroy(result.exc);
    mongoc_bulkwrite_destroy(bulk);
    return good;
}

static bool commit_bulkwrite(struct every *every)
{
    return in_transaction(every, bulkwrite_of_session, true);
}
#endif

static bool commit_bulk(struct every *every)
{
    return in_transaction(every, bulk_of_session, true);
}

static bool commit_bulk_with_opts(struct every *every)
{
    return in_transaction(every, bulk_with_options, true);
}

static bool abort_command(struct every *every)
{
    return in_transaction(every, insert_command, false);
}

static bool abort_find_and_modify(struct every *every)
{
    return in_transaction(every, find_and_modify, false);
}

static bool abort_outside(struct every *every)
{
    return in_transaction(every, insert_outside, false);
}

const struct every_case EVERY_SESSION[] = {
    {"client_start_session", client_start_session},
    {"client_start_session/find", find_in_session},
    {"client_session_commit_transaction", commit},
    {"client_session_commit_transaction/twice", commit_twice},
    {"client_session_commit_transaction/bulk", commit_bulk},
    {"client_session_commit_transaction/bulk_with_opts", commit_bulk_with_opts},
#if MONGOC_CHECK_VERSION(1, 28, 0)
    {"client_session_commit_transaction/bulkwrite", commit_bulkwrite},
#endif
    {"client_session_abort_transaction", abort_transaction},
    {"client_session_abort_transaction/command", abort_command},
    {"client_session_abort_transaction/find_and_modify", abort_find_and_modify},
    {"client_session_abort_transaction/outside", abort_outside},
    {"client_session_destroy/in_transaction", destroy_in_transaction},
    {"client_session_with_transaction", with_transaction},
    {NULL, NULL},
};
