/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/original.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "driver/drivers.h"
#include "loader/elf_exports.h"
#include "driver/handles.h"
#include "loader/loaded_object.h"
#include "base/text.h"
#include "thread/thread.h"

#define PT_CALLED_MAX 8u

_Atomic(void *) pt_originals[PT_SLOT_COUNT];
static atomic_bool global_found; /* the table above is filled */
static atomic_bool by_caller;

const char *const pt_function_names[PT_FN_COUNT] = {
    [PT_FN_NONE] = "none",
#define PT_FUNCTION_NAME(ret, name, ...) [PT_FN_##name] = #name,
#define PT_TIMED                         PT_FUNCTION_NAME
#define PT_VOID(name, ...)               [PT_FN_##name] = #name,
#define PT_MADE                          PT_FUNCTION_NAME
#define PT_APPEND                        PT_FUNCTION_NAME
#define PT_CONTEXT(name, ...)            [PT_FN_##name] = #name,
#define PT_SPECIAL                       PT_FUNCTION_NAME
#include "driver/wrappers.def"
};

const char *pt_slot_name(unsigned slot)
{
    static const char *const used_names[] = {
#define PT_USED_NAME(ret, name, params) #name,
        PT_USED(PT_USED_NAME)};
    return slot < PT_FN_COUNT ? pt_function_names[slot] : used_names[slot - PT_FN_COUNT];
}

bool pt_original_is_ours(const void *address)
{
    static _Atomic(uintptr_t) start, end; /* several threads may find them at once */
    struct pt_object self;
    if (atomic_load_explicit(&end, memory_order_acquire) == 0 &&
        pt_object_find(&self, (const void *)&pt_original_is_ours)) {
        atomic_store(&start, self.start);
        atomic_store_explicit(&end, self.end, memory_order_release);
    }
    return (uintptr_t)address - atomic_load(&start) < atomic_load(&end) - atomic_load(&start);
}

/* ---- which drivers were called ---- */

static struct pt_called_driver called[PT_CALLED_MAX];
atomic_uint pt_called_count;
static atomic_flag called_locked = ATOMIC_FLAG_INIT;

const struct pt_called_driver *pt_called_driver(unsigned index)
{
    return &called[index];
}

static bool is_noted(const struct pt_object *object)
{
    for (unsigned i = 0; i < atomic_load(&pt_called_count); i++) {
        if (called[i].dynamic == object->dynamic &&
            strcmp(called[i].soname, pt_object_name(object->path)) == 0) {
            return true;
        }
    }
    return false;
}

static void add_called(const struct pt_object *object)
{
    unsigned count = atomic_load(&pt_called_count);
    const char *(*version)(void) = (const char *(*)(void))pt_object_export(
        object->base, object->dynamic, "mongoc_get_version");
    if (count == PT_CALLED_MAX) {
        return;
    }
    size_t at = 0;
    called[count] = (struct pt_called_driver){.dynamic = object->dynamic};
    pt_text_append(called[count].version, sizeof called[count].version, &at,
                   version ? version() : "");
    at = 0;
    pt_text_append(called[count].soname, sizeof called[count].soname, &at,
                   pt_object_name(object->path));
    atomic_store_explicit(&pt_called_count, count + 1, memory_order_release);
}

static atomic_bool noted[PT_DRIVERS_MAX];

/* Another thread that is at it notes the same. Calls of libmongoc itself do not count: what the
 * application called was not seen then. (A private copy shares its object with those who use it.)
 */
static void note_called(int driver, const void *caller)
{
    if (driver == PT_DRIVER_NONE || atomic_load_explicit(&noted[driver], memory_order_relaxed)) {
        return;
    }
    const struct pt_object *object = pt_driver_object(driver);
    bool by_itself = pt_object_holds(object, caller) && pt_driver_is_library(object);
    if (by_itself || atomic_flag_test_and_set_explicit(&called_locked, memory_order_acquire)) {
        return;
    }
    if (!is_noted(object)) {
        add_called(object);
    }
    atomic_store_explicit(&noted[driver], true, memory_order_relaxed);
    atomic_flag_clear_explicit(&called_locked, memory_order_release);
}

/* ---- the search ---- */

static void *find_next(unsigned slot)
{
    void *found = dlsym(RTLD_NEXT, pt_slot_name(slot));
    return found && pt_original_is_ours(found) ? NULL : found;
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
    note_called(driver, caller);
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
        note_called(driver, caller);
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

/* The driver that this thread's last call went to; what is made by the call belongs to it
 * (pt_original_maker). */
static void remember(int driver)
{
    struct pt_thread *t = pt_thread_known();
    if (t) {
        t->driver = driver + 1;
    }
}

int pt_original_maker(void)
{
    struct pt_thread *t = pt_thread_known();
    return t && !atomic_load_explicit(&global_found, memory_order_relaxed) ? t->driver : 0;
}

void *pt_original_find(unsigned slot, const void *object, const void *caller)
{
    void *found;
    struct pt_handle *handle = pt_handle_find(object);
    int driver = handle && handle->driver > 0 ? handle->driver - 1 : PT_DRIVER_NONE;
    if (driver != PT_DRIVER_NONE && (found = pt_driver_function(driver, slot)) != NULL) {
        note_called(driver, caller);
        remember(driver);
        return found;
    }
    driver = pt_caller_function(caller, slot, &found);
    if (driver != PT_DRIVER_NONE) {
        note_called(driver, caller);
        remember(driver);
        return found;
    }
    found = search(slot, caller);
    remember(pt_driver_of_caller(caller));
    return found;
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
    for (unsigned driver = 0; driver < PT_DRIVERS_MAX; driver++) {
        atomic_store_explicit(&noted[driver], false, memory_order_relaxed);
    }
    pt_drivers_sweep();
}
