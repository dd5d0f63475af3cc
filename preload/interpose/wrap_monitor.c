/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap_monitor.c: the wrappers of the driver's functions by which an application registers its own
 * monitoring callbacks, and of the private one that prepares a pool's. They only forward; what is
 * chained where is decided in capture/monitor.c and capture/monitor_pool.c. Called by the
 * application and, the private one, by the driver; any thread.
 */
#include "base/export.h"
#include "capture/monitor.h"
#include "driver/handles.h"
#include "driver/original.h"
#include "loader/elf_exports.h"
#include "loader/loaded_object.h"

/* An application makes a table without a client, so this may be the first call on a driver that was
 * just loaded. */
PT_EXPORT void mongoc_apm_set_command_succeeded_cb(mongoc_apm_callbacks_t *callbacks,
                                                   mongoc_apm_command_succeeded_cb_t cb)
{
    pt_original_refresh();
    __typeof__(&mongoc_apm_set_command_succeeded_cb) original =
        PT_ORIGINAL(mongoc_apm_set_command_succeeded_cb);
    int driver = pt_original_driver(PT_FN_mongoc_apm_set_command_succeeded_cb, NULL, PT_CALLER);
    struct pt_handle *noted = pt_monitor_note_table(callbacks, driver);
    if (noted) {
        noted->succeeded = (void *)cb;
    }
    if (original) {
        original(callbacks, cb);
    }
}

PT_EXPORT void mongoc_apm_set_command_failed_cb(mongoc_apm_callbacks_t *callbacks,
                                                mongoc_apm_command_failed_cb_t cb)
{
    pt_original_refresh();
    __typeof__(&mongoc_apm_set_command_failed_cb) original =
        PT_ORIGINAL(mongoc_apm_set_command_failed_cb);
    int driver = pt_original_driver(PT_FN_mongoc_apm_set_command_failed_cb, NULL, PT_CALLER);
    struct pt_handle *noted = pt_monitor_note_table(callbacks, driver);
    if (noted) {
        noted->failed = (void *)cb;
    }
    if (original) {
        original(callbacks, cb);
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

PT_EXPORT bool mongoc_client_set_apm_callbacks(mongoc_client_t *client,
                                               mongoc_apm_callbacks_t *callbacks, void *context)
{
    return pt_monitor_client_table(client, callbacks, context, PT_CALLER);
}

PT_EXPORT bool mongoc_client_pool_set_apm_callbacks(mongoc_client_pool_t *pool,
                                                    mongoc_apm_callbacks_t *callbacks,
                                                    void *context)
{
    return pt_monitor_pool_table(pool, callbacks, context, PT_CALLER);
}

/* For a driver whose call came here, though no search leads back to it: it needs its own function.
 */
static void *own_export(const void *code, const char *name)
{
    struct pt_object object;
    return pt_object_find(&object, code) ? pt_object_export(object.base, object.dynamic, name)
                                         : NULL;
}

PT_EXPORT void mongoc_log_and_monitor_instance_init(mongoc_log_and_monitor_instance_t *instance)
{
    struct pt_thread *t = pt_thread_known();
    __typeof__(&mongoc_log_and_monitor_instance_init) original =
        PT_ORIGINAL(mongoc_log_and_monitor_instance_init);
    if (original == NULL) {
        original =
            (__typeof__(original))own_export(PT_CALLER, "mongoc_log_and_monitor_instance_init");
    }
    if (t) {
        pt_monitor_instance_made(t, instance);
    }
    if (original) {
        original(instance);
    }
}
