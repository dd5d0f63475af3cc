/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/monitor.h"
#include "log/status.h"

#include <stdatomic.h>

#include "base/slab.h"
#include "driver/bson_bytes.h"
#include "capture/call.h"
#include "driver/original.h"

#define PT_FIRST_CONTEXTS 256u
#define PT_CONTEXTS_MAX   1048576u

struct pt_monitor_context {
    struct pt_slab_item item;
    atomic_bool taken;
    atomic_bool owns; /* others have it as their owner */
    _Atomic(struct pt_monitor_context *) owner;
    struct pt_handle *client; /* NULL for a pool */
    mongoc_apm_command_succeeded_cb_t application_succeeded;
    mongoc_apm_command_failed_cb_t application_failed;
    void *application_context;
};

static struct pt_monitor_context first_contexts[PT_FIRST_CONTEXTS];
static struct pt_slab contexts = PT_SLAB(first_contexts, PT_FIRST_CONTEXTS, PT_CONTEXTS_MAX);

/* Where they lie tells our contexts from the application's, whatever those hold. */
static struct pt_monitor_context *ours(void *context)
{
    return context && pt_slab_holds(&contexts, context) ? context : NULL;
}

struct pt_monitor_context *pt_monitor_take(struct pt_handle *client,
                                           struct pt_monitor_context *owner)
{
    struct pt_monitor_context *c = pt_slab_take(&contexts);
    if (c == NULL) {
        pt_status_lose_object(); /* its commands are not seen */
        return NULL;
    }
    c->client = client;
    c->application_succeeded = NULL;
    c->application_failed = NULL;
    c->application_context = NULL;
    atomic_store(&c->owner, owner);
    if (owner) {
        atomic_store(&owner->owns, true);
    }
    atomic_store(&c->taken, true);
    return c;
}

/* Once: the pool and a client of it may both be released. */
static void give_back(struct pt_monitor_context *c)
{
    if (atomic_exchange(&c->taken, false)) {
        atomic_store(&c->owner, NULL);
        atomic_store(&c->owns, false);
        pt_slab_give(&contexts, c);
    }
}

/* For a context that owns none there is nothing to search for. */
static void give_back_owned(struct pt_monitor_context *owner)
{
    uint32_t used = atomic_load(&owner->owns) ? pt_slab_used(&contexts) : 0;
    for (uint32_t i = 0; i < used; i++) {
        struct pt_monitor_context *c = pt_slab_at(&contexts, i);
        if (atomic_load(&c->owner) == owner) {
            give_back(c);
        }
    }
}

void pt_monitor_release(void *context)
{
    struct pt_monitor_context *c = ours(context);
    if (c) {
        give_back_owned(c);
        give_back(c);
    }
}

void *pt_monitor_application_context(void *context)
{
    struct pt_monitor_context *c = ours(context);
    return c ? c->application_context : context;
}

static void succeeded(const mongoc_apm_command_succeeded_t *event)
{
    struct pt_monitor_context *c =
        ours(PT_ORIGINAL(mongoc_apm_command_succeeded_get_context)(event));
    const bson_t *reply = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_reply)(event);
    struct pt_command_facts facts = {
        .name = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_command_name)(event),
        .duration_ns =
            PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_duration)(event) * 1000,
        .server = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_server_id)(event),
        .address = pt_host_and_port(
            PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_succeeded_get_host)(event)),
        .reply = pt_bson_bytes(reply, PT_CALLER),
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
    struct pt_monitor_context *c = ours(PT_ORIGINAL(mongoc_apm_command_failed_get_context)(event));
    bson_error_t error = {0};
    PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_error)(event, &error);
    struct pt_command_facts facts = {
        .name = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_command_name)(event),
        .duration_ns =
            PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_duration)(event) * 1000,
        .server = PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_server_id)(event),
        .address =
            pt_host_and_port(PT_DRIVER_FOR(PT_CALLER, mongoc_apm_command_failed_get_host)(event)),
        .error = &error,
        .client = c ? c->client : NULL,
    };
    pt_call_command(&facts);
    if (c && c->application_failed) {
        c->application_failed(event);
    }
}

