/* SPDX-License-Identifier: Apache-2.0 */
#include "original.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "driver_view.h"
#include "elf_exports.h"
#include "loaded_object.h"
#include "text.h"

_Atomic(void *) pt_originals[PT_SLOT_COUNT];
static atomic_bool by_caller;

const char *const pt_function_names[PT_FN_COUNT] = {
    [PT_FN_NONE] = "none",
#define PT_FUNCTION_NAME(ret, name, ...) [PT_FN_##name] = #name,
#define PT_TIMED PT_FUNCTION_NAME
#define PT_VOID(name, ...) [PT_FN_##name] = #name,
#define PT_MADE PT_FUNCTION_NAME
#define PT_APPEND PT_FUNCTION_NAME
#define PT_CONTEXT(name, ...) [PT_FN_##name] = #name,
#define PT_SPECIAL PT_FUNCTION_NAME
#include "wrappers.def"
};

static const char *name_of(unsigned slot)
{
    static const char *const used_names[] = {
#define PT_USED_NAME(ret, name, params) #name,
        PT_USED(PT_USED_NAME)
    };
    return slot < PT_FN_COUNT ? pt_function_names[slot] : used_names[slot - PT_FN_COUNT];
}

/* ---- which drivers were called ---- */

static struct pt_driver drivers[PT_DRIVERS_MAX];
atomic_uint pt_driver_count;
static atomic_flag drivers_locked = ATOMIC_FLAG_INIT;

const struct pt_driver *pt_driver_at(unsigned index)
{
    return &drivers[index];
}

static bool is_known(const struct pt_object *object)
{
    for (unsigned i = 0; i < atomic_load(&pt_driver_count); i++) {
        if (drivers[i].dynamic == object->dynamic && strcmp(drivers[i].soname, pt_object_name(object->path)) == 0) {
            return true;
        }
    }
    return false;
}

static void add_driver(const struct pt_object *object)
{
    unsigned count = atomic_load(&pt_driver_count);
    const char *(*version)(void) = (const char *(*)(void))pt_object_export(object->base, object->dynamic, "mongoc_get_version");
    if (count == PT_DRIVERS_MAX) {
        return;
    }
    size_t at = 0;
    drivers[count] = (struct pt_driver){.dynamic = object->dynamic};
    pt_text_append(drivers[count].version, sizeof drivers[count].version, &at, version ? version() : "");
    at = 0;
    pt_text_append(drivers[count].soname, sizeof drivers[count].soname, &at, pt_object_name(object->path));
    atomic_store_explicit(&pt_driver_count, count + 1, memory_order_release);
}

/* One lookup of a function leads to its driver. Another thread that is at it will have noted the same, or the next call does. */
static void note_driver(unsigned slot, const void *function)
{
    struct pt_object object;
    if (slot >= PT_FN_COUNT || !pt_object_find(&object, function) || is_known(&object) ||
        atomic_flag_test_and_set_explicit(&drivers_locked, memory_order_acquire)) {
        return;
    }
    if (!is_known(&object)) {
        add_driver(&object);
    }
    atomic_flag_clear_explicit(&drivers_locked, memory_order_release);
}

/* ---- the search ---- */

/* A search may lead back to our own wrapper, or to another preloaded object's name of ours. */
static void *unless_ours(void *found)
{
    static struct pt_object self;
    if (self.end == 0 && !pt_object_find(&self, (const void *)&pt_original_find)) {
        return found;
    }
    return found && pt_object_holds(&self, found) ? NULL : found;
}

static void *find_in(const char *path, const char *name)
{
    void *handle = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == NULL) {
        return NULL;
    }
    void *found = unless_ours(dlsym(handle, name));
    dlclose(handle); /* it was loaded before, and stays so */
    return found;
}

/* What the object of that address would reach by itself: its own exports, then those of the libraries it needs. libbson's functions are found so
 * from libmongoc. The object's link map would do as a handle only if the object was opened by itself: glibc makes no search list for the others. */
static void *find_near(const void *address, const char *name)
{
    struct pt_object object;
    if (address == NULL || !pt_object_find(&object, address) || object.path[0] == '\0') { /* the program's is the global scope */
        return NULL;
    }
    return find_in(object.path, name);
}

static void *find_by_soname(const char *name)
{
    void *found = find_in("libmongoc-1.0.so.0", name);
    return found ? found : find_in("libmongoc2.so.2", name);
}

static void *find_global(unsigned slot, bool keep)
{
    void *found = unless_ours(dlsym(RTLD_NEXT, name_of(slot)));
    if (found && keep) {
        atomic_store_explicit(&pt_originals[slot], found, memory_order_relaxed);
    }
    return found;
}

static void *find_for_caller(unsigned slot, const void *caller)
{
    const char *name = name_of(slot);
    void *found = find_near(pt_view_sibling(caller), name);
    found = found ? found : find_global(slot, false);
    found = found ? found : find_near(caller, name);
    found = found ? found : pt_view_bound(slot);
    found = found ? found : find_by_soname(name);
    if (found) {
        (void)pt_view_put(caller, slot, found, false);
    }
    return found;
}

void *pt_original_find(unsigned slot, const void *caller)
{
    void *found = pt_view_get(caller, slot);
    if (found) {
        return found;
    }
    int saved_errno = errno;
    found = atomic_load(&by_caller) ? NULL : find_global(slot, true);
    found = found ? found : find_for_caller(slot, caller);
    if (found) {
        note_driver(slot, found);
    }
    errno = saved_errno;
    return found;
}

void pt_original_by_caller(void)
{
    atomic_store(&by_caller, true);
}

/* ---- unloading ---- */

static atomic_ullong seen_unloads;

void pt_original_refresh(void)
{
    unsigned long long unloads = pt_objects_changes().unloads;
    if (atomic_exchange(&seen_unloads, unloads) == unloads) {
        return;
    }
    for (unsigned slot = 0; slot < PT_SLOT_COUNT; slot++) {
        atomic_store_explicit(&pt_originals[slot], NULL, memory_order_relaxed);
    }
    pt_view_sweep();
}
