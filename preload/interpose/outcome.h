/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.h: what a call hands over and whether it succeeded, where the row of wrappers.def cannot
 * say it in one expression: commands and pipelines given as BSON, and functions that report a
 * failure elsewhere than in their result.
 *
 * Called by the wrappers, inside the outermost call, on its thread. `caller` is the code whose
 * driver it is (driver/original.h).
 */
#ifndef PT_OUTCOME_H
#define PT_OUTCOME_H

#include "capture/call.h"
#include "driver/mongoc_abi.h"

/* What follows from a command or pipeline that the application hands over: documents written, the
 * phase. */
void pt_command_given(struct pt_call *call, const bson_t *command, const char *database,
                      const void *caller);
void pt_pipeline_given(struct pt_call *call, const bson_t *pipeline, const void *caller);

/* Whether the call succeeded. Those with a `failure` fill it when it did not, else clear it: for
 * functions that have no error parameter. */
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
