/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done with a cursor besides reading it to its end, and cursors made from replies. */
#include "every.h"

static mongoc_cursor_t *find_by_tens(struct every *every)
{
    return mongoc_collection_find_with_opts(every->source, every_doc(every, "{}"),
                                            every_doc(every, "{\"batchSize\": 10}"), NULL);
}

/* killCursors: the server's cursor is still open. */
static bool cursor_destroy_open(struct every *every)
{
    const bson_t *document;
    mongoc_cursor_t *cursor = find_by_tens(every);
    const bool good = mongoc_cursor_next(cursor, &document) && mongoc_cursor_get_id(cursor) != 0;
    mongoc_cursor_destroy(cursor);
    return every_check(every, good, "no cursor was left open");
}

static bool cursor_destroy_unread(struct every *every)
{
    mongoc_cursor_destroy(find_by_tens(every));
    mongoc_cursor_destroy(NULL);
    return true;
}

static bool cursor_destroy_exhaust(struct every *every)
{
    const bson_t *document;
    const bson_t *opts = every_doc(every, "{\"exhaust\": true, \"batchSize\": 10}");
    mongoc_client_t *client = mongoc_client_new(every->uri);
    mongoc_collection_t *source =
        mongoc_client_get_collection(client, mongoc_database_get_name(every->database), "source");
    mongoc_cursor_t *cursor =
        mongoc_collection_find_with_opts(source, every_doc(every, "{}"), opts, NULL);
    const bool good = mongoc_cursor_next(cursor, &document);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(source);
    mongoc_client_destroy(client);
    return every_check(every, good, "there was no document");
}

static bool cursor_clone(struct every *every)
{
    const bson_t *document;
    mongoc_cursor_t *cursor = find_by_tens(every);
    const bool good =
        every_check(every, mongoc_cursor_next(cursor, &document), "there was no document");
    mongoc_cursor_t *clone = mongoc_cursor_clone(cursor);
    mongoc_cursor_destroy(cursor);
    return every_drain(every, clone, EVERY_COUNT) && good;
}

static bool cursor_next_after_end(struct every *every)
{
    const bson_t *document;
    mongoc_cursor_t *cursor = find_by_tens(every);
    int count = 0;
    while (mongoc_cursor_more(cursor) && mongoc_cursor_next(cursor, &document)) {
        count += mongoc_cursor_current(cursor) == document;
    }
    const bool good = count == EVERY_COUNT && !mongoc_cursor_error(cursor, &every->error);
    const bool again = mongoc_cursor_next(cursor, &document);
    mongoc_cursor_destroy(cursor);
    return every_check(every, good && !again, "the cursor did not end");
}

/* Settings of a cursor, none of which talks to the server. */
static bool cursor_set(struct every *every)
{
    mongoc_cursor_t *cursor =
        mongoc_collection_find_with_opts(every->source, every_doc(every, "{}"), NULL, NULL);
    mongoc_cursor_set_batch_size(cursor, 25);
    mongoc_cursor_set_max_await_time_ms(cursor, 10);
    bool good = mongoc_cursor_set_limit(cursor, 30);
    good = good && mongoc_cursor_get_batch_size(cursor) == 25 &&
           mongoc_cursor_get_limit(cursor) == 30 &&
           mongoc_cursor_get_max_await_time_ms(cursor) == 10;
#if EVERY_1_X
    good = good && mongoc_cursor_is_alive(cursor) && mongoc_cursor_get_hint(cursor) == 0;
#endif
#if MONGOC_CHECK_VERSION(1, 26, 0)
    good = good && mongoc_cursor_get_server_id(cursor) == 0;
#endif
    return every_drain(every, cursor, 30) && every_check(every, good, "a setting was not kept");
}

/* A tailable cursor on a capped collection: its documents, then an empty batch, and it stays open.
 */
