/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A preload object that refuses memory to libphasetap.so alone: each allocation function looks who
 * called it. The rest of the program gets what it asks for, so the bare run is not disturbed.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *memory, size_t bytes);

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *memory, size_t bytes);

/* dladdr may allocate in the loader; that inner call is not looked at. */
static bool is_refused(const void *caller)
{
    static __thread bool looking;
    Dl_info object;
    if (looking) {
        return false;
    }
    looking = true;
    const bool refused = dladdr(caller, &object) != 0 && object.dli_fname != NULL &&
                         strstr(object.dli_fname, "/libphasetap.so") != NULL;
    looking = false;
    return refused;
}

void *malloc(size_t bytes)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, bytes);
}
