/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monitor_pool.c: monitoring of pools. The driver accepts callbacks for a pool only once, and the
 * application may register at any time, so phasetap must not use up that one registration:
 *
 *   - If the application registers before the first pop, our callbacks are chained into its table.
 *   - If it has not when the first client is popped, ours are put where the pool itself would put
 *     them, by a function that the driver exports but does not declare.
 *   - If it registers after that, the call has the effect that it would have had without us, errors
 *     in the driver's log included, and ours are chained into it.
 *
 * Where a pool's callbacks are depends on the driver's version. Signatures, and that the functions
 * do no more than copy a table and a context, were read in the sources at all tags of these
 * versions; 1.23.1, 1.30.4 and 2.5.7 were run.
 *
 *   - 1.23 to 1.29: in each client, which gets them from the pool when it is made, by
 *     _mongoc_client_set_apm_callbacks_private. A late registration is for clients made after it.
 *   - 1.30 and 2.0 to 2.5: in an instance inside the pool, by
 *     mongoc_log_and_monitor_instance_set_apm_callbacks. A late registration is for all clients.
 *     mongoc_log_and_monitor_instance_init, which the driver calls while it makes the pool, gives
 *     the instance's address.
 *   - Other versions, drivers that do not export these, or whose inner calls bypass the wrappers
 *     (-Bsymbolic): we register at the first pop as an application would, and the driver refuses
 *     a late registration of the application as its second one.
 */
#include <sched.h>
#include <stdatomic.h>

#include "capture/monitor.h"
#include "driver/original.h"

#define PT_LOCK_YIELDS 100000 /* then go on: a fork may have left it locked */

/* Held for microseconds, and rarely. Never while the driver may write to its log, which may call
 * the application. */
static atomic_flag pools_locked = ATOMIC_FLAG_INIT;

static void lock_pools(void)
{
    for (int yields = 0; atomic_flag_test_and_set_explicit(&pools_locked, memory_order_acquire);
         yields++) {
        if (yields == PT_LOCK_YIELDS) {
            return;
        }
        sched_yield();
    }
}

static void unlock_pools(void)
{
    atomic_flag_clear_explicit(&pools_locked, memory_order_release);
}

/* ---- where the driver keeps the callbacks of a pool ---- */

void pt_monitor_construction(struct pt_thread *t)
{
    t->instances = 0;
}

void pt_monitor_instance_made(struct pt_thread *t, void *instance)
{
    t->instance = instance;
    t->instances++;
}

void pt_monitor_pool_made(struct pt_handle *pool, const struct pt_thread *t)
{
    if (pool) {
        pool->instance = t->instances == 1 ? t->instance : NULL;
    }
}

/* 100 * major + minor, 0: a text of another form. */
static int version_of(const void *caller)
{
    const char *text = PT_DRIVER_FOR(caller, mongoc_get_version)
                           ? PT_DRIVER_FOR(caller, mongoc_get_version)()
                           : "";
    int parts[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        for (; *text >= '0' && *text <= '9' && parts[i] < 100; text++) {
            parts[i] = parts[i] * 10 + (*text - '0');
        }
        if (*text++ != '.') {
            return 0;
        }
    }
    return 100 * parts[0] + parts[1];
}

static bool is_in_clients(const void *caller)
{
    int version = version_of(caller);
    return version >= 123 && version <= 129 &&
           PT_DRIVER_FOR(caller, _mongoc_client_set_apm_callbacks_private);
}

static bool is_in_instance(const struct pt_handle *pool, const void *caller)
{
    int version = pool->instance ? version_of(caller) : 0;
    return (version == 130 || (version >= 200 && version <= 205)) &&
           PT_DRIVER_FOR(caller, mongoc_log_and_monitor_instance_set_apm_callbacks);
}

static bool set_pool(void *object, mongoc_apm_callbacks_t *table, void *context, const void *caller)
{
    return PT_ORIGINAL_FOR(caller, mongoc_client_pool_set_apm_callbacks)(object, table, context);
}

