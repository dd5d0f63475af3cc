/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_module.c: libphasetap-audit.so, an auditing module of the loader (LD_AUDIT, rtld-audit(7)).
 * Loaded only on request (`phasetap run --audit`). Calls from an object opened with
 * RTLD_DEEPBIND, and through pointers from dlsym(handle, ...), never pass a preloaded object. The
 * loader asks this module at each such binding; for a function that phasetap wraps it answers with
 * the wrapper in libphasetap.so, which is told the original. Nobody's flags, tables or search order
 * are changed.
 *
 * What it cannot see: functions bound without the PLT (-fno-plt) in a deep-bound object, and calls
 * inside an object that holds a static or hidden copy.
 *
 * The loader runs this in a namespace of its own and may hold its locks: nothing is allocated,
 * printed or looked up by it here. It is linked without libc, so that no second copy of one comes
 * into the process.
 */
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/export.h"
#include "loader/audit_module.h"
#include "loader/elf_exports.h"
#include "phasetap/driver_mark.h"

#define PT_PRELOAD_NAME "libphasetap.so"
#define PT_PREFIX       "mongoc_"

static const struct link_map *preload; /* libphasetap.so in the program's namespace */
static bool
    preload_is_relocated; /* not before the loader says for the first time that all is in order */

/* True when that is the path's last component. */
static bool is_file(const char *path, const char *name)
{
    const char *last = path;
    for (; path && *path; path++) {
        last = *path == '/' ? path + 1 : last;
    }
    while (last && *last && *last == *name) {
        last++;
        name++;
    }
    return last && *last == *name;
}

static bool has_prefix(const char *name)
{
    for (const char *prefix = PT_PREFIX; *prefix; prefix++, name++) {
        if (*name != *prefix) {
            return false;
        }
    }
    return true;
}

static void *export_of(const struct link_map *map, const char *name)
{
    return pt_object_export(map->l_addr, map->l_ld, name);
}

PT_EXPORT unsigned la_version(unsigned version)
{
    return version < LAV_CURRENT ? version : LAV_CURRENT;
}

/* The cookie is the object's map. Bindings to drivers alone are of interest, whoever they come
 * from. */
PT_EXPORT unsigned la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie)
{
    *cookie = (uintptr_t)map;
    if (space != LM_ID_BASE) {
        return 0;
    }
    if (preload == NULL && is_file(map->l_name, PT_PRELOAD_NAME)) {
        preload = map;
        return LA_FLG_BINDFROM;
    }
    return LA_FLG_BINDFROM | (export_of(map, PT_DRIVER_MARK) ? LA_FLG_BINDTO : 0);
}

PT_EXPORT void la_activity(uintptr_t *cookie, unsigned flag)
{
    (void)cookie;
    preload_is_relocated |= flag == LA_ACT_CONSISTENT && preload != NULL;
}

/* A library that wraps the driver's functions as we do looks for the next one: led to us, it would
 * go round in a circle. */
static bool is_wrapper_itself(const struct link_map *from, const struct link_map *to,
                              const char *name)
{
    return from == preload || (from != to && export_of(from, name) != NULL);
}

static uintptr_t bound_to(uintptr_t original, const struct link_map *from,
                          const struct link_map *to, const char *name)
{
    if (!preload_is_relocated || !has_prefix(name) || is_wrapper_itself(from, to, name)) {
        return original;
    }
    pt_audit_bind tell = (pt_audit_bind)export_of(preload, PT_AUDIT_ENTRY);
    const void *wrapper = tell ? tell(name, from->l_ld, (void *)original) : NULL;
    return wrapper ? (uintptr_t)wrapper : original;
}

#if __ELF_NATIVE_CLASS == 64
PT_EXPORT uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                                 unsigned *flags, const char *name)
#else
PT_EXPORT uintptr_t la_symbind32(Elf32_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
                                 unsigned *flags, const char *name)
#endif
{
    (void)index;
    *flags |= LA_SYMB_NOPLTENTER | LA_SYMB_NOPLTEXIT;
    return bound_to(symbol->st_value, (const struct link_map *)*from, (const struct link_map *)*to,
                    name);
}
