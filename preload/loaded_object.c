/* SPDX-License-Identifier: Apache-2.0 */
#include "loaded_object.h"

#include <string.h>

/* ---- the list ---- */

static void describe(struct pt_object *object, const struct dl_phdr_info *info)
{
    *object = (struct pt_object){.base = info->dlpi_addr, .start = UINTPTR_MAX, .path = info->dlpi_name ? info->dlpi_name : ""};
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD) {
            object->start = start < object->start ? start : object->start;
            object->end = start + header->p_memsz > object->end ? start + header->p_memsz : object->end;
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

void pt_objects_each(int (*visit)(const struct pt_object *object, const struct dl_phdr_info *info, void *context), void *context)
{
    struct walk walk = {visit, context};
    dl_iterate_phdr(step, &walk);
}

static int take_changes(struct dl_phdr_info *info, size_t size_bytes, void *context)
{
    (void)size_bytes;
    *(struct pt_object_changes *)context = (struct pt_object_changes){info->dlpi_adds, info->dlpi_subs};
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

bool pt_object_find(struct pt_object *object, const void *address)
{
    struct search search = {address, object};
    *object = (struct pt_object){0};
    pt_objects_each(holds, &search);
    return object->end != 0;
}

bool pt_object_is_loaded(const struct pt_object *object)
{
    struct pt_object now;
    /* The path's own memory goes with the object: its address tells enough, and reading it would not be safe. */
    return pt_object_find(&now, (const void *)object->start) && now.start == object->start && now.end == object->end &&
           now.path == object->path && now.dynamic == object->dynamic;
}

const char *pt_object_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- symbols: the GNU hash table, which every object of the last fifteen years has ---- */

struct symbols {
    const ElfW(Sym) *table;
    const char *strings;
    const uint32_t *hash;
};

/* glibc stores addresses into the dynamic section as it loads an object; the kernel's vDSO keeps offsets. */
static uintptr_t address_of(uintptr_t base, ElfW(Addr) value)
{
    return value < base ? base + value : value;
}

static bool find_symbols(struct symbols *symbols, uintptr_t base, const ElfW(Dyn) *entry)
{
    *symbols = (struct symbols){0};
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        uintptr_t address = address_of(base, entry->d_un.d_ptr);
        switch (entry->d_tag) {
        case DT_SYMTAB:
            symbols->table = (const ElfW(Sym) *)address;
            break;
        case DT_STRTAB:
            symbols->strings = (const char *)address;
            break;
        case DT_GNU_HASH:
            symbols->hash = (const uint32_t *)address;
            break;
        default:
            break;
        }
    }
    return symbols->table && symbols->strings && symbols->hash;
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name; name++) {
        hash = hash * 33 + (uint8_t)*name;
    }
    return hash;
}

void *pt_object_export(uintptr_t base, const ElfW(Dyn) *dynamic, const char *name)
{
    struct symbols symbols;
    if (!find_symbols(&symbols, base, dynamic) || symbols.hash[0] == 0) {
        return NULL;
    }
    uint32_t bucket_count = symbols.hash[0], first = symbols.hash[1], bloom_words = symbols.hash[2];
    const uint32_t *buckets = symbols.hash + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
    const uint32_t *chains = buckets + bucket_count;
    uint32_t hash = hash_of(name);
    uint32_t index = buckets[hash % bucket_count];
    for (bool more = index >= first; more; index++) {
        uint32_t here = chains[index - first];
        const ElfW(Sym) *symbol = &symbols.table[index];
        if ((here | 1) == (hash | 1) && symbol->st_shndx != SHN_UNDEF && strcmp(symbols.strings + symbol->st_name, name) == 0) {
            return (void *)(base + symbol->st_value);
        }
        more = (here & 1) == 0;
    }
    return NULL;
}
