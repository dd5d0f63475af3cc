/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loaded_object.h: the objects (program and shared libraries) that the loader has in this process:
 * which one holds an address, and whether objects came or went. The list is that of
 * dl_iterate_phdr(3).
 *
 * Any thread. No allocation. Only pt_objects_each, pt_objects_changes and, with an auditing module,
 * pt_object_find take the loader's list lock, for a moment. An object may be unloaded as soon as a
 * function here has returned, unless the caller knows better (its code is on the stack).
 */
#ifndef PT_LOADED_OBJECT_H
#define PT_LOADED_OBJECT_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

struct pt_object {
    uintptr_t base;       /* what its addresses are relative to */
    uintptr_t start, end; /* of its segments in memory */
    const char *path;     /* "" for the program; the loader's own memory */
    const ElfW(Dyn) * dynamic;
};

/* How often objects came and went since the process began. */
struct pt_object_changes {
    unsigned long long loads, unloads;
};
struct pt_object_changes pt_objects_changes(void);

/* The object that holds the address; false: none. */
bool pt_object_find(struct pt_object *object, const void *address);

/* There is an auditing module, so objects are asked for while the loader is still at them. */
void pt_objects_are_audited(void);

/* True when this very object is still there: same place, same path. */
bool pt_object_is_loaded(const struct pt_object *object);

static inline bool pt_object_holds(const struct pt_object *object, const void *address)
{
    return (uintptr_t)address - object->start < object->end - object->start;
}

/* Calls `visit` for each object until it returns non-zero. It must not call the loader. */
void pt_objects_each(int (*visit)(const struct pt_object *object, const struct dl_phdr_info *info,
                                  void *context),
                     void *context);

/* True for code and data of libphasetap.so. */
bool pt_object_is_ours(const void *address);

/* Path without its folders. */
const char *pt_object_name(const char *path);

#endif
