/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/original.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include "driver/called.h"
#include "driver/driver_object.h"
#include "driver/driver_search.h"
#include "driver/drivers.h"
#include "driver/handles.h"
#include "loader/loaded_object.h"

_Atomic(void *) pt_originals[PT_SLOT_COUNT];
static atomic_bool global_found; /* the table above is filled */
static atomic_bool by_caller;

/* ---- the search ---- */

static void *find_next(unsigned slot)
{
    void *found = dlsym(RTLD_NEXT, pt_slot_name(slot));
    return found && pt_object_is_ours(found) ? NULL : found;
}

/* All at once, so that no later first call has to wait for the loader. */
static void fill_global(void)
{
    for (unsigned slot = 1; slot < PT_SLOT_COUNT; slot++) {
        atomic_store_explicit(&pt_originals[slot], find_next(slot), memory_order_relaxed);
    }
    atomic_store_explicit(&global_found, true, memory_order_release);
}

/* Behind us in the global scope. When the driver itself calls, the application's call came another
 * way, and others may come this way: nothing is kept for all. */
static void *find_global(unsigned slot, const void *caller)
{
    void *found = find_next(slot);
    if (found == NULL) {
        return NULL;
    }
    int driver = pt_driver_of_function(found);
    pt_called_note(driver, caller);
    if (atomic_load(&by_caller) || pt_driver_holds(caller) || pt_drivers_other_than(driver)) {
        (void)pt_caller_uses(caller, driver);
    } else {
        fill_global();
    }
    return found;
}

static void *find_near(unsigned slot, const void *caller)
{
    struct pt_object object;
    int driver = pt_driver_bound();
    if (pt_driver_near(&object, caller) || (driver == PT_DRIVER_NONE && pt_driver_any(&object))) {
        driver = pt_driver_of_object(&object);
        if (driver == PT_DRIVER_NONE) { /* no room, or somebody else is at it for long: a call must
                                           go on all the same */
            return pt_driver_export(&object, pt_slot_name(slot));
        }
    }
    if (driver != PT_DRIVER_NONE) {
        pt_called_note(driver, caller);
        (void)pt_caller_uses(caller, driver);
    }
    return pt_driver_function(driver, slot);
}

static void *search(unsigned slot, const void *caller)
{
    int saved_errno = errno;
    void *found = atomic_load(&global_found) ? NULL : find_global(slot, caller);
    /* What the global driver lacks, a plugin's own one may have. But what we want ourselves is
     * wanted of the global one. */
    if (found == NULL && (slot < PT_FN_COUNT || !atomic_load(&global_found))) {
        found = find_near(slot, caller);
    }
    errno = saved_errno;
    return found;
}

/* The driver that made the object, if it still has that function. */
static int maker_of(unsigned slot, const void *object, void **ret_function)
{
    struct pt_handle *handle = pt_handle_find(object);
    int driver = handle ? pt_handle_driver(handle) : PT_DRIVER_NONE;
    *ret_function = pt_driver_function(driver, slot);
    return *ret_function ? driver : PT_DRIVER_NONE;
}

void *pt_original_find(unsigned slot, const void *object, const void *caller)
{
    void *found;
    int driver = maker_of(slot, object, &found);
    if (driver == PT_DRIVER_NONE) {
        driver = pt_caller_function(caller, slot, &found);
    }
    if (driver == PT_DRIVER_NONE) {
        return search(slot, caller);
    }
    pt_called_note(driver, caller);
    return found;
}

int pt_original_driver(unsigned slot, const void *object, const void *caller)
{
    void *ignored;
    if (atomic_load_explicit(&global_found, memory_order_relaxed)) {
        return PT_DRIVER_NONE;
    }
    int driver = maker_of(slot, object, &ignored);
    return driver != PT_DRIVER_NONE ? driver : pt_driver_of_caller(caller);
}

void pt_original_by_caller(void)
{
    atomic_store(&by_caller, true);
    pt_objects_are_audited();
}

/* ---- unloading ---- */

void pt_original_refresh(void)
{
    if (!pt_drivers_gone()) {
        return;
    }
    atomic_store(&global_found, false);
    for (unsigned slot = 0; slot < PT_SLOT_COUNT; slot++) {
        atomic_store_explicit(&pt_originals[slot], NULL, memory_order_relaxed);
    }
    pt_called_forget_indexes();
    pt_drivers_sweep();
}