static bool find_tailable(struct every *every)
{
    bson_t *create = every_opts(every, "{\"capped\": true, \"size\": 65536}");
    mongoc_collection_t *capped =
        mongoc_database_create_collection(every->database, "capped", create, &every->error);
    if (!every_check(every, capped != NULL, "the collection was not created")) {
        return false;
    }
    mongoc_collection_destroy(capped);
    capped = every_fresh(every, "capped", 3);
    const bson_t *document;
    const bson_t *opts = every_doc(
        every,
        "{\"tailable\": true, \"awaitData\": true, \"maxAwaitTimeMS\": 20, \"batchSize\": 2}");
    mongoc_cursor_t *cursor =
        mongoc_collection_find_with_opts(capped, every_doc(every, "{}"), opts, NULL);
    int count = 0;
    while (mongoc_cursor_next(cursor, &document)) {
        count++;
    }
    const bool open =
        !mongoc_cursor_error(cursor, &every->error) && mongoc_cursor_get_id(cursor) != 0;
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(capped);
    return every_check(every, open && count == 3,
                       "the cursor did not stay open behind its documents");
}

/* A reply that opened a cursor, and the server that has it; the reply is the caller's, whatever is
 * returned. */
static bool find_by_command(struct every *every, bson_t *reply, uint32_t *server_id)
{
    const bson_t *command = every_doc(every, "{\"find\": \"source\", \"batchSize\": 100}");
    mongoc_server_description_t *server =
        mongoc_client_select_server(every->client, false, NULL, &every->error);
    bson_init(reply);
    if (!every_check(every, server != NULL, "no server was selected")) {
        return false;
    }
    *server_id = mongoc_server_description_id(server);
    mongoc_server_description_destroy(server);
    bson_destroy(reply);
    return every_check(
        every, mongoc_database_command_simple(every->database, command, NULL, reply, &every->error),
        "the find command failed");
}

static bool cursor_new_from_command_reply_with_opts(struct every *every)
{
    bson_t reply;
    uint32_t server_id = 0;
    if (!find_by_command(every, &reply, &server_id)) {
        bson_destroy(&reply);
        return false;
    }
    bson_t *opts = every_opts(every, "{\"batchSize\": 100}");
    BSON_APPEND_INT32(opts, "serverId", (int32_t)server_id);
    return every_drain(every,
                       mongoc_cursor_new_from_command_reply_with_opts(every->client, &reply, opts),
                       EVERY_COUNT);
}

#if EVERY_1_X
static bool cursor_new_from_command_reply(struct every *every)
{
    bson_t reply;
    uint32_t server_id = 0;
    if (!find_by_command(every, &reply, &server_id)) {
        bson_destroy(&reply);
        return false;
    }
    return every_drain(
        every, mongoc_cursor_new_from_command_reply(every->client, &reply, server_id), EVERY_COUNT);
}

static bool client_kill_cursor(struct every *every)
{
    bson_t reply;
    bson_iter_t iter, id;
    uint32_t server_id;
    const bool good = find_by_command(every, &reply, &server_id) && bson_iter_init(&iter, &reply) &&
                      bson_iter_find_descendant(&iter, "cursor.id", &id);
    if (good) {
        mongoc_client_kill_cursor(every->client, bson_iter_as_int64(&id));
    }
    bson_destroy(&reply);
    return every_check(every, good, "there was no cursor");
}
#endif

const struct every_case EVERY_CURSOR[] = {
    {"cursor_destroy/open", cursor_destroy_open},
    {"cursor_destroy/unread", cursor_destroy_unread},
    {"cursor_destroy/exhaust", cursor_destroy_exhaust},
    {"cursor_clone", cursor_clone},
    {"cursor_next/after_end", cursor_next_after_end},
    {"cursor_set", cursor_set},
    {"collection_find_with_opts/tailable", find_tailable},
    {"cursor_new_from_command_reply_with_opts", cursor_new_from_command_reply_with_opts},
#if EVERY_1_X
    {"cursor_new_from_command_reply", cursor_new_from_command_reply},
    {"client_kill_cursor", client_kill_cursor},
#endif
    {NULL, NULL},
};
