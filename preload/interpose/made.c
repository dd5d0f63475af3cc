/* SPDX-License-Identifier: Apache-2.0 */
#include "interpose/made.h"

#include "bson/bson_walk.h"
#include "bson/given_command.h"
#include "driver/bson_bytes.h"
#include "log/name_ids.h"

struct pt_handle *pt_made(const void *object, enum pt_handle_kind kind, const void *parent,
                          int driver)
{
    struct pt_handle *handle = pt_recording() ? pt_handle_add(object, kind, driver) : NULL;
    struct pt_handle *from = pt_handle_find(parent);
    if (handle && from && from != handle) {
        handle->client = from->kind == PT_HANDLE_CLIENT ? pt_handle_refer(from) : from->client;
        handle->name_space = from->name_space;
    }
    return handle;
}

void pt_made_named(const void *object, enum pt_handle_kind kind, const void *client,
                   const char *database, const char *collection, int driver)
{
    struct pt_handle *handle = pt_made(object, kind, client, driver);
    if (handle) {
        handle->name_space = pt_name_of_namespace(&pt_thread_self()->pen, database, collection);
    }
}

void pt_made_in_database(const void *object, const void *database, const char *collection,
                         int driver)
{
    struct pt_handle *handle = pt_made(object, PT_HANDLE_COLLECTION, database, driver);
    if (handle && handle->name_space) {
        handle->name_space = pt_name_of_namespace(&pt_thread_self()->pen,
                                                  pt_name_database(handle->name_space), collection);
    }
}

void pt_belongs_to(const void *object, const void *client)
{
    struct pt_handle *handle = pt_handle_find(object);
    struct pt_handle *owner = pt_handle_find(client);
    if (handle && owner && owner->kind == PT_HANDLE_CLIENT) {
        handle->client = pt_handle_refer(owner);
    }
}

void pt_bulk_named(const void *bulk, const char *database, const char *collection)
{
    struct pt_handle *handle = pt_recording() ? pt_handle_find(bulk) : NULL;
    if (handle) {
        database = database ? database : pt_name_database(handle->name_space);
        handle->name_space = pt_name_of_namespace(&pt_thread_self()->pen, database, collection);
    }
}

void pt_renamed(bool done, const void *collection, const char *database, const char *name)
{
    struct pt_handle *handle = done ? pt_handle_find(collection) : NULL;
    if (handle) {
        database = database ? database : pt_name_database(handle->name_space);
        handle->name_space = pt_name_of_namespace(&pt_thread_self()->pen, database, name);
    }
}

void pt_made_default_database(const void *object, const void *client, int driver)
{
    struct pt_handle *handle = pt_handle_find(object);
    if (handle == NULL || handle->kind != PT_HANDLE_DATABASE) {
        pt_made(object, PT_HANDLE_DATABASE, client, driver);
    }
}

/* The value of a boolean option. */
static bool option(const bson_t *opts, const char *key, bool missing, const void *caller)
{
    struct pt_walk w;
    struct pt_element e;
    if (opts && pt_walk_init(&w, pt_bson_bytes(opts, caller), (size_t)pt_bson_length(opts))) {
        while (pt_walk_next(&w, &e)) {
            if (e.type == PT_BSON_BOOL && pt_key_is(&e, key)) {
                return *e.value != 0;
            }
        }
    }
    return missing;
}

/* The server holds back the getMores of a tailable cursor that awaits data. */
static bool awaits_data(const bson_t *opts, const void *caller)
{
    return option(opts, "awaitData", false, caller);
}

bool pt_is_unordered(const bson_t *opts, const void *caller)
{
    return !option(opts, "ordered", true, caller);
}

void pt_made_bulk(const void *bulk, const void *parent, bool unordered, int driver)
{
    struct pt_handle *handle = pt_made(bulk, PT_HANDLE_BULK, parent, driver);
    if (handle) {
        handle->unordered = unordered;
    }
}

void pt_made_find(const void *cursor, const void *collection, const bson_t *opts,
                  const void *caller, int driver)
{
    struct pt_handle *handle = pt_made(cursor, PT_HANDLE_CURSOR, collection, driver);
    if (handle) {
        handle->awaits = awaits_data(opts, caller);
    }
}

void pt_made_cursor(struct pt_call *call, const void *cursor, const void *parent, bool failed,
                    int driver)
{
    struct pt_handle *handle = pt_made(cursor, PT_HANDLE_CURSOR, parent, driver);
    if (handle) {
        handle->batch_left = call->last_batch_documents;
        handle->first_phase = call->commands == 0 ? call->wrote_phase : 0;
        handle->error_told = failed;
        handle->lists = call->command_phase == PT_PHASE_ADMINISTRATION;
    }
}

void pt_made_command_cursor(const void *cursor, const void *parent, const char *database,
                            const bson_t *command, const void *caller, int driver)
{
    struct pt_given given;
    struct pt_handle *handle = pt_made(cursor, PT_HANDLE_CURSOR, parent, driver);
    if (handle) {
        pt_given_parse(&given, pt_bson_bytes(command, caller), (size_t)pt_bson_length(command));
        handle->first_phase = given.phase;
        database = database ? database : pt_name_database(handle->name_space);
        if (given.collection && database[0] != '\0') {
            handle->name_space =
                pt_name_of_namespace(&pt_thread_self()->pen, database, given.collection);
        }
    }
}

void pt_made_gridfs(const void *gridfs, const void *client, const char *database, const char *name,
                    int driver)
{
    struct pt_handle *handle = pt_made(gridfs, PT_HANDLE_GRIDFS, client, driver);
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
    if (pt_walk_init(&w, pt_bson_bytes(opts, caller), (size_t)pt_bson_length(opts))) {
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
                    const void *caller, int driver)
{
    struct pt_handle *of = pt_handle_find(database);
    if (bucket && of) {
        pt_made_gridfs(bucket, database, pt_name_database(of->name_space),
                       bucket_name(opts, caller), driver);
    }
}
