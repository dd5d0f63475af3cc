/* SPDX-License-Identifier: Apache-2.0 */
/*
 * made.h: notes the objects that a driver call has made, or given to somebody else, in the table of
 * handles (driver/handles.h), so that later calls on them find their client and namespace.
 *
 * Called by the wrappers behind the real call, on its thread; the rows of wrappers.def name these
 * functions. `object` is what the call returned, NULL if it failed: then nothing is noted. `driver`
 * made it (pt_original_driver). Names are copied into the log, never kept.
 */
#ifndef PT_MADE_H
#define PT_MADE_H

#include "capture/call.h"
#include "driver/handles.h"

/* Starts the recording if it is not on, so that objects made before the first call are known; false
 * if it is off. */
static inline bool pt_recording(void)
{
    return pt_thread_self() != NULL;
}

/* An object made from `parent`: same client, same namespace. */
struct pt_handle *pt_made(const void *object, enum pt_handle_kind kind, const void *parent,
                          int driver);
/* One with a namespace of its own. */
void pt_made_named(const void *object, enum pt_handle_kind kind, const void *client,
                   const char *database, const char *collection, int driver);
void pt_made_in_database(const void *object, const void *database, const char *collection,
                         int driver);
/* A default database. The driver makes it through mongoc_client_get_database, whose wrapper has
 * noted its name unless the driver's inner calls bypass the wrappers. */
void pt_made_default_database(const void *object, const void *client, int driver);
/* The cursor of a find with these options. */
void pt_made_find(const void *cursor, const void *collection, const bson_t *opts,
                  const void *caller, int driver);
/* A cursor or change stream whose first batch the call may have brought already; `failed`: the call
 * was recorded as a failure. */
void pt_made_cursor(struct pt_call *call, const void *cursor, const void *parent, bool failed,
                    int driver);
/* A cursor whose first cursor_next will send `command`, which the code at `caller` handed over. */
void pt_made_command_cursor(const void *cursor, const void *parent, const char *database,
                            const bson_t *command, const void *caller, int driver);
/* A bulk, which goes on behind an operation that fails if it is `unordered`. */
void pt_made_bulk(const void *bulk, const void *parent, bool unordered, int driver);
/* Whether the options of a bulk say so. */
bool pt_is_unordered(const bson_t *opts, const void *caller);
/* A GridFS, or a bucket whose options are `opts`, under the common name of its two collections. */
void pt_made_gridfs(const void *gridfs, const void *client, const char *database, const char *name,
                    int driver);
void pt_made_bucket(const void *bucket, const void *database, const bson_t *opts,
                    const void *caller, int driver);

/* A bulk made without a collection gets its client, database and collection one by one (PHP's
 * driver does that). */
void pt_belongs_to(const void *object, const void *client);
void pt_bulk_named(const void *bulk, const char *database, const char *collection);
/* The collection was renamed, if `done`; `database` NULL: within its database. */
void pt_renamed(bool done, const void *collection, const char *database, const char *name);

#endif
