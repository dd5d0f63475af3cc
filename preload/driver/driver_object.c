/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/driver_object.h"

#include <string.h>

#include "loader/elf_exports.h"
#include "loader/loaded_object.h"
#include "phasetap/driver_mark.h"

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

bool pt_driver_is(const struct pt_object *object)
{
    return pt_object_export(object->base, object->dynamic, PT_DRIVER_MARK) &&
           !pt_object_is_ours((const void *)object->dynamic);
}
