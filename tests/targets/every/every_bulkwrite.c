/* SPDX-License-Identifier: Apache-2.0 */
/* Client-level bulk writes (driver 1.28 and newer, server 8.0 and newer). They use the documents 60
 * to 69 of `work`. */
#include "every.h"

#include <stdio.h>

#if MONGOC_CHECK_VERSION(1, 28, 0)
struct bulkwrite {
    mongoc_bulkwrite_t *bulk;
    mongoc_bulkwriteopts_t *opts;
    char work[160], target[160]; /* namespaces */
};

static void begin(struct every *every, struct bulkwrite *bulkwrite)
{
    const char *database = mongoc_database_get_name(every->database);
    snprintf(bulkwrite->work, sizeof bulkwrite->work, "%s.work", database);
    snprintf(bulkwrite->target, sizeof bulkwrite->target, "%s.target", database);
    bulkwrite->bulk = mongoc_client_bulkwrite_new(every->client);
    bulkwrite->opts = mongoc_bulkwriteopts_new();
}

/* The same, given its client afterwards. */
static void begin_apart(struct every *every, struct bulkwrite *bulkwrite)
{
    begin(every, bulkwrite);
    mongoc_bulkwrite_destroy(bulkwrite->bulk);
    bulkwrite->bulk = mongoc_bulkwrite_new();
    mongoc_bulkwrite_set_client(bulkwrite->bulk, every->client);
}

static mongoc_bulkwritereturn_t execute(struct every *every, struct bulkwrite *bulkwrite)
{
    mongoc_bulkwritereturn_t result = mongoc_bulkwrite_execute(bulkwrite->bulk, bulkwrite->opts);
    if (result.exc != NULL) {
        mongoc_bulkwriteexception_error(result.exc, &every->error);
    }
    mongoc_bulkwriteopts_destroy(bulkwrite->opts);
    mongoc_bulkwrite_destroy(bulkwrite->bulk);
    return result;
}

static void end(mongoc_bulkwritereturn_t result)
{
    mongoc_bulkwriteresult_destroy(result.res);
    mongoc_bulkwriteexception_destroy(result.exc);
}

static const char *const MASK = "{\"$set\": {\"ssn\": \"000-00-0000\"}}";

static bool append_mixed(struct every *every, struct bulkwrite *to)
{
    bson_error_t *error = &every->error;
    const bson_t *change = every_doc(every, MASK), *replacement = every_doc(every, "{\"a\": 1}");
    return mongoc_bulkwrite_append_insertone(to->bulk, to->target, replacement, NULL, error) &&
           mongoc_bulkwrite_append_insertone(to->bulk, to->work, replacement, NULL, error) &&
           mongoc_bulkwrite_append_updateone(to->bulk, to->work, every_doc(every, "{\"_id\": 60}"),
                                             change, NULL, error) &&
           mongoc_bulkwrite_append_updatemany(to->bulk, to->work,
                                              every_doc(every, "{\"_id\": {\"$in\": [61, 62]}}"),
                                              change, NULL, error) &&
           mongoc_bulkwrite_append_replaceone(to->bulk, to->work, every_doc(every, "{\"_id\": 63}"),
                                              replacement, NULL, error) &&
           mongoc_bulkwrite_append_deleteone(to->bulk, to->work, every_doc(every, "{\"_id\": 64}"),
                                             NULL, error) &&
           mongoc_bulkwrite_append_deletemany(
               to->bulk, to->work, every_doc(every, "{\"_id\": {\"$in\": [65, 66]}}"), NULL, error);
}

static bool counts_are_right(const mongoc_bulkwriteresult_t *result)
{
    return result != NULL && mongoc_bulkwriteresult_insertedcount(result) == 2 &&
           mongoc_bulkwriteresult_matchedcount(result) == 4 &&
           mongoc_bulkwriteresult_modifiedcount(result) == 4 &&
           mongoc_bulkwriteresult_deletedcount(result) == 3 &&
           mongoc_bulkwriteresult_upsertedcount(result) == 0;
}

static bool execute_mixed(struct every *every)
{
    struct bulkwrite bulkwrite;
    begin(every, &bulkwrite);
    const bool taken = append_mixed(every, &bulkwrite);
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    const bool good = every_check(
        every, taken && result.exc == NULL && counts_are_right(result.res), "wrong counts");
    end(result);
    return good;
}

