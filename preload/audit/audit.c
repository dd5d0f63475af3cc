/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.c: libphasetap-audit.so, an auditing module of the loader (LD_AUDIT, rtld-audit(7)), which is there only when asked for (`phasetap run --audit`). Calls from an object
 * opened with RTLD_DEEPBIND, and through pointers from dlsym(handle, ...), never pass a preloaded object. The loader asks this module at each such binding; for a function
 * that phasetap wraps it answers with the wrapper in libphasetap.so, which is told the original. Nobody's flags, tables or search order are changed.
 *
 * What it cannot see: functions bound without the PLT (-fno-plt) in a deep-bound object, and calls inside an object that holds a static or hidden copy.
 *
 * The loader runs this in a namespace with a libc of its own and may hold its locks: only lookups in memory are done here, nothing is allocated or printed, and
 * no libc function is called that needs more than its arguments.
 */
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "../audit_entry.h"
#include "../loaded_object.h"

#define PT_EXPORT __attribute__((visibility("default")))
#define PT_PRELOAD_NAME "libphasetap.so"
#define PT_PREFIX "mongoc_"

static struct link_map *preload; /* libphasetap.so in the program's namespace */
static _Atomic(pt_audit_bind) bind;

PT_EXPORT unsigned la_version(unsigned version)
{
    return version < LAV_CURRENT ? version : LAV_CURRENT;
}

/* The cookie is the object's map. */
PT_EXPORT unsigned la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie)
{
    *cookie = (uintptr_t)map;
    if (space != LM_ID_BASE) {
        return 0;
    }
    if (preload == NULL && map->l_name && strcmp(pt_object_name(map->l_name), PT_PRELOAD_NAME) == 0) {
        preload = map;
    }
    return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

static pt_audit_bind entry(void)
{
    pt_audit_bind found = atomic_load_explicit(&bind, memory_order_relaxed);
    if (found == NULL && preload) {
        found = (pt_audit_bind)pt_object_export(preload->l_addr, preload->l_ld, PT_AUDIT_ENTRY);
        atomic_store_explicit(&bind, found, memory_order_relaxed);
    }
    return found;
}

static uintptr_t bound_to(uintptr_t original, const uintptr_t *from, const uintptr_t *to, const char *name)
{
    if (strncmp(name, PT_PREFIX, sizeof PT_PREFIX - 1) != 0 || preload == NULL || *from == (uintptr_t)preload || *to == (uintptr_t)preload) {
        return original;
    }
    pt_audit_bind tell = entry();
    const struct link_map *caller = (const struct link_map *)*from;
    const void *wrapper = tell ? tell(name, caller->l_ld, (void *)original) : NULL;
    return wrapper ? (uintptr_t)wrapper : original;
}

#if __ELF_NATIVE_CLASS == 64
PT_EXPORT uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to, unsigned *flags, const char *name)
#else
PT_EXPORT uintptr_t la_symbind32(Elf32_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to, unsigned *flags, const char *name)
#endif
{
    (void)index;
    *flags |= LA_SYMB_NOPLTENTER | LA_SYMB_NOPLTEXIT;
    return bound_to(symbol->st_value, from, to, name);
}
