/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_exports.h: what one loaded object itself exports, read from its own tables in memory (ELF
 * gABI chapter 5; the GNU hash table as glibc's loader reads it). Not dlsym, which also searches
 * the object's dependencies, takes locks, and is visible to auditing modules. Calls no function of
 * libc, because the auditing module, which has none, uses it too. Any thread, while the object is
 * loaded.
 */
#ifndef PT_ELF_EXPORTS_H
#define PT_ELF_EXPORTS_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

/* An object's tables, found once for many names. Points into the object. */
struct pt_exports {
    uintptr_t base;
    const ElfW(Sym) * table;
    const char *strings;
    const uint32_t *buckets, *chains;
    uint32_t bucket_count, first;
};

/* False when the object has no such tables. */
bool pt_exports_open(struct pt_exports *exports, uintptr_t base, const ElfW(Dyn) * dynamic);
void *pt_exports_find(const struct pt_exports *exports, const char *name);

/* The address of a function or variable that the object itself exports, NULL: none of that name. */
void *pt_object_export(uintptr_t base, const ElfW(Dyn) * dynamic, const char *name);

/* Its own soname, NULL: none. The i-th library that it needs, NULL behind the last. */
const char *pt_object_soname(uintptr_t base, const ElfW(Dyn) * dynamic);
const char *pt_object_needed(uintptr_t base, const ElfW(Dyn) * dynamic, unsigned i);

#endif
