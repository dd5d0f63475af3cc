/* SPDX-License-Identifier: Apache-2.0 */
/* Change streams. */
#include "every.h"

/* Awaits an event for some seconds at most; the server gives empty batches before. */
static bool await_event(struct every *every, mongoc_change_stream_t *stream)
{
    const bson_t *event, *reply;
    for (int i = 0; i < 100; i++) {
        if (mongoc_change_stream_next(stream, &event)) {
            const bool token = mongoc_change_stream_get_resume_token(stream) != NULL;
            return every_check(every, token && bson_has_field(event, "operationType"),
                               "the event is incomplete");
        }
        if (mongoc_change_stream_error_document(stream, &every->error, &reply)) {
            return every_check(every, false, "the stream failed");
        }
    }
    return every_check(every, false, "there was no event");
}

/* Takes the stream over. */
static bool watch_an_insert(struct every *every, mongoc_change_stream_t *stream,
                            mongoc_collection_t *collection)
{
    const bson_t *document = every_doc(every, "{\"watched\": 1}");
    const bool inserted =
        mongoc_collection_insert_one(collection, document, NULL, NULL, &every->error);
    const bool good =
        every_check(every, inserted, "the insert failed") && await_event(every, stream);
    mongoc_change_stream_destroy(stream);
    return good;
}

static const char *const OPTS = "{\"maxAwaitTimeMS\": 50}";

static bool collection_watch(struct every *every)
{
    mongoc_collection_t *watched = every_fresh(every, "watched", 1);
    mongoc_change_stream_t *stream =
        mongoc_collection_watch(watched, every_doc(every, "{}"), every_doc(every, OPTS));
    const bool good = watch_an_insert(every, stream, watched);
    mongoc_collection_destroy(watched);
    return good;
}

static bool database_watch(struct every *every)
{
    mongoc_change_stream_t *stream =
        mongoc_database_watch(every->database, every_doc(every, "{}"), every_doc(every, OPTS));
    return watch_an_insert(every, stream, every->target);
}

static bool client_watch(struct every *every)
{
    mongoc_change_stream_t *stream =
        mongoc_client_watch(every->client, every_doc(every, "{}"), every_doc(every, OPTS));
    return watch_an_insert(every, stream, every->target);
}

/* No event comes: next returns false after a while, and nothing has failed. */
static bool change_stream_next_empty(struct every *every)
{
    mongoc_collection_t *quiet = every_fresh(every, "quiet", 0);
    mongoc_change_stream_t *stream =
        mongoc_collection_watch(quiet, every_doc(every, "{}"), every_doc(every, OPTS));
    const bson_t *event;
    const bool gave = mongoc_change_stream_next(stream, &event);
    const bool failed = mongoc_change_stream_error_document(stream, &every->error, &event);
    mongoc_change_stream_destroy(stream);
    mongoc_collection_destroy(quiet);
    return every_check(every, !gave && !failed, "the quiet stream gave something");
}

const struct every_case EVERY_WATCH[] = {
    {"collection_watch", collection_watch},
    {"database_watch", database_watch},
    {"client_watch", client_watch},
    {"change_stream_next/empty", change_stream_next_empty},
    {NULL, NULL},
};