static bool set_pooled(void *object, mongoc_apm_callbacks_t *table, void *context,
                       const void *caller)
{
    return PT_DRIVER_FOR(caller, _mongoc_client_set_apm_callbacks_private)(object, table, context);
}

static bool set_instance(void *object, mongoc_apm_callbacks_t *table, void *context,
                         const void *caller)
{
    PT_DRIVER_FOR(caller, mongoc_log_and_monitor_instance_set_apm_callbacks)(object, table,
                                                                             context);
    return true;
}

/* ---- ours ---- */

/* Under the lock. The pool's first context owns all others of the pool and its clients. */
static struct pt_monitor_context *another_context(struct pt_handle *pool)
{
    struct pt_monitor_context *c = pt_monitor_take(NULL, pool->monitor);
    if (pool->monitor == NULL) {
        pool->monitor = c;
    }
    return c;
}

/* Under the lock: the application has not registered. */
static void set_up(mongoc_client_pool_t *pool, struct pt_handle *handle, const void *caller)
{
    struct pt_monitor_context *c = another_context(handle);
    if (c == NULL) {
        return;
    }
    if (is_in_instance(handle, caller)) {
        (void)pt_monitor_register(set_instance, handle->instance, NULL, c, NULL, caller);
    } else if (is_in_clients(caller)) {
        handle->by_client = true;
    } else {
        atomic_store(&handle->registered, true);
        (void)pt_monitor_register(set_pool, pool, NULL, c, NULL, caller);
    }
}

void pt_monitor_pool(mongoc_client_pool_t *pool, struct pt_handle *handle, const void *caller)
{
    if (handle == NULL || atomic_load_explicit(&handle->monitored, memory_order_acquire) ||
        !pt_monitor_is_possible(caller)) {
        return;
    }
    lock_pools(); /* two first pops at once: the second must not pop before the callbacks are in
                     place */
    if (!handle->monitored && !handle->registered) {
        set_up(pool, handle, caller);
    }
    atomic_store_explicit(&handle->monitored, true, memory_order_release);
    unlock_pools();
}

/* A client made before the application's registration is without callbacks; one made after it has
 * them, and ours in them, and must keep them. The driver sets no lock between the two, so a client
 * popped while the application registers may be either, and is left as it is. */
void pt_monitor_pooled(mongoc_client_t *client, struct pt_handle *handle,
                       const struct pt_handle *pool, const void *caller)
{
    if (pool == NULL || !pool->by_client) {
        return;
    }
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load(&pool->registered)) {
        return;
    }
    struct pt_monitor_context *c = handle ? pt_monitor_take(handle, pool->monitor) : NULL;
    if (handle) {
        handle->monitor = c;
    }
    (void)pt_monitor_register(set_pooled, client, NULL, c ? c : pool->monitor, NULL, caller);
}

/* ---- the application's ---- */

/* For the application's first registration: a context of its own, since the pool's clients may be
 * in use with the first one. NULL for a second one, which the driver itself refuses, and when ours
 * cannot be chained. */
static struct pt_monitor_context *context_for_application(struct pt_handle *pool,
                                                          mongoc_apm_callbacks_t *table,
                                                          const void *caller)
{
    bool possible = pt_monitor_knows(table) && pt_monitor_is_possible(caller);
    lock_pools();
    bool first = !atomic_exchange(&pool->registered, true);
    struct pt_monitor_context *c = first && possible ? another_context(pool) : NULL;
    unlock_pools();
    return c;
}

bool pt_monitor_pool_table(mongoc_client_pool_t *pool, mongoc_apm_callbacks_t *callbacks,
                           void *context, const void *caller)
{
    struct pt_handle *handle = pt_handle_find(pool);
    struct pt_monitor_context *c = NULL;
    if (handle && handle->kind == PT_HANDLE_POOL) {
        c = context_for_application(handle, callbacks, caller);
    }
    if (c) { /* without a table it uses up its one registration for nothing */
        return pt_monitor_register(set_pool, pool, callbacks, c, context, caller);
    }
    return PT_ORIGINAL_FOR(caller, mongoc_client_pool_set_apm_callbacks) &&
           set_pool(pool, callbacks, context, caller);
}
