/* SPDX-License-Identifier: Apache-2.0 */
#include "monitor.h"

#include <sched.h>
#include <stdatomic.h>

#include "call.h"
#include "original.h"

#define PT_CONTEXTS_MAX 8192u
#define PT_LOCK_YIELDS 100000 /* then go on: a fork may have left it locked */

struct context {
    atomic_bool taken;
    struct pt_handle *client;         /* NULL for a pool */
    mongoc_apm_command_succeeded_cb_t application_succeeded;
    mongoc_apm_command_failed_cb_t application_failed;
    void *application_context;
};

static struct context contexts[PT_CONTEXTS_MAX];
static atomic_uint next_context;

/* Registering takes microseconds and is rare. */
static atomic_flag pools_locked = ATOMIC_FLAG_INIT;

static void lock_pools(void)
{
    for (int yields = 0; atomic_flag_test_and_set_explicit(&pools_locked, memory_order_acquire) && yields < PT_LOCK_YIELDS; yields++) {
        sched_yield();
    }
}

static void unlock_pools(void)
{
    atomic_flag_clear_explicit(&pools_locked, memory_order_release);
}

/* Where the array lies tells our contexts from the application's, whatever those hold. */
static struct context *ours(void *context)
{
    uintptr_t address = (uintptr_t)context;
    bool inside = address >= (uintptr_t)contexts && address < (uintptr_t)(contexts + PT_CONTEXTS_MAX);
    return inside ? context : NULL;
}

static struct context *take_context(struct pt_handle *client)
{
    for (unsigned i = 0; i < PT_CONTEXTS_MAX; i++) {
        struct context *c = &contexts[atomic_fetch_add(&next_context, 1) % PT_CONTEXTS_MAX];
        if (!atomic_exchange(&c->taken, true)) {
            c->client = client;
            c->application_succeeded = NULL;
            c->application_failed = NULL;
            c->application_context = NULL;
            return c;
        }
    }
    return NULL;
}

void pt_monitor_release(void *context)
{
    struct context *c = ours(context);
    if (c) {
        atomic_store(&c->taken, false);
    }
}

void *pt_monitor_application_context(void *context)
{
    struct context *c = ours(context);
    return c ? c->application_context : context;
}

static void succeeded(const mongoc_apm_command_succeeded_t *event)
{
    struct context *c = ours(PT_ORIGINAL(mongoc_apm_command_succeeded_get_context)(event));
    const bson_t *reply = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_reply)(event);
    struct pt_command_facts facts = {
        .name = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_command_name)(event),
        .duration_ns = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_duration)(event) * 1000,
        .reply = reply ? PT_DRIVER_FOR(PT_CALLER, bson_get_data)(reply) : NULL,
        .reply_bytes = pt_bson_length(reply),
        .client = c ? c->client : NULL,
    };
    pt_call_command(&facts);
    if (c && c->application_succeeded) {
        c->application_succeeded(event);
    }
}

static void failed(const mongoc_apm_command_failed_t *event)
{
    struct context *c = ours(PT_ORIGINAL(mongoc_apm_command_failed_get_context)(event));
    bson_error_t error = {0};
    PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_error)(event, &error);
    struct pt_command_facts facts = {
        .name = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_command_name)(event),
        .duration_ns = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_duration)(event) * 1000,
        .error = &error,
        .client = c ? c->client : NULL,
    };
    pt_call_command(&facts);
    if (c && c->application_failed) {
        c->application_failed(event);
    }
}

/* All that a registration and its events need; without one of them there is no monitoring. */
static bool driver_is_complete(const void *caller)
{
    return PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb) && PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_callbacks_destroy) && PT_ORIGINAL_FOR(caller, mongoc_client_set_apm_callbacks) &&
           PT_ORIGINAL_FOR(caller, mongoc_client_pool_set_apm_callbacks) && PT_ORIGINAL_FOR(caller, mongoc_apm_command_succeeded_get_context) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_command_failed_get_context) && PT_DRIVER_FOR(caller, mongoc_apm_callbacks_new) && PT_DRIVER_FOR(caller, bson_get_data) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_reply) && PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_command_name) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_duration) && PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_error) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_command_name) && PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_duration);
}

static struct context *context_of(struct pt_handle *handle, bool is_client)
{
    if (handle->monitor == NULL) {
        handle->monitor = take_context(is_client ? handle : NULL);
    }
    return handle->monitor;
}

/* Registers a table whose succeeded and failed are ours, with our context; the table is as before when this returns. */
static bool register_table(void *object, bool is_client, mongoc_apm_callbacks_t *table, struct context *c, const void *caller)
{
    struct pt_handle *noted = pt_handle_find(table);
    c->application_succeeded = noted ? (mongoc_apm_command_succeeded_cb_t)noted->succeeded : NULL;
    c->application_failed = noted ? (mongoc_apm_command_failed_cb_t)noted->failed : NULL;
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb)(table, succeeded);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb)(table, failed);
    bool done = is_client ? PT_ORIGINAL_FOR(caller, mongoc_client_set_apm_callbacks)(object, table, c)
                          : PT_ORIGINAL_FOR(caller, mongoc_client_pool_set_apm_callbacks)(object, table, c);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb)(table, c->application_succeeded);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb)(table, c->application_failed);
    return done;
}

