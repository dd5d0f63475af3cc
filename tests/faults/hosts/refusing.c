/* SPDX-License-Identifier: Apache-2.0 */
/* A preload object that refuses every mapping, and every file, to libphasetap.so alone; chosen by
 * FAULTS_REFUSE=mmap, open or thread. The rest of the program gets what it asks for. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_refused(const char *what, const void *caller)
{
    Dl_info object;
    const char *refused = getenv("FAULTS_REFUSE");
    return refused != NULL && strcmp(refused, what) == 0 && dladdr(caller, &object) != 0 &&
           object.dli_fname != NULL && strstr(object.dli_fname, "/libphasetap.so") != NULL;
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset)
{
    if (is_refused("mmap", __builtin_return_address(0))) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
}

static int open_unless_refused(const char *path, int flags, mode_t mode, const void *caller)
{
    if (is_refused("open", caller)) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open_unless_refused(path, flags, mode, __builtin_return_address(0));
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open_unless_refused(path, flags, mode, __builtin_return_address(0));
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    if (is_refused("thread", __builtin_return_address(0))) {
        return EAGAIN;
    }
    int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(
            RTLD_NEXT, "pthread_create");
    return next(thread, attributes, run, argument);
}
