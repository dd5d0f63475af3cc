/* SPDX-License-Identifier: Apache-2.0 */
#include "interpose/outcome.h"

#include "bson/given_command.h"
#include "driver/bson_bytes.h"
#include "driver/original.h"
#include "log/name_ids.h"

/* The driver's own function `name`, for a call on `object` by `caller`; NULL when it has none. */
#define DRIVER(name, object, caller)                                                               \
    ((__typeof__(&name))pt_original(PT_USED_##name, object, caller))

static const uint8_t *data_of(const bson_t *document, const void *caller)
{
    return pt_bson_bytes(document, caller);
}

/* A bulkWrite command may hold operations of several kinds; `runs` is not known. */
static void take_kinds(struct pt_call *call, const struct pt_given *given)
{
    if (given->inserts + given->updates + given->removals > 0) {
        call->is_bulk = true;
        call->shares[PT_BULK_deletes].runs = 1;
        call->shares[PT_BULK_inserts].requested = given->inserts;
        call->shares[PT_BULK_inserts].bytes = given->bytes - given->update_bytes;
        call->shares[PT_BULK_updates].requested = given->updates;
        call->shares[PT_BULK_updates].bytes = given->update_bytes;
        call->shares[PT_BULK_deletes].requested = given->removals;
    }
}

/* The collection that the command itself names, whatever object it was called on. */
static void take_namespace(struct pt_call *call, const struct pt_given *given, const char *database)
{
    database = database ? database : pt_name_database(call->name_space);
    if (given->collection && given->phase != 0 && database[0] != '\0') {
        call->name_space = pt_name_of_namespace(&call->thread->pen, database, given->collection);
    }
}

void pt_command_given(struct pt_call *call, const bson_t *command, const char *database,
                      const void *caller)
{
    struct pt_given given;
    pt_given_parse(&given, data_of(command, caller), (size_t)pt_bson_length(command));
    call->wrote_phase = given.phase;
    call->unordered = given.unordered;
    take_kinds(call, &given);
    take_namespace(call, &given, database);
    call->wrote_documents = given.documents;
    call->wrote_bytes = given.bytes;
    call->bulk_documents = given.removals;
}

void pt_pipeline_given(struct pt_call *call, const bson_t *pipeline, const void *caller)
{
    bool writes =
        pt_given_pipeline_writes(data_of(pipeline, caller), (size_t)pt_bson_length(pipeline));
    call->wrote_phase = writes ? PT_PHASE_AGGREGATION : PT_PHASE_QUERY;
}

static void clear(bson_error_t *failure)
{
    failure->domain = failure->code = 0;
}

bool pt_cursor_is_well(mongoc_cursor_t *cursor, bson_error_t *failure, const void *caller)
{
    clear(failure);
    __typeof__(&mongoc_cursor_error) failed = DRIVER(mongoc_cursor_error, cursor, caller);
    return cursor == NULL || failed == NULL || !failed(cursor, failure);
}

bool pt_stream_is_well(mongoc_change_stream_t *stream, bson_error_t *failure, const void *caller)
{
    const bson_t *ignored;
    clear(failure);
    __typeof__(&mongoc_change_stream_error_document) failed =
        DRIVER(mongoc_change_stream_error_document, stream, caller);
    return stream == NULL || failed == NULL || !failed(stream, failure, &ignored);
}

bool pt_nothing_found(const struct pt_call *call, const bson_error_t *error)
{
    return error ? error->domain == 0 : call->errors.used == 0;
}

/* ---- GridFS ---- */

bool pt_gridfs_done(struct pt_call *call, bool ok)
{
    call->outcome_hidden = true;
    if (call->has_write) {
        call->has_batch = false;
        call->wrote_bytes = call->inner_bytes;
        call->wrote_documents = call->inserted + call->matched + call->upserted;
        call->bulk_documents = call->removed;
    }
    return ok;
}

bool pt_file_is_well(struct pt_call *call, bool ok, mongoc_gridfs_file_t *file,
                     bson_error_t *failure, const void *caller)
{
    clear(failure);
    __typeof__(&mongoc_gridfs_file_error) error_of = DRIVER(mongoc_gridfs_file_error, file, caller);
    if (!ok && file && error_of) {
        (void)error_of(file, failure);
    }
    return pt_gridfs_done(call, ok);
}

bool pt_files_are_well(bool found, mongoc_gridfs_file_list_t *list, bson_error_t *failure,
                       const void *caller)
{
    clear(failure);
    __typeof__(&mongoc_gridfs_file_list_error) failed =
        DRIVER(mongoc_gridfs_file_list_error, list, caller);
    return found || list == NULL || failed == NULL || !failed(list, failure);
}

bool pt_upload_is_well(struct pt_call *call, bool ok, mongoc_stream_t *upload,
                       bson_error_t *failure, const void *caller)
{
    clear(failure);
    __typeof__(&mongoc_gridfs_bucket_stream_error) error_of =
        DRIVER(mongoc_gridfs_bucket_stream_error, upload, caller);
    if (!ok && upload && error_of) {
        (void)error_of(upload, failure);
    }
    return pt_gridfs_done(call, ok);
}
