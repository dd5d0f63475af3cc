/* SPDX-License-Identifier: Apache-2.0 */
#include "loader/vdso_clock.h"

#include <stddef.h>
#include <sys/auxv.h>

#include "loader/elf_exports.h"

#if defined __x86_64__
#define CLOCK_NAME "__vdso_clock_gettime"
#else
#define CLOCK_NAME "__kernel_clock_gettime"
#endif

/* What is added to the addresses in the file: it is mapped from its first byte on. */
static uintptr_t offset_of(uintptr_t start, const ElfW(Phdr) * header, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (header[i].p_type == PT_LOAD) {
            return start + header[i].p_offset - header[i].p_vaddr;
        }
    }
    return start;
}

static const ElfW(Dyn) * dynamic_of(uintptr_t base, const ElfW(Phdr) * header, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (header[i].p_type == PT_DYNAMIC) {
            return (const ElfW(Dyn) *)(base + header[i].p_vaddr);
        }
    }
    return NULL;
}

pt_clock_function *pt_vdso_clock(void)
{
    uintptr_t start = getauxval(AT_SYSINFO_EHDR);
    if (start == 0) {
        return NULL;
    }
    const ElfW(Ehdr) *file = (const ElfW(Ehdr) *)start;
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)(start + file->e_phoff);
    uintptr_t base = offset_of(start, headers, file->e_phnum);
    void *found = pt_object_export(base, dynamic_of(base, headers, file->e_phnum), CLOCK_NAME);
    return (pt_clock_function *)found;
}
