/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.h: what the wrapper files share: export, and what `before` and `after` of wrappers.def may say. */
#ifndef PT_WRAP_H
#define PT_WRAP_H

#include "call.h"
#include "handles.h"
#include "original.h"

#define PT_EXPORT __attribute__((visibility("default")))
#define PT_NOTHING ((void)0)

/* Starts the recording if it is not on, so that objects made before the first call are known; false when it is off. */
static inline bool pt_recording(void)
{
    return pt_thread_self() != NULL;
}

/* Notes an object made from `parent`: same client, same namespace. */
struct pt_handle *pt_made(const void *object, enum pt_handle_kind kind, const void *parent);
/* Notes one with a namespace of its own. */
void pt_made_named(const void *object, enum pt_handle_kind kind, const void *client, const char *database, const char *collection);
void pt_made_in_database(const void *object, const void *database, const char *collection);
/* The object is about to be destroyed; NULL is what destructors may be given. */
void pt_forget(const void *object);
/* A bulk made without a collection is told its client, database and collection one by one (as PHP's driver does). */
void pt_belongs_to(const void *object, const void *client);
void pt_bulk_named(const void *bulk, const char *database, const char *collection);
void pt_renamed(bool done, const void *collection, const char *database, const char *name);
/* The driver makes it by mongoc_client_get_database, which has noted its name when it could be seen. */
void pt_made_default_database(const void *object, const void *client);
/* Notes a cursor whose first batch the call may have brought already. */
void pt_made_cursor(struct pt_call *call, const void *cursor, const void *parent);

#endif