static bool execute_verbose(struct every *every)
{
    struct bulkwrite bulkwrite;
    begin(every, &bulkwrite);
    mongoc_bulkwriteopts_set_verboseresults(bulkwrite.opts, true);
    const bool taken = mongoc_bulkwrite_append_insertone(
        bulkwrite.bulk, bulkwrite.target, every_doc(every, "{\"a\": 1}"), NULL, &every->error);
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    const bson_t *inserted =
        result.res != NULL ? mongoc_bulkwriteresult_insertresults(result.res) : NULL;
    const bool good =
        taken && result.exc == NULL && inserted != NULL && bson_has_field(inserted, "0.insertedId");
    end(result);
    return every_check(every, good, "the verbose result is missing");
}

static bool execute_many(struct every *every)
{
    struct bulkwrite bulkwrite;
    begin(every, &bulkwrite);
    const bson_t *document = every_doc(every, "{\"name\": \"masked\"}");
    bool good = true;
    for (int i = 0; i < 2000; i++) {
        good = mongoc_bulkwrite_append_insertone(bulkwrite.bulk, bulkwrite.target, document, NULL,
                                                 &every->error) &&
               good;
    }
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    good = good && result.exc == NULL && mongoc_bulkwriteresult_insertedcount(result.res) == 2000;
    end(result);
    return every_check(every, good, "not all were inserted");
}

static bool execute_w0(struct every *every)
{
    struct bulkwrite bulkwrite;
    mongoc_write_concern_t *none = mongoc_write_concern_new();
    mongoc_write_concern_set_w(none, MONGOC_WRITE_CONCERN_W_UNACKNOWLEDGED);
    begin(every, &bulkwrite);
    mongoc_bulkwriteopts_set_ordered(bulkwrite.opts, false);
    mongoc_bulkwriteopts_set_writeconcern(bulkwrite.opts, none);
    const bool taken = mongoc_bulkwrite_append_insertone(
        bulkwrite.bulk, bulkwrite.target, every_doc(every, "{\"a\": 1}"), NULL, &every->error);
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    const bool good = taken && result.exc == NULL && result.res == NULL;
    end(result);
    mongoc_write_concern_destroy(none);
    return every_check(every, good, "the unacknowledged write failed");
}

static bool execute_built(struct every *every)
{
    struct bulkwrite bulkwrite;
    begin_apart(every, &bulkwrite);
    const bool taken = mongoc_bulkwrite_append_deleteone(
        bulkwrite.bulk, bulkwrite.work, every_doc(every, "{\"_id\": 68}"), NULL, &every->error);
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    const bool good =
        taken && result.exc == NULL && mongoc_bulkwriteresult_deletedcount(result.res) == 1;
    end(result);
    return every_check(every, good, "the document was not deleted");
}

/* The second of three is refused: ordered stops there, unordered goes on. */
static bool execute_refused(struct every *every, bool ordered, int64_t inserted)
{
    struct bulkwrite bulkwrite;
    begin(every, &bulkwrite);
    mongoc_bulkwriteopts_set_ordered(bulkwrite.opts, ordered);
    const bson_t *wrong = every_doc(every, "{\"$nope\": {\"a\": 1}}");
    const bool taken =
        mongoc_bulkwrite_append_insertone(bulkwrite.bulk, bulkwrite.target,
                                          every_doc(every, "{\"a\": 1}"), NULL, &every->error) &&
        mongoc_bulkwrite_append_updateone(bulkwrite.bulk, bulkwrite.work,
                                          every_doc(every, "{\"_id\": 67}"), wrong, NULL,
                                          &every->error) &&
        mongoc_bulkwrite_append_insertone(bulkwrite.bulk, bulkwrite.work, every_doc(every, "{}"),
                                          NULL, &every->error);
    const mongoc_bulkwritereturn_t result = execute(every, &bulkwrite);
    const bson_t *errors =
        result.exc != NULL ? mongoc_bulkwriteexception_writeerrors(result.exc) : NULL;
    const bool good = taken && errors != NULL && bson_has_field(errors, "1") &&
                      result.res != NULL &&
                      mongoc_bulkwriteresult_insertedcount(result.res) == inserted;
    end(result);
    return every_check(every, good, "the error was not told");
}

static bool execute_write_error(struct every *every)
{
    return execute_refused(every, true, 1);
}

static bool execute_write_error_unordered(struct every *every)
{
    return execute_refused(every, false, 2);
}
#endif

const struct every_case EVERY_BULKWRITE[] = {
#if MONGOC_CHECK_VERSION(1, 28, 0)
    {"bulkwrite_execute", execute_mixed},
    {"bulkwrite_execute/verbose", execute_verbose},
    {"bulkwrite_execute/split", execute_many},
    {"bulkwrite_execute/w0", execute_w0},
    {"bulkwrite_execute/built", execute_built},
    {"bulkwrite_execute/write_error", execute_write_error},
    {"bulkwrite_execute/write_error_unordered", execute_write_error_unordered},
#endif
    {NULL, NULL},
};
