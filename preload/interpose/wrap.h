/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.h: what the wrapper files share: export, and what `before` and `after` of wrappers.def may
 * say. */
#ifndef PT_WRAP_H
#define PT_WRAP_H

#include "capture/call.h"
#include "driver/handles.h"
#include "driver/original.h"

#define PT_EXPORT  __attribute__((visibility("default")))
#define PT_NOTHING ((void)0)

/* Starts the recording if it is not on, so that objects made before the first call are known; false
 * when it is off. */
static inline bool pt_recording(void)
{
    return pt_thread_self() != NULL;
}

/* Notes an object made from `parent`: same client, same namespace. */
struct pt_handle *pt_made(const void *object, enum pt_handle_kind kind, const void *parent);
/* Notes one with a namespace of its own. */
void pt_made_named(const void *object, enum pt_handle_kind kind, const void *client,
                   const char *database, const char *collection);
void pt_made_in_database(const void *object, const void *database, const char *collection);
/* A bulk made without a collection is told its client, database and collection one by one (as PHP's
 * driver does). */
void pt_belongs_to(const void *object, const void *client);
void pt_bulk_named(const void *bulk, const char *database, const char *collection);
void pt_renamed(bool done, const void *collection, const char *database, const char *name);
/* The driver makes it by mongoc_client_get_database, which has noted its name when it could be
 * seen. */
void pt_made_default_database(const void *object, const void *client);
/* Notes a cursor or change stream whose first batch the call may have brought already; `failed`:
 * the call was recorded as a failure. */
void pt_made_cursor(struct pt_call *call, const void *cursor, const void *parent, bool failed);
/* Notes a cursor whose first cursor_next will send `command`. */
void pt_made_command_cursor(const void *cursor, const void *parent, const bson_t *command,
                            const void *caller);
/* Notes a GridFS, or a bucket whose options are `opts`, by the common name of its two collections.
 */
void pt_made_gridfs(const void *gridfs, const void *client, const char *database, const char *name);
void pt_made_bucket(const void *bucket, const void *database, const bson_t *opts,
                    const void *caller);

/* What follows from a command or pipeline that the application hands over: documents written, the
 * phase. */
void pt_command_given(struct pt_call *call, const bson_t *command, const void *caller);
void pt_pipeline_given(struct pt_call *call, const bson_t *pipeline, const void *caller);

/* ---- what `ok` may ask. Those with a `failure` fill it when it is one, else clear it. ---- */
bool pt_cursor_is_well(mongoc_cursor_t *cursor, bson_error_t *failure, const void *caller);
bool pt_stream_is_well(mongoc_change_stream_t *stream, bson_error_t *failure, const void *caller);
/* Without a result, and yet no failure: there was nothing to be found. `error` is the application's
 * own, or NULL. */
bool pt_nothing_found(const struct pt_call *call, const bson_error_t *error);
/* Of GridFS. A call that wrote gets the documents that the server counted; what it read for that is
 * not its result. */
bool pt_gridfs_done(struct pt_call *call, bool ok);
bool pt_file_is_well(struct pt_call *call, bool ok, mongoc_gridfs_file_t *file,
                     bson_error_t *failure, const void *caller);
bool pt_files_are_well(bool found, mongoc_gridfs_file_list_t *list, bson_error_t *failure,
                       const void *caller);
bool pt_upload_is_well(struct pt_call *call, bool ok, mongoc_stream_t *upload,
                       bson_error_t *failure, const void *caller);

#endif
