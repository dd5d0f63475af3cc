/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/driver_search.h"

#include <string.h>

#include "driver/driver_object.h"
#include "loader/elf_exports.h"
#include "loader/loaded_object.h"

#define PT_NEEDED_MAX                                                                              \
    40u /* further libraries are not asked: the driver stands near the plugin that needs it */

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
        if (pt_driver_is(&queue.objects[i])) {
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
    } else if (pt_driver_is(object)) {
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