static void register_ours_only(void *object, bool is_client, struct context *c, const void *caller)
{
    mongoc_apm_callbacks_t *table = PT_DRIVER_FOR(caller, mongoc_apm_callbacks_new)();
    if (table) {
        (void)register_table(object, is_client, table, c, caller);
        PT_ORIGINAL_FOR(caller, mongoc_apm_callbacks_destroy)(table);
    }
}

void pt_monitor_client(mongoc_client_t *client, struct pt_handle *handle, const void *caller)
{
    if (handle && handle->monitor == NULL && driver_is_complete(caller) && context_of(handle, true)) {
        register_ours_only(client, true, handle->monitor, caller);
    }
}

void pt_monitor_pool(mongoc_client_pool_t *pool, struct pt_handle *handle, const void *caller)
{
    if (handle == NULL || atomic_load_explicit(&handle->monitored, memory_order_acquire) || !driver_is_complete(caller)) {
        return;
    }
    lock_pools(); /* two first pops at once: the second must not pop before the callbacks are in place */
    if (!handle->monitored && handle->monitor == NULL && context_of(handle, false)) {
        register_ours_only(pool, false, handle->monitor, caller);
    }
    atomic_store_explicit(&handle->monitored, true, memory_order_release);
    unlock_pools();
}

/* ---- the application's own registrations ---- */

#define PT_EXPORT __attribute__((visibility("default")))

/* A table of the application could not be noted: its callbacks are not known, so no table without a note is touched any more. */
static atomic_bool table_lost;

static struct pt_handle *note_table(mongoc_apm_callbacks_t *table)
{
    pt_original_refresh(); /* a table is made without a client */
    struct pt_handle *noted = pt_handle_find(table);
    noted = noted && noted->kind == PT_HANDLE_APM_TABLE ? noted : pt_handle_add(table, PT_HANDLE_APM_TABLE);
    if (noted == NULL) {
        atomic_store(&table_lost, true);
    }
    return noted;
}

static bool is_known(mongoc_apm_callbacks_t *table)
{
    return table == NULL || !atomic_load(&table_lost) || pt_handle_find(table) != NULL;
}

PT_EXPORT void mongoc_apm_set_command_succeeded_cb(mongoc_apm_callbacks_t *callbacks, mongoc_apm_command_succeeded_cb_t cb)
{
    struct pt_handle *noted = note_table(callbacks);
    if (noted) {
        noted->succeeded = (void *)cb;
    }
    if (PT_ORIGINAL(mongoc_apm_set_command_succeeded_cb)) {
        PT_ORIGINAL(mongoc_apm_set_command_succeeded_cb)(callbacks, cb);
    }
}

PT_EXPORT void mongoc_apm_set_command_failed_cb(mongoc_apm_callbacks_t *callbacks, mongoc_apm_command_failed_cb_t cb)
{
    struct pt_handle *noted = note_table(callbacks);
    if (noted) {
        noted->failed = (void *)cb;
    }
    if (PT_ORIGINAL(mongoc_apm_set_command_failed_cb)) {
        PT_ORIGINAL(mongoc_apm_set_command_failed_cb)(callbacks, cb);
    }
}

PT_EXPORT void mongoc_apm_callbacks_destroy(mongoc_apm_callbacks_t *callbacks)
{
    pt_original_refresh();
    pt_handle_drop(callbacks);
    if (PT_ORIGINAL(mongoc_apm_callbacks_destroy)) {
        PT_ORIGINAL(mongoc_apm_callbacks_destroy)(callbacks);
    }
}

PT_EXPORT bool mongoc_client_set_apm_callbacks(mongoc_client_t *client, mongoc_apm_callbacks_t *callbacks, void *context)
{
    struct pt_handle *handle = pt_handle_find(client);
    bool chain = handle && handle->kind == PT_HANDLE_CLIENT && handle->pool == NULL && is_known(callbacks) && driver_is_complete(PT_CALLER) && context_of(handle, true);
    if (!chain) {
        return PT_ORIGINAL(mongoc_client_set_apm_callbacks) && PT_ORIGINAL(mongoc_client_set_apm_callbacks)(client, callbacks, context);
    }
    struct context *c = handle->monitor;
    c->application_context = context;
    if (callbacks == NULL) { /* the application clears its own; ours stay */
        register_ours_only(client, true, c, PT_CALLER);
        return true;
    }
    return register_table(client, true, callbacks, c, PT_CALLER);
}

PT_EXPORT bool mongoc_client_pool_set_apm_callbacks(mongoc_client_pool_t *pool, mongoc_apm_callbacks_t *callbacks, void *context)
{
    struct pt_handle *handle = pt_handle_find(pool);
    bool chain = handle && handle->kind == PT_HANDLE_POOL && handle->monitor == NULL && is_known(callbacks) && driver_is_complete(PT_CALLER) && context_of(handle, false);
    if (!chain) { /* a second registration, which the driver itself refuses */
        return PT_ORIGINAL(mongoc_client_pool_set_apm_callbacks) && PT_ORIGINAL(mongoc_client_pool_set_apm_callbacks)(pool, callbacks, context);
    }
    struct context *c = handle->monitor;
    c->application_context = context;
    if (callbacks == NULL) { /* the application uses up its one registration for nothing */
        register_ours_only(pool, false, c, PT_CALLER);
        return true;
    }
    return register_table(pool, false, callbacks, c, PT_CALLER);
}
