/* SPDX-License-Identifier: Apache-2.0 */
#include "loader/loaded_object.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

static void describe(struct pt_object *object, const struct dl_phdr_info *info)
{
    *object = (struct pt_object){.base = info->dlpi_addr,
                                 .start = UINTPTR_MAX,
                                 .path = info->dlpi_name ? info->dlpi_name : ""};
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD) {
            object->start = start < object->start ? start : object->start;
            object->end =
                start + header->p_memsz > object->end ? start + header->p_memsz : object->end;
        } else if (header->p_type == PT_DYNAMIC) {
            object->dynamic = (const ElfW(Dyn) *)start;
        }
    }
}

struct walk {
    int (*visit)(const struct pt_object *object, const struct dl_phdr_info *info, void *context);
    void *context;
};

static int step(struct dl_phdr_info *info, size_t size_bytes, void *context)
{
    (void)size_bytes;
    const struct walk *walk = context;
    struct pt_object object;
    describe(&object, info);
    return walk->visit(&object, info, walk->context);
}

void pt_objects_each(int (*visit)(const struct pt_object *object, const struct dl_phdr_info *info,
                                  void *context),
                     void *context)
{
    struct walk walk = {visit, context};
    dl_iterate_phdr(step, &walk);
}

static int take_changes(struct dl_phdr_info *info, size_t size_bytes, void *context)
{
    (void)size_bytes;
    *(struct pt_object_changes *)context =
        (struct pt_object_changes){info->dlpi_adds, info->dlpi_subs};
    return 1;
}

struct pt_object_changes pt_objects_changes(void)
{
    struct pt_object_changes changes = {0, 0};
    dl_iterate_phdr(take_changes, &changes);
    return changes;
}

struct search {
    const void *address;
    struct pt_object *found;
};

static int holds(const struct pt_object *object, const struct dl_phdr_info *info, void *context)
{
    (void)info;
    const struct search *search = context;
    bool hit = object->end > object->start && pt_object_holds(object, search->address);
    if (hit) {
        *search->found = *object;
    }
    return hit;
}

static bool audited;

void pt_objects_are_audited(void)
{
    audited = true;
}

/* Takes no lock: the loader's may be held for ever in the child of a fork. */
bool pt_object_find(struct pt_object *object, const void *address)
{
    struct dl_find_object found;
    *object = (struct pt_object){0};
    if (_dl_find_object((void *)address, &found) != 0) {
        struct search search = {address, object};
        if (audited) { /* an object is bound before the loader can find it so */
            pt_objects_each(holds, &search);
        }
        return object->end != 0;
    }
    const struct link_map *map = found.dlfo_link_map;
    *object = (struct pt_object){.base = map->l_addr,
                                 .start = (uintptr_t)found.dlfo_map_start,
                                 .end = (uintptr_t)found.dlfo_map_end,
                                 .path = map->l_name,
                                 .dynamic = map->l_ld};
    return true;
}

bool pt_object_is_loaded(const struct pt_object *object)
{
    struct pt_object now;
    /* The path's own memory goes with the object: its address tells enough, and reading it would
     * not be safe. */
    return pt_object_find(&now, (const void *)object->start) && now.path == object->path &&
           now.dynamic == object->dynamic;
}

const char *pt_object_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool pt_object_is_ours(const void *address)
{
    static _Atomic(uintptr_t) start, end; /* several threads may find them at once */
    struct pt_object self;
    if (atomic_load_explicit(&end, memory_order_acquire) == 0 &&
        pt_object_find(&self, (const void *)&pt_object_is_ours)) {
        atomic_store(&start, self.start);
        atomic_store_explicit(&end, self.end, memory_order_release);
    }
    return (uintptr_t)address - atomic_load(&start) < atomic_load(&end) - atomic_load(&start);
}
