/* SPDX-License-Identifier: Apache-2.0 */
#include "loader/elf_slots.h"

#include <string.h>

#if defined __aarch64__
#define PT_R_JUMP_SLOT R_AARCH64_JUMP_SLOT
#define PT_R_GLOB_DAT  R_AARCH64_GLOB_DAT
#else
#define PT_R_JUMP_SLOT R_X86_64_JUMP_SLOT
#define PT_R_GLOB_DAT  R_X86_64_GLOB_DAT
#endif

struct relocations {
    const ElfW(Rela) * rows;
    size_t bytes;
};

struct tables {
    const ElfW(Sym) * symbols;
    const char *strings;
    struct relocations calls, data; /* DT_JMPREL, DT_RELA */
};

/* As in elf_exports.c: the kernel's vDSO keeps offsets. */
static const void *address_of(uintptr_t base, ElfW(Addr) value)
{
    return (const void *)((intptr_t)base > 0 && value < base ? base + value : value);
}

static void take(struct tables *tables, uintptr_t base, const ElfW(Dyn) * entry)
{
    switch (entry->d_tag) {
    case DT_SYMTAB:
        tables->symbols = address_of(base, entry->d_un.d_ptr);
        break;
    case DT_STRTAB:
        tables->strings = address_of(base, entry->d_un.d_ptr);
        break;
    case DT_JMPREL:
        tables->calls.rows = address_of(base, entry->d_un.d_ptr);
        break;
    case DT_PLTRELSZ:
        tables->calls.bytes = entry->d_un.d_val;
        break;
    case DT_RELA:
        tables->data.rows = address_of(base, entry->d_un.d_ptr);
        break;
    case DT_RELASZ:
        tables->data.bytes = entry->d_un.d_val;
        break;
    default:
        break;
    }
}

static bool visit_rows(const struct tables *tables, const struct relocations *relocations,
                       uintptr_t base, const char *prefix,
                       bool (*visit)(const char *name, void *target, void *context), void *context)
{
    for (size_t i = 0; relocations->rows && i < relocations->bytes / sizeof *relocations->rows;
         i++) {
        const ElfW(Rela) *row = &relocations->rows[i];
        unsigned long type = ELF64_R_TYPE(row->r_info);
        if (type != PT_R_JUMP_SLOT && type != PT_R_GLOB_DAT) {
            continue;
        }
        const char *name = tables->strings + tables->symbols[ELF64_R_SYM(row->r_info)].st_name;
        if (strncmp(name, prefix, strlen(prefix)) == 0 &&
            visit(name, *(void **)(base + row->r_offset), context)) {
            return true;
        }
    }
    return false;
}

bool pt_object_slots(const struct pt_object *object, const char *prefix,
                     bool (*visit)(const char *name, void *target, void *context), void *context)
{
    struct tables tables = {0};
    for (const ElfW(Dyn) *entry = object->dynamic; entry && entry->d_tag != DT_NULL; entry++) {
        take(&tables, object->base, entry);
    }
    return tables.symbols && tables.strings &&
           (visit_rows(&tables, &tables.calls, object->base, prefix, visit, context) ||
            visit_rows(&tables, &tables.data, object->base, prefix, visit, context));
}
