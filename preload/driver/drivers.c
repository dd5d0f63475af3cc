/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/drivers.h"

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "loader/elf_exports.h"
#include "loader/loaded_object.h"
#include "driver/original.h"

#define PT_CALLERS_MAX 32u
#define PT_LOCK_YIELDS 1000
#define PT_NEEDED_MAX                                                                              \
    40u /* further libraries are not asked: the driver stands near the plugin that needs it */

/* A driver is there while its object has an end. */
struct driver {
    struct pt_object object;
    bool is_library;
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

const struct pt_object *pt_driver_object(int driver)
{
    return &drivers[driver].object;
}

struct bson_search {
    const char *library; /* how its file's name begins */
    const char *name;
    void *found;
};

static int look_for_bson(const struct pt_object *object, const struct dl_phdr_info *info,
                         void *context)
{
    struct bson_search *search = context;
    (void)info;
    if (strncmp(pt_object_name(object->path), search->library, strlen(search->library)) == 0) {
        search->found = pt_object_export(object->base, object->dynamic, search->name);
    }
    return search->found != NULL;
}

/* libbson stands beside libmongoc and has its major version; a private copy of the driver holds
 * one. */
void *pt_driver_export(const struct pt_object *object, const char *name)
{
    void *found = pt_object_export(object->base, object->dynamic, name);
    if (found || strncmp(name, "bson_", 5) != 0) {
        return found;
    }
    bool second = strncmp(pt_object_name(object->path), "libmongoc2.", 11) == 0;
    struct bson_search search = {second ? "libbson2." : "libbson-1.0.", name, NULL};
    pt_objects_each(look_for_bson, &search);
    return search.found;
}

bool pt_driver_is_library(const struct pt_object *object)
{
    const char *name = pt_object_name(object->path);
    return strncmp(name, "libmongoc-1.0.so", 16) == 0 || strncmp(name, "libmongoc2.so", 13) == 0;
}

static void fill(struct driver *driver, const struct pt_object *object)
{
    for (unsigned slot = 1; slot < PT_SLOT_COUNT; slot++) {
        atomic_store_explicit(&driver->functions[slot],
                              pt_driver_export(object, pt_slot_name(slot)), memory_order_relaxed);
    }
    driver->is_library = pt_driver_is_library(object);
    driver->object = (struct pt_object){.base = object->base,
                                        .start = object->start,
                                        .path = object->path,
                                        .dynamic = object->dynamic};
    atomic_thread_fence(memory_order_release);
    driver->object.end = object->end; /* others look at it meanwhile */
}

static int index_of(const struct pt_object *object)
{
    int free_row = PT_DRIVER_NONE;
    for (int i = (int)PT_DRIVERS_MAX - 1; i >= 0; i--) {
        if (drivers[i].object.end == 0) {
            free_row = i;
        } else if (drivers[i].object.dynamic == object->dynamic) {
            return i;
        }
    }
    if (free_row != PT_DRIVER_NONE) {
        fill(&drivers[free_row], object);
    }
    return free_row;
}

static bool is_driver(const struct pt_object *object)
{
    return pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) &&
           !pt_original_is_ours((const void *)object->dynamic);
}

int pt_driver_of_object(const struct pt_object *object)
{
    if (!is_driver(object) || !lock()) {
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
    for (unsigned i = 0; i < PT_DRIVERS_MAX; i++) {
        if (drivers[i].object.end != 0 && pt_object_holds(&drivers[i].object, code) &&
            drivers[i].is_library) {
            return true;
        }
    }
    return false;
}

bool pt_drivers_other_than(int driver)
{
    for (int i = 0; i < (int)PT_DRIVERS_MAX; i++) {
        if (i != driver && drivers[i].object.end != 0) {
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

/* ---- searches ---- */

struct needed_search {
    const char *name;
    struct pt_object found;
};

static int look_for_name(const struct pt_object *object, const struct dl_phdr_info *info,
                         void *context)
{
    struct needed_search *search = context;
    (void)info;
    const char *soname = pt_object_soname(object->base, object->dynamic);
    if (strcmp(pt_object_name(object->path), search->name) == 0 ||
        (soname && strcmp(soname, search->name) == 0)) {
        search->found = *object;
        return 1;
    }
    return 0;
}

/* Objects to be looked at, in the order in which the loader would search them. */
struct queue {
    unsigned count;
    struct pt_object objects[PT_NEEDED_MAX];
};

static void enqueue(struct queue *queue, const struct pt_object *object)
{
    for (unsigned i = 0; i < queue->count; i++) {
        if (queue->objects[i].dynamic == object->dynamic) {
            return;
        }
    }
    if (object->end != 0 && queue->count < PT_NEEDED_MAX) {
        queue->objects[queue->count++] = *object;
    }
}

static void enqueue_needed(struct queue *queue, const struct pt_object *object)
{
    const char *name;
    for (unsigned i = 0; (name = pt_object_needed(object->base, object->dynamic, i)) != NULL; i++) {
        struct needed_search search = {.name = name};
        pt_objects_each(look_for_name, &search);
        enqueue(queue, &search.found);
    }
}

bool pt_driver_near(struct pt_object *driver, const void *caller)
{
    struct queue queue = {.count = 1};
    if (!pt_object_find(&queue.objects[0], caller)) {
        return false;
    }
    for (unsigned i = 0; i < queue.count; i++) {
        if (is_driver(&queue.objects[i])) {
            *driver = queue.objects[i];
            return true;
        }
        enqueue_needed(&queue, &queue.objects[i]);
    }
    return false;
}

struct any_search {
    struct pt_object library, copy;
};

static int look_for_driver(const struct pt_object *object, const struct dl_phdr_info *info,
                           void *context)
{
    struct any_search *search = context;
    (void)info;
    if (pt_driver_is_library(object)) {
        search->library = *object;
    } else if (is_driver(object)) {
        search->copy = *object; /* the last one loaded */
    }
    return search->library.end != 0;
}

bool pt_driver_any(struct pt_object *driver)
{
    struct any_search search = {.copy = {0}};
    pt_objects_each(look_for_driver, &search);
    *driver = search.library.end != 0 ? search.library : search.copy;
    return driver->end != 0;
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
    for (unsigned i = 0; i < PT_CALLERS_MAX; i++) {
        if (atomic_load(&callers[i].size_bytes) != 0 && atomic_load(&callers[i].driver) == driver) {
            give_to(&callers[i], &none, PT_DRIVER_NONE);
        }
    }
    if (atomic_load(&bound) == driver) {
        atomic_store(&bound, PT_DRIVER_NONE);
    }
    drivers[driver].object = none;
    for (unsigned slot = 0; slot < PT_SLOT_COUNT;
         slot++) { /* handles that were never destroyed still lead here */
        atomic_store_explicit(&drivers[driver].functions[slot], NULL, memory_order_relaxed);
    }
}

bool pt_drivers_gone(void)
{
    for (unsigned i = 0; i < PT_DRIVERS_MAX; i++) {
        if (drivers[i].object.end != 0 && !pt_object_is_loaded(&drivers[i].object)) {
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
        if (drivers[i].object.end != 0 && !pt_object_is_loaded(&drivers[i].object)) {
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
