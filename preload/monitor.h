/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monitor.h: listens to the driver's command monitoring (succeeded and failed, never started: that one makes the driver copy every bulk), and passes each event on to
 * the application's own callbacks, so that the application cannot tell.
 *
 * Each client or pool gets one context. The driver hands it out with every event; the wrapped context getters give the application its own context back.
 * A pool is registered at its first pop, since the driver takes callbacks of a pool only once and the application may still come.
 */
#ifndef PT_MONITOR_H
#define PT_MONITOR_H

#include "handles.h"
#include "mongoc_abi.h"

/* Registers our callbacks with a client that is new, or a pool about to be popped; nothing when that was done before.
 * `caller`: the code whose driver it is (original.h). */
void pt_monitor_client(mongoc_client_t *client, struct pt_handle *handle, const void *caller);
void pt_monitor_pool(mongoc_client_pool_t *pool, struct pt_handle *handle, const void *caller);
/* The client or pool is about to be destroyed: its context may be used again afterwards. */
void pt_monitor_release(void *context);

/* The application's context for one that the driver gave: its own, when the driver's is ours. */
void *pt_monitor_application_context(void *context);

#endif
