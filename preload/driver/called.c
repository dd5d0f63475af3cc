/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/called.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "driver/driver_object.h"
#include "driver/drivers.h"
#include "loader/elf_exports.h"
#include "loader/loaded_object.h"

#define PT_CALLED_MAX 8u

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
    called[count] = (struct pt_called_driver){.dynamic = object->dynamic,
                                              .is_library = pt_driver_is_library(object)};
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
void pt_called_note(int driver, const void *caller)
{
    if (driver == PT_DRIVER_NONE || atomic_load_explicit(&noted[driver], memory_order_relaxed)) {
        return;
    }
    struct pt_object object;
    if (!pt_driver_object(driver, &object)) {
        return;
    }
    bool by_itself = pt_object_holds(&object, caller) && pt_driver_is_library(&object);
    if (by_itself || atomic_flag_test_and_set_explicit(&called_locked, memory_order_acquire)) {
        return;
    }
    if (!is_noted(&object)) {
        add_called(&object);
    }
    atomic_store_explicit(&noted[driver], true, memory_order_relaxed);
    atomic_flag_clear_explicit(&called_locked, memory_order_release);
}

void pt_called_forget_indexes(void)
{
    for (unsigned driver = 0; driver < PT_DRIVERS_MAX; driver++) {
        atomic_store_explicit(&noted[driver], false, memory_order_relaxed);
    }
}
