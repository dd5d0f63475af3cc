/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_client.c: the wrappers of constructors, pops and destructors of clients and pools. Making
 * one does no network I/O, except DNS for mongodb+srv; the time is kept with the client and becomes
 * part of its connection when its first command is sent. Called by the application; calls that the
 * driver makes to these functions itself are only forwarded.
 */
#include <errno.h>

#include "base/clock.h"
#include "base/export.h"
#include "capture/call.h"
#include "capture/call_documents.h"
#include "capture/monitor.h"
#include "driver/drivers.h"
#include "driver/handles.h"
#include "driver/original.h"
#include "driver/sessions.h"
#include "interpose/made.h"
#include "loader/loaded_object.h"

/* A pop that takes longer waited for a client to come back to the pool, or started the pool's
 * threads: no time of the application. Others take half a microsecond and stay in the gap. */
#define PT_POOL_WAIT_NS 20000

static atomic_int last_client_number;

static struct pt_handle *note_client(const void *client, int driver)
{
    struct pt_handle *stale = pt_handle_find(client);
    if (stale) { /* the driver has destroyed the client that was there, unseen */
        pt_monitor_release(stale->monitor);
    }
    struct pt_handle *handle = pt_handle_add(client, PT_HANDLE_CLIENT, driver);
    if (handle) {
        handle->number = atomic_fetch_add(&last_client_number, 1) + 1;
    }
    return handle;
}

/* Ends a constructor's call: the time it took is an interval of the thread, and noted with what was
 * built. */
static void leave_construction(struct pt_call *call, struct pt_handle *built, bool ok)
{
    struct pt_thread *t = call->thread;
    if (!pt_call_is_ours(call)) {
        return;
    }
    t->clocks++;
    int64_t end_ns = pt_now_ns();
    if (built) {
        built->construction_ns = end_ns - call->entry_ns;
        call->client = built->kind == PT_HANDLE_CLIENT ? built : NULL;
    }
    if (ok) {
        pt_call_interval(call, PT_PHASE_CONSTRUCTION, end_ns);
    } else {
        pt_record_gap(call);
        pt_record_connection(call, call->entry_ns, end_ns, false);
        pt_record_span(call, PT_PHASE_CONSTRUCTION, end_ns, end_ns, false);
    }
    pt_call_finish(call, end_ns, true);
}

/* `call` is NULL for what an application makes in a callback of the driver, inside a call that is
 * in progress: that call has the time. */
static void client_made(struct pt_call *call, mongoc_client_t *client, int driver,
                        const void *caller)
{
    struct pt_handle *handle = client ? note_client(client, driver) : NULL;
    pt_monitor_client(client, handle, caller);
    if (call) {
        leave_construction(call, handle, client != NULL);
    }
}

static void pool_made(struct pt_call *call, mongoc_client_pool_t *pool, int driver,
                      const void *caller)
{
    (void)caller;
    struct pt_handle *handle = pt_handle_add(pool, PT_HANDLE_POOL, driver);
    pt_monitor_pool_made(handle, pt_thread_known());
    if (call) {
        leave_construction(call, handle, pool != NULL);
    }
}

/* A client or pool that the driver itself makes or pops without an outer call of ours was asked for
 * past us, and is none of our business: registering with it could be seen. */
static bool is_of_application(const void *caller)
{
    return !pt_driver_holds(caller);
}

/* Not outermost, but asked for by the application. A private copy of the driver shares its object
 * with those who use it: there the two cannot be told apart. */
static bool is_in_callback(const void *original, const void *caller)
{
    struct pt_object driver;
    return pt_object_find(&driver, original) && !pt_object_holds(&driver, caller);
}

