/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monitor.h: command monitoring. Registers callbacks for succeeded and failed commands with every
 * client and pool, and passes each event on to the application's own callbacks, so that the
 * application sees no difference. Never registers for started commands: that makes the driver copy
 * every bulk.
 *
 * Each registration has a context, which the driver hands out with every event; the wrapped context
 * getters give the application its own context back. There are at most PT_CONTEXTS_MAX at one time;
 * without one, that client or pool is not monitored, and counted as lost (log/status.h).
 *
 * monitor.c has contexts, callbacks and single-threaded clients; monitor_pool.c has the pools,
 * which accept callbacks only once. Used by the wrappers of interpose. Any thread, but the driver's
 * own rules for one client or pool hold.
 */
#ifndef PT_MONITOR_H
#define PT_MONITOR_H

#include "driver/handles.h"
#include "driver/mongoc_abi.h"
#include "host/thread_life.h"

/* In all of these, `caller` is the code whose driver it is (original.h). */

/* Registers our callbacks with a client that is new; nothing when that was done before. */
void pt_monitor_client(mongoc_client_t *client, struct pt_handle *handle, const void *caller);

/* A constructor is entered: what the driver makes in it is noted in the thread. */
void pt_monitor_construction(struct pt_thread *t);
/* The driver has prepared, on that thread, the place where it will keep a pool's callbacks. */
void pt_monitor_instance_made(struct pt_thread *t, void *instance);
/* The constructor has made the pool of that handle. */
void pt_monitor_pool_made(struct pt_handle *pool, const struct pt_thread *t);
/* A pool is about to be popped: sets up what monitors its clients, the first time. */
void pt_monitor_pool(mongoc_client_pool_t *pool, struct pt_handle *handle, const void *caller);
/* The calling thread has popped a client that was not known. `handle` is NULL when there is no room
 * for it. */
void pt_monitor_pooled(mongoc_client_t *client, struct pt_handle *handle,
                       const struct pt_handle *pool, const void *caller);

/* The client or pool of that context, or NULL, is gone: its context, and those of its clients, may
 * be used again. */
void pt_monitor_release(void *context);

/* ---- the application's own registrations ---- */

/* The note of a table of callbacks that the application fills, made by `driver`. NULL: no room for
 * one, from then on unknown tables are left alone. */
struct pt_handle *pt_monitor_note_table(mongoc_apm_callbacks_t *table, int driver);
/* The application registers its table (NULL: none) with a client or pool: ours are chained into it,
 * if that is possible. Return the driver's answer. */
bool pt_monitor_client_table(mongoc_client_t *client, mongoc_apm_callbacks_t *callbacks,
                             void *context, const void *caller);
bool pt_monitor_pool_table(mongoc_client_pool_t *pool, mongoc_apm_callbacks_t *callbacks,
                           void *context, const void *caller);

/* The application's context for one that the driver gave: its own, when the driver's is ours. */
void *pt_monitor_application_context(void *context);

/* ---- what monitor_pool.c takes from monitor.c ---- */

struct pt_monitor_context;

/* A context for a client, NULL: a pool. It is released with its `owner`, if it has one. NULL: none
 * is left. */
struct pt_monitor_context *pt_monitor_take(struct pt_handle *client,
                                           struct pt_monitor_context *owner);

/* True when the driver has all that a registration and its events need. */
bool pt_monitor_is_possible(const void *caller);

/* False when nobody knows which callbacks the application has put into the table: ours must not be
 * put there. */
bool pt_monitor_knows(mongoc_apm_callbacks_t *table);

/* How the driver is given a table for an object, which it copies. Its answer. */
typedef bool (*pt_monitor_set)(void *object, mongoc_apm_callbacks_t *table, void *context,
                               const void *caller);

/* Gives it the application's table (NULL: an empty one), with our callbacks chained before the
 * application's, and our context, which leads to the application's. The table is as before when
 * this returns. */
bool pt_monitor_register(pt_monitor_set set, void *object, mongoc_apm_callbacks_t *table,
                         struct pt_monitor_context *c, void *application_context,
                         const void *caller);

#endif
