/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/drivers.h"

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

#include "driver/driver_object.h"
#include "driver/driver_row.h"
#include "driver/functions.h"
#include "loader/elf_exports.h"
#include "loader/loaded_object.h"

#define PT_CALLERS_MAX 32u
#define PT_LOCK_YIELDS 1000

/* The functions are there before the row says that the driver is. */
struct driver {
    struct pt_driver_row row;
    _Atomic(void *) functions[PT_SLOT_COUNT];
};

/* The sequence number is odd while the row is given to another object; a reader that saw it change
 * reads nothing. */
struct caller {
    atomic_uint sequence;
    _Atomic(uintptr_t) start, size_bytes; /* of the object; 0, 0: free */
    atomic_int driver;
    struct pt_object object;
};

static struct driver drivers[PT_DRIVERS_MAX];
static struct caller callers[PT_CALLERS_MAX];
static atomic_uint callers_used;
static atomic_int bound = PT_DRIVER_NONE;
static atomic_flag locked = ATOMIC_FLAG_INIT;

/* A fork may have left it locked: then nothing is noted any more, and every search is made anew. */
static bool lock(void)
{
    for (int yields = 0; atomic_flag_test_and_set_explicit(&locked, memory_order_acquire);
         yields++) {
        if (yields == PT_LOCK_YIELDS) {
            return false;
        }
        sched_yield();
    }
    return true;
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&locked, memory_order_release);
}

/* ---- drivers ---- */

void *pt_driver_function(int driver, unsigned slot)
{
    return driver < 0
               ? NULL
               : atomic_load_explicit(&drivers[driver].functions[slot], memory_order_relaxed);
}

bool pt_driver_object(int driver, struct pt_object *object)
{
    struct pt_driver_facts facts;
    bool known = pt_driver_row_read(&drivers[driver].row, &facts);
    if (known) {
        *object = facts.object;
    }
    return known;
}

/* The driver may be loaded again where it was while libbson is put elsewhere. */
static void note_other(struct pt_driver_facts *facts, const void *function)
{
    struct pt_object other;
    if (function != NULL && facts->other.end == 0 && !pt_object_holds(&facts->object, function) &&
        pt_object_find(&other, function)) {
        facts->other = other;
    }
}

static bool is_loaded(const struct pt_driver_facts *facts)
{
    return pt_object_is_loaded(&facts->object) &&
           (facts->other.end == 0 || pt_object_is_loaded(&facts->other));
}

/* A driver is known whose object is no longer there. */
static bool is_gone(const struct driver *driver)
{
    struct pt_driver_facts facts;
    return pt_driver_row_read(&driver->row, &facts) && !is_loaded(&facts);
}

static void fill(struct driver *driver, const struct pt_object *object)
{
    struct pt_exports exports;
    bool open = pt_exports_open(&exports, object->base, object->dynamic);
    struct pt_driver_facts facts = {.object = *object, .is_library = pt_driver_is_library(object)};
    for (unsigned slot = 1; slot < PT_SLOT_COUNT; slot++) {
        const char *name = pt_slot_name(slot);
        void *found = open ? pt_exports_find(&exports, name) : NULL;
        found = found ? found : pt_driver_export(object, name); /* libbson's */
        note_other(&facts, found);
        atomic_store_explicit(&driver->functions[slot], found, memory_order_relaxed);
    }
    pt_driver_row_write(&driver->row, &facts);
}

static int index_of(const struct pt_object *object)
{
    int free_row = PT_DRIVER_NONE;
    struct pt_driver_facts facts;
    for (int i = (int)PT_DRIVERS_MAX - 1; i >= 0; i--) {
        if (!pt_driver_row_read(&drivers[i].row, &facts)) {
            free_row = i;
        } else if (facts.object.dynamic == object->dynamic) {
            return i;
        }
    }
    if (free_row != PT_DRIVER_NONE) {
        fill(&drivers[free_row], object);
    }
    return free_row;
}

int pt_driver_of_object(const struct pt_object *object)
{
    if (!pt_driver_is(object) || !lock()) {
        return PT_DRIVER_NONE;
    }
    int driver = index_of(object);
    unlock();
    return driver;
}

int pt_driver_of_function(const void *function)
{
    struct pt_object object;
    return function && pt_object_find(&object, function) ? pt_driver_of_object(&object)
                                                         : PT_DRIVER_NONE;
}

bool pt_driver_holds(const void *code)
{
    struct pt_driver_facts facts;
    for (unsigned i = 0; i < PT_DRIVERS_MAX; i++) {
        if (pt_driver_row_read(&drivers[i].row, &facts) && pt_object_holds(&facts.object, code) &&
            facts.is_library) {
            return true;
        }
    }
    return false;
}

bool pt_drivers_other_than(int driver)
{
    struct pt_driver_facts facts;
    for (int i = 0; i < (int)PT_DRIVERS_MAX; i++) {
        if (i != driver && pt_driver_row_read(&drivers[i].row, &facts)) {
            return true;
        }
    }
    return false;
}