#define PT_CONSTRUCTOR(type, name, params, args, made)                                             \
    PT_EXPORT type *name params                                                                    \
    {                                                                                              \
        struct pt_call call;                                                                       \
        pt_original_refresh();                                                                     \
        __typeof__(&name) original = PT_ORIGINAL(name);                                            \
        if (original == NULL) {                                                                    \
            return NULL;                                                                           \
        }                                                                                          \
        bool seen = is_of_application(PT_CALLER) && pt_recording();                                \
        bool outermost = seen && pt_call_enter(&call, PT_FN_##name, NULL);                         \
        bool inside = seen && !outermost && is_in_callback((const void *)original, PT_CALLER);     \
        if (outermost || inside) {                                                                 \
            pt_monitor_construction(pt_thread_known());                                            \
        }                                                                                          \
        type *result = original args;                                                              \
        int saved_errno = errno;                                                                   \
        if (outermost || (inside && result)) {                                                     \
            made(outermost ? &call : NULL, result,                                                 \
                 pt_original_driver(PT_FN_##name, NULL, PT_CALLER), PT_CALLER);                    \
        }                                                                                          \
        errno = saved_errno;                                                                       \
        return result;                                                                             \
    }

PT_CONSTRUCTOR(mongoc_client_t, mongoc_client_new, (const char *uri_string), (uri_string),
               client_made)
PT_CONSTRUCTOR(mongoc_client_t, mongoc_client_new_from_uri, (const mongoc_uri_t *uri), (uri),
               client_made)
PT_CONSTRUCTOR(mongoc_client_t, mongoc_client_new_from_uri_with_error,
               (const mongoc_uri_t *uri, bson_error_t *error), (uri, error), client_made)
PT_CONSTRUCTOR(mongoc_client_pool_t, mongoc_client_pool_new, (const mongoc_uri_t *uri), (uri),
               pool_made)
PT_CONSTRUCTOR(mongoc_client_pool_t, mongoc_client_pool_new_with_error,
               (const mongoc_uri_t *uri, bson_error_t *error), (uri, error), pool_made)

/* A popped client is new, or comes back from an earlier pop. The first one pays for the pool's
 * construction. */
static void client_popped(const mongoc_client_pool_t *pool, mongoc_client_t *client, int driver,
                          const void *caller)
{
    struct pt_handle *pool_handle = pt_handle_find(pool);
    struct pt_handle *handle = pt_handle_find(client);
    if (handle == NULL || !handle->pooled || pt_handle_pool(handle) != pool_handle) {
        handle = note_client(client, driver);
        if (handle) {
            pt_handle_set_pool(handle, pool_handle);
        }
        pt_monitor_pooled(client, handle, pool_handle, caller);
    }
    if (handle && pool_handle) {
        /* Several threads may pop first at once: one of them gets it. */
        handle->construction_ns +=
            __atomic_exchange_n(&pool_handle->construction_ns, 0, __ATOMIC_RELAXED);
    }
}

static void leave_pop(struct pt_call *call)
{
    struct pt_thread *t = call->thread;
    if (!pt_call_is_ours(call)) {
        return;
    }
    t->clocks++;
    int64_t end_ns = pt_now_ns();
    bool waited = end_ns - call->entry_ns >= PT_POOL_WAIT_NS;
    if (waited) {
        pt_call_interval(call, PT_PHASE_POOL_WAIT, end_ns);
    }
    pt_call_finish(call, end_ns, waited);
}

#define PT_POP(name)                                                                               \
    PT_EXPORT mongoc_client_t *name(mongoc_client_pool_t *pool)                                    \
    {                                                                                              \
        struct pt_call call;                                                                       \
        __typeof__(&name) original = PT_ORIGINAL_ON(pool, name);                                   \
        if (original == NULL) {                                                                    \
            return NULL;                                                                           \
        }                                                                                          \
        bool seen = is_of_application(PT_CALLER) && pt_recording(); /* inside a callback, too */   \
        bool outermost = seen && pt_call_enter(&call, PT_FN_##name, pool);                         \
        if (seen) {                                                                                \
            pt_monitor_pool(pool, pt_handle_find(pool), PT_CALLER);                                \
        }                                                                                          \
        mongoc_client_t *client = original(pool);                                                  \
        int saved_errno = errno;                                                                   \
        if (seen && client) {                                                                      \
            client_popped(pool, client, pt_original_driver(PT_FN_##name, pool, PT_CALLER),         \
                          PT_CALLER);                                                              \
        }                                                                                          \
        if (outermost) {                                                                           \
            leave_pop(&call);                                                                      \
        }                                                                                          \
        errno = saved_errno;                                                                       \
        return client;                                                                             \
    }

PT_POP(mongoc_client_pool_pop)
PT_POP(mongoc_client_pool_try_pop)

/* Of a client, or of those of a pool. */
static void forget_sessions(struct pt_handle *handle)
{
    for (; handle; handle = handle->next_detached) {
        if (handle->kind == PT_HANDLE_CLIENT) {
            pt_sessions_remove(handle);
        }
    }
}

/* Destroying may send endSessions. The address goes before the real call (it may be used again at
 * once), the handle and the monitoring context after it (events still come with them). */
#define PT_DESTRUCTOR(type, name)                                                                  \
    PT_EXPORT void name(type *object)                                                              \
    {                                                                                              \
        struct pt_call call;                                                                       \
        if (object == NULL) {                                                                      \
            pt_original_refresh();                                                                 \
        }                                                                                          \
        __typeof__(&name) original = PT_ORIGINAL_ON(object, name);                                 \
        struct pt_handle *handle = pt_handle_find(object);                                         \
        bool outermost = handle && pt_call_enter(&call, PT_FN_##name, object);                     \
        handle = pt_handle_detach(object);                                                         \
        pt_handle_detach_clients(handle);                                                          \
        if (original) {                                                                            \
            original(object);                                                                      \
        }                                                                                          \
        pt_monitor_release(handle ? handle->monitor : NULL);                                       \
        forget_sessions(handle);                                                                   \
        if (outermost) {                                                                           \
            call.client = call.commands ? call.client : NULL;                                      \
            pt_call_leave(&call, PT_PHASE_TEARDOWN, true, NULL);                                   \
        }                                                                                          \
        pt_handle_free(handle);                                                                    \
    }

PT_DESTRUCTOR(mongoc_client_t, mongoc_client_destroy)
PT_DESTRUCTOR(mongoc_client_pool_t, mongoc_client_pool_destroy)
