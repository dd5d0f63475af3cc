/* SPDX-License-Identifier: Apache-2.0 */
#include "original.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

_Atomic(void *) pt_originals[PT_FN_COUNT];
static _Atomic(void *) used[PT_USED_COUNT];

const char *const pt_function_names[PT_FN_COUNT] = {
    [PT_FN_NONE] = "none",
#define PT_FUNCTION_NAME(ret, name, ...) [PT_FN_##name] = #name,
#define PT_TIMED PT_FUNCTION_NAME
#define PT_VOID(name, ...) [PT_FN_##name] = #name,
#define PT_MADE PT_FUNCTION_NAME
#define PT_APPEND PT_FUNCTION_NAME
#define PT_CONTEXT(name, ...) [PT_FN_##name] = #name,
#define PT_SPECIAL PT_FUNCTION_NAME
#include "wrappers.def"
};

static const char *const used_names[PT_USED_COUNT] = {
#define PT_USED_NAME(ret, name, params) #name,
    PT_USED(PT_USED_NAME)
};

static const char *const sonames[] = {"libmongoc-1.0.so.0", "libmongoc2.so.2"};
static _Atomic(void *) handles[2];

/* libbson's functions are found through a handle of libmongoc too: dlsym searches what a library needs. */
static void *find_by_soname(const char *name)
{
    for (unsigned i = 0; i < 2; i++) {
        void *handle = atomic_load(&handles[i]);
        if (handle == NULL && (handle = dlopen(sonames[i], RTLD_LAZY | RTLD_NOLOAD)) != NULL) {
            atomic_store(&handles[i], handle);
        }
        void *found = handle ? dlsym(handle, name) : NULL;
        if (found) {
            return found;
        }
    }
    return NULL;
}

/* Keeps the library of a function loaded, once for each function: an unloaded plugin must not leave us with dangling pointers. */
static void pin(void *function)
{
    Dl_info info;
    if (dladdr(function, &info) != 0 && info.dli_fname) {
        (void)dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    }
}

static void *find(_Atomic(void *) *slot, const char *name)
{
    int saved_errno = errno;
    void *found = dlsym(RTLD_NEXT, name);
    if (found) {
        pin(found);
    }
    found = found ? found : find_by_soname(name);
    atomic_store_explicit(slot, found, memory_order_relaxed);
    errno = saved_errno;
    return found;
}

void *pt_original_find(enum pt_function function)
{
    return find(&pt_originals[function], pt_function_names[function]);
}

void *pt_used_find(enum pt_used function)
{
    void *found = atomic_load_explicit(&used[function], memory_order_relaxed);
    return found ? found : find(&used[function], used_names[function]);
}

const char *pt_original_soname(void)
{
    Dl_info info;
    void *function = pt_used_find(PT_USED_mongoc_get_version);
    if (function == NULL || dladdr(function, &info) == 0 || info.dli_fname == NULL) {
        return "";
    }
    const char *slash = strrchr(info.dli_fname, '/');
    return slash ? slash + 1 : info.dli_fname;
}