/* ---- callers ---- */

static bool is_of(struct caller *row, const void *caller)
{
    return (uintptr_t)caller - atomic_load_explicit(&row->start, memory_order_relaxed) <
           atomic_load_explicit(&row->size_bytes, memory_order_relaxed);
}

/* The row's driver and, when that is asked for, its function; a row that changes meanwhile tells
 * nothing. */
static int read_row(struct caller *row, const void *caller, unsigned slot, void **ret_function)
{
    unsigned before = atomic_load_explicit(&row->sequence, memory_order_acquire);
    if ((before & 1) != 0 || !is_of(row, caller)) {
        return PT_DRIVER_NONE;
    }
    int driver = atomic_load_explicit(&row->driver, memory_order_relaxed);
    *ret_function = pt_driver_function(driver, slot);
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&row->sequence, memory_order_relaxed) == before ? driver
                                                                                : PT_DRIVER_NONE;
}

static int read_caller(const void *caller, unsigned slot, void **ret_function)
{
    unsigned used = atomic_load_explicit(&callers_used, memory_order_acquire);
    for (unsigned i = 0; i < used; i++) {
        int driver = read_row(&callers[i], caller, slot, ret_function);
        if (driver != PT_DRIVER_NONE) {
            return driver;
        }
    }
    *ret_function = NULL;
    return PT_DRIVER_NONE;
}

int pt_driver_of_caller(const void *caller)
{
    void *ignored;
    return read_caller(caller, PT_FN_NONE, &ignored);
}

int pt_caller_function(const void *caller, unsigned slot, void **ret_function)
{
    return read_caller(caller, slot, ret_function);
}

/* Under the lock. An empty object frees the row. */
static void give_to(struct caller *row, const struct pt_object *object, int driver)
{
    atomic_fetch_add(&row->sequence, 1);
    atomic_store(&row->start, object->start);
    atomic_store(&row->size_bytes, object->end - object->start);
    atomic_store(&row->driver, driver);
    row->object = *object;
    atomic_fetch_add(&row->sequence, 1);
}

static bool add_caller(const void *caller, int driver)
{
    struct pt_object object;
    unsigned used = atomic_load(&callers_used);
    for (unsigned i = 0; i < PT_CALLERS_MAX; i++) {
        if (atomic_load(&callers[i].size_bytes) != 0) {
            continue;
        }
        if (!pt_object_find(&object, caller)) {
            return false;
        }
        give_to(&callers[i], &object, driver);
        atomic_store(&callers_used, i < used ? used : i + 1);
        return true;
    }
    return false;
}

bool pt_caller_uses(const void *caller, int driver)
{
    if (driver == PT_DRIVER_NONE || !lock()) {
        return false;
    }
    int known = pt_driver_of_caller(caller);
    bool done = known != PT_DRIVER_NONE ? known == driver : add_caller(caller, driver);
    unlock();
    return done;
}

void pt_driver_set_bound(int driver)
{
    atomic_store(&bound, driver);
}

int pt_driver_bound(void)
{
    return atomic_load(&bound);
}

void pt_drivers_forget_parent(void)
{
    atomic_flag_clear(&locked);
}

/* ---- unloading ---- */

static void forget_driver(int driver)
{
    static const struct pt_object none;
    static const struct pt_driver_facts no_facts;
    for (unsigned i = 0; i < PT_CALLERS_MAX; i++) {
        if (atomic_load(&callers[i].size_bytes) != 0 && atomic_load(&callers[i].driver) == driver) {
            give_to(&callers[i], &none, PT_DRIVER_NONE);
        }
    }
    if (atomic_load(&bound) == driver) {
        atomic_store(&bound, PT_DRIVER_NONE);
    }
    pt_driver_row_write(&drivers[driver].row, &no_facts);
    for (unsigned slot = 0; slot < PT_SLOT_COUNT;
         slot++) { /* handles that were never destroyed still lead here */
        atomic_store_explicit(&drivers[driver].functions[slot], NULL, memory_order_relaxed);
    }
}

bool pt_drivers_gone(void)
{
    for (unsigned i = 0; i < PT_DRIVERS_MAX; i++) {
        if (is_gone(&drivers[i])) {
            return true;
        }
    }
    return false;
}

void pt_drivers_sweep(void)
{
    static const struct pt_object none;
    if (!lock()) {
        return;
    }
    for (int i = 0; i < (int)PT_DRIVERS_MAX; i++) {
        if (is_gone(&drivers[i])) {
            forget_driver(i);
        }
    }
    for (unsigned i = 0; i < PT_CALLERS_MAX; i++) {
        if (atomic_load(&callers[i].size_bytes) != 0 && !pt_object_is_loaded(&callers[i].object)) {
            give_to(&callers[i], &none, PT_DRIVER_NONE);
        }
    }
    unlock();
}
