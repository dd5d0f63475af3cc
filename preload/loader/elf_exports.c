/* SPDX-License-Identifier: Apache-2.0 */
#include "loader/elf_exports.h"

#include <stdbool.h>
#include <stddef.h>

struct symbols {
    const ElfW(Sym) * table;
    const char *strings;
    const uint32_t *hash;
};

/* glibc stores addresses into the dynamic section as it loads an object; the kernel's vDSO keeps
 * offsets. */
static uintptr_t address_of(uintptr_t base, ElfW(Addr) value)
{
    return (intptr_t)base > 0 && value < base ? base + value : value;
}

static bool find_symbols(struct symbols *symbols, uintptr_t base, const ElfW(Dyn) * entry)
{
    /* One by one: at -O0 an initializer is a call of memset, which the auditing module lacks. */
    symbols->table = NULL;
    symbols->strings = NULL;
    symbols->hash = NULL;
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

static bool is_name(const char *one, const char *other)
{
    while (*one && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name; name++) {
        hash = hash * 33 + (uint8_t)*name;
    }
    return hash;
}

bool pt_exports_open(struct pt_exports *exports, uintptr_t base, const ElfW(Dyn) * dynamic)
{
    struct symbols symbols;
    if (!find_symbols(&symbols, base, dynamic) || symbols.hash[0] == 0) {
        return false;
    }
    uint32_t bucket_count = symbols.hash[0], bloom_words = symbols.hash[2];
    const uint32_t *buckets =
        symbols.hash + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
    *exports = (struct pt_exports){.base = base,
                                   .table = symbols.table,
                                   .strings = symbols.strings,
                                   .buckets = buckets,
                                   .chains = buckets + bucket_count,
                                   .bucket_count = bucket_count,
                                   .first = symbols.hash[1]};
    return true;
}

void *pt_exports_find(const struct pt_exports *exports, const char *name)
{
    uint32_t hash = hash_of(name);
    uint32_t index = exports->buckets[hash % exports->bucket_count];
    for (bool more = index >= exports->first; more; index++) {
        uint32_t here = exports->chains[index - exports->first];
        const ElfW(Sym) *symbol = &exports->table[index];
        if ((here | 1) == (hash | 1) && symbol->st_shndx != SHN_UNDEF &&
            is_name(exports->strings + symbol->st_name, name)) {
            return (void *)(exports->base + symbol->st_value);
        }
        more = (here & 1) == 0;
    }
    return NULL;
}

void *pt_object_export(uintptr_t base, const ElfW(Dyn) * dynamic, const char *name)
{
    struct pt_exports exports;
    return pt_exports_open(&exports, base, dynamic) ? pt_exports_find(&exports, name) : NULL;
}

/* Text of the i-th entry with that tag. */
static const char *text_of(uintptr_t base, const ElfW(Dyn) * dynamic, ElfW(Sxword) tag, unsigned i)
{
    const char *strings = NULL;
    for (const ElfW(Dyn) *entry = dynamic; entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB) {
            strings = (const char *)address_of(base, entry->d_un.d_ptr);
        }
    }
    for (const ElfW(Dyn) *entry = dynamic; strings && entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == tag && i-- == 0) {
            return strings + entry->d_un.d_val;
        }
    }
    return NULL;
}

const char *pt_object_soname(uintptr_t base, const ElfW(Dyn) * dynamic)
{
    return text_of(base, dynamic, DT_SONAME, 0);
}

const char *pt_object_needed(uintptr_t base, const ElfW(Dyn) * dynamic, unsigned i)
{
    return text_of(base, dynamic, DT_NEEDED, i);
}