bool pt_monitor_is_possible(const void *caller)
{
    return PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_callbacks_destroy) &&
           PT_ORIGINAL_FOR(caller, mongoc_client_set_apm_callbacks) &&
           PT_ORIGINAL_FOR(caller, mongoc_client_pool_set_apm_callbacks) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_command_succeeded_get_context) &&
           PT_ORIGINAL_FOR(caller, mongoc_apm_command_failed_get_context) &&
           PT_DRIVER_FOR(caller, mongoc_apm_callbacks_new) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_reply) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_command_name) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_duration) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_host) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_succeeded_get_server_id) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_host) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_server_id) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_error) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_command_name) &&
           PT_DRIVER_FOR(caller, mongoc_apm_command_failed_get_duration);
}

static bool register_table(pt_monitor_set set, void *object, mongoc_apm_callbacks_t *table,
                           struct pt_monitor_context *c, const void *caller)
{
    struct pt_handle *noted = pt_handle_find(table);
    c->application_succeeded = noted ? (mongoc_apm_command_succeeded_cb_t)noted->succeeded : NULL;
    c->application_failed = noted ? (mongoc_apm_command_failed_cb_t)noted->failed : NULL;
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb)(table, succeeded);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb)(table, failed);
    atomic_thread_fence(
        memory_order_release); /* a late registration's events may come on other threads at once */
    bool done = set(object, table, c, caller);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_succeeded_cb)(table, c->application_succeeded);
    PT_ORIGINAL_FOR(caller, mongoc_apm_set_command_failed_cb)(table, c->application_failed);
    return done;
}

bool pt_monitor_register(pt_monitor_set set, void *object, mongoc_apm_callbacks_t *table,
                         struct pt_monitor_context *c, void *application_context,
                         const void *caller)
{
    c->application_context = application_context;
    if (table) {
        return register_table(set, object, table, c, caller);
    }
    mongoc_apm_callbacks_t *empty = PT_DRIVER_FOR(caller, mongoc_apm_callbacks_new)();
    bool done = empty && register_table(set, object, empty, c, caller);
    if (empty) {
        PT_ORIGINAL_FOR(caller, mongoc_apm_callbacks_destroy)(empty);
    }
    return done;
}

/* ---- clients of one thread ---- */

static bool set_client(void *object, mongoc_apm_callbacks_t *table, void *context,
                       const void *caller)
{
    return PT_ORIGINAL_FOR(caller, mongoc_client_set_apm_callbacks)(object, table, context);
}

static bool has_context(struct pt_handle *client)
{
    if (client->monitor == NULL) {
        client->monitor = pt_monitor_take(client, NULL);
    }
    return client->monitor != NULL;
}

void pt_monitor_client(mongoc_client_t *client, struct pt_handle *handle, const void *caller)
{
    if (handle && handle->monitor == NULL && pt_monitor_is_possible(caller) &&
        has_context(handle)) {
        (void)pt_monitor_register(set_client, client, NULL, handle->monitor, NULL, caller);
    }
}

/* ---- the application's own registrations ---- */

/* A table of the application could not be noted: its callbacks are not known, so no table without a
 * note is touched any more. */
static atomic_bool table_lost;

struct pt_handle *pt_monitor_note_table(mongoc_apm_callbacks_t *table, int driver)
{
    struct pt_handle *noted = pt_handle_find(table);
    if (noted && noted->kind == PT_HANDLE_APM_TABLE) {
        return noted;
    }
    /* Once one was lost, a table without a note may hold callbacks already: noting it now would
     * forget them. */
    noted = atomic_load(&table_lost) ? NULL : pt_handle_add(table, PT_HANDLE_APM_TABLE, driver);
    if (noted == NULL) {
        atomic_store(&table_lost, true);
    }
    return noted;
}

bool pt_monitor_knows(mongoc_apm_callbacks_t *table)
{
    bool known = table == NULL || !atomic_load(&table_lost) || pt_handle_find(table) != NULL;
    if (!known) {
        pt_status_lose_object(); /* who is registered with it is not followed */
    }
    return known;
}

bool pt_monitor_client_table(mongoc_client_t *client, mongoc_apm_callbacks_t *callbacks,
                             void *context, const void *caller)
{
    struct pt_handle *handle = pt_handle_find(client);
    bool chain = handle && handle->kind == PT_HANDLE_CLIENT && !handle->pooled &&
                 pt_monitor_knows(callbacks) && pt_monitor_is_possible(caller) &&
                 has_context(handle);
    if (chain) { /* without a table it clears its own; ours stay */
        return pt_monitor_register(set_client, client, callbacks, handle->monitor, context, caller);
    }
    return PT_ORIGINAL_FOR(caller, mongoc_client_set_apm_callbacks) &&
           set_client(client, callbacks, context, caller);
}
