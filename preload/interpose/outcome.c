/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_outcome.c: what `before`, `ok` and `after` of wrappers.def need beyond one line: what a
 * command given by the application does, whether a call failed that has no parameter to say it, and
 * the names of a GridFS. Called inside the outermost call, on its thread.
 */
#include "driver/bson_bytes.h"
#include "bson/bson_walk.h"
#include "bson/given_command.h"
#include "log/name_ids.h"
#include "interpose/wrap.h"

/* The driver's own function `name`, for a call on `object` by `caller`; NULL when it has none. */
#define DRIVER(name, object, caller)                                                               \
    ((__typeof__(&name))pt_original(PT_USED_##name, object, caller))

static const uint8_t *data_of(const bson_t *document, const void *caller)
{
    return pt_bson_bytes(document, caller);
}

void pt_command_given(struct pt_call *call, const bson_t *command, const void *caller)
{
    struct pt_given given;
    pt_given_parse(&given, data_of(command, caller), (size_t)pt_bson_length(command));
    call->wrote_phase = given.phase;
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

void pt_made_command_cursor(const void *cursor, const void *parent, const bson_t *command,
                            const void *caller)
{
    struct pt_given given;
    struct pt_handle *handle = pt_made(cursor, PT_HANDLE_CURSOR, parent);
    if (handle) {
        pt_given_parse(&given, data_of(command, caller), (size_t)pt_bson_length(command));
        handle->first_phase = given.phase;
    }
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

void pt_made_gridfs(const void *gridfs, const void *client, const char *database, const char *name)
{
    struct pt_handle *handle = pt_made(gridfs, PT_HANDLE_GRIDFS, client);
    if (handle) {
        handle->name_space =
            pt_name_of_namespace(&pt_thread_self()->pen, database, name ? name : "fs");
    }
}

/* A bucket's name from its options; NULL: none is given. */
static const char *bucket_name(const bson_t *opts, const void *caller)
{
    struct pt_walk w;
    struct pt_element e;
    if (pt_walk_init(&w, data_of(opts, caller), (size_t)pt_bson_length(opts))) {
        while (pt_walk_next(&w, &e)) {
            bool text =
                e.type == PT_BSON_STRING && e.value_bytes > 4 && e.value[e.value_bytes - 1] == 0;
            if (text && pt_key_is(&e, "bucketName")) {
                return (const char *)e.value + 4;
            }
        }
    }
    return NULL;
}

void pt_made_bucket(const void *bucket, const void *database, const bson_t *opts,
                    const void *caller)
{
    struct pt_handle *of = pt_handle_find(database);
    if (bucket && of) {
        pt_made_gridfs(bucket, database, pt_name_database(of->name_space),
                       bucket_name(opts, caller));
    }
}

bool pt_gridfs_done(struct pt_call *call, bool ok)
{
    if (call->has_write) {
        call->has_batch = false;
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
