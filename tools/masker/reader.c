/* SPDX-License-Identifier: Apache-2.0 */
/* The cursor walk: see reader.h. */
#include "reader.h"

#include <time.h>

static void append_filter(bson_t *filter, const bson_t *after)
{
    bson_iter_t iter;
    if (after != NULL && bson_iter_init_find(&iter, after, "_id")) {
        bson_t condition;
        BSON_APPEND_DOCUMENT_BEGIN(filter, "_id", &condition);
        bson_append_iter(&condition, "$gt", -1, &iter);
        bson_append_document_end(filter, &condition);
    }
}

static void append_find_options(bson_t *find_options, uint32_t read_batch, bool sorted)
{
    BSON_APPEND_INT32(find_options, "batchSize", (int32_t)read_batch);
    if (sorted) {
        bson_t sort;
        BSON_APPEND_DOCUMENT_BEGIN(find_options, "sort", &sort);
        BSON_APPEND_INT32(&sort, "_id", 1);
        bson_append_document_end(find_options, &sort);
    }
}

void reader_open(reader *result, connection *used, const char *collection, const bson_t *after,
                 bool sorted)
{
    const options *opts = used->database->options;
    char *namespace = db_namespace(used, collection);
    bson_t filter = BSON_INITIALIZER;
    bson_t find_options = BSON_INITIALIZER;
    append_filter(&filter, after);
    append_find_options(&find_options, opts->read_batch, sorted);
    *result = (reader){.connection = used, .line = TRUTH_NO_LINE};
    result->namespace = truth_intern(used->database->truth, namespace);
    result->collection = mongoc_client_get_collection(used->client, opts->db, collection);
    result->cursor =
        mongoc_collection_find_with_opts(result->collection, &filter, &find_options, NULL);
    truth_set_namespace(used->log, result->namespace);
    bson_destroy(&find_options);
    bson_destroy(&filter);
    bson_free(namespace);
}

static void finish_batch(reader *source)
{
    truth_set_amount(source->connection->log, source->line, source->in_batch,
                     source->in_batch_bytes);
    source->line = TRUTH_NO_LINE;
    source->in_batch = 0;
    source->in_batch_bytes = 0;
}

void reader_close(reader *closed)
{
    finish_batch(closed);
    mongoc_cursor_destroy(closed->cursor);
    mongoc_collection_destroy(closed->collection);
}

static void pause_ms(uint32_t delay_ms)
{
    if (delay_ms > 0) {
        const struct timespec delay = {delay_ms / 1000, (long)(delay_ms % 1000) * 1000000};
        nanosleep(&delay, NULL);
    }
}

/* A call that goes to the server: the first one, or one at the end of a batch. */
static bool fetch(reader *source, const bson_t **ret_document)
{
    truth_log *log = source->connection->log;
    const truth_operation operation = source->started ? TRUTH_GETMORE : TRUTH_FIND;
    finish_batch(source);
    source->started = true;
    pause_ms(source->connection->database->options->queue_delay_ms);
    truth_call_begin(log);
    const bool found = mongoc_cursor_next(source->cursor, ret_document);
    source->line = truth_call_end(log, operation, source->namespace, 0, 0);
    return found;
}

static bool is_at_server(const reader *source)
{
    const bool used_up = source->in_batch == source->connection->database->options->read_batch;
    return !source->started || (used_up && mongoc_cursor_get_id(source->cursor) != 0);
}

bool reader_next(reader *source, const bson_t **ret_document)
{
    const bool found = is_at_server(source) ? fetch(source, ret_document)
                                            : mongoc_cursor_next(source->cursor, ret_document);
    if (found) {
        source->in_batch++;
        source->in_batch_bytes += (*ret_document)->len;
        truth_consumed(source->connection->log, (*ret_document)->len);
    }
    return found;
}

bool reader_failed(reader *source)
{
    bson_error_t error;
    if (!mongoc_cursor_error(source->cursor, &error)) {
        return false;
    }
    db_report("reading a collection", &error);
    return true;
}
