/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_entry.c: what the auditing module (loader/audit_module.c) calls at each binding of a driver
 * function: chooses the wrapper to bind to. The loader calls it, on any thread, with its locks
 * held.
 */
#include <stddef.h>

#include "base/export.h"
#include "driver/drivers.h"
#include "driver/functions.h"
#include "loader/audit_module.h"

static const void *const wrappers[PT_FN_COUNT] = {
#define PT_WRAPPER(ret, name, ...) [PT_FN_##name] = (const void *)&name,
#define PT_TIMED                   PT_WRAPPER
#define PT_VOID(name, ...)         [PT_FN_##name] = (const void *)&name,
#define PT_MADE                    PT_WRAPPER
#define PT_APPEND                  PT_WRAPPER
#define PT_CONTEXT(name, ...)      [PT_FN_##name] = (const void *)&name,
#define PT_SPECIAL                 PT_WRAPPER
#include "driver/wrappers.def"
};

PT_EXPORT const void *phasetap_audit_v1(const char *name, const void *caller, void *original);

/* Binding to the wrapper is right only if the wrapper will find this very original again. */
const void *phasetap_audit_v1(const char *name, const void *caller, void *original)
{
    unsigned id = pt_wrapped_function(name);
    int driver = id != 0 ? pt_driver_of_function(original) : PT_DRIVER_NONE;
    if (pt_driver_function(driver, id) != original || !pt_caller_uses(caller, driver)) {
        return NULL;
    }
    pt_driver_set_bound(driver);
    return wrappers[id];
}
