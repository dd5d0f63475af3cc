/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int fuzz_file(const uint8_t *data, size_t size, char path[FUZZ_PATH_BYTES])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    fuzz_require(fd >= 0, "no file in memory");
    fuzz_require(write(fd, data, size) == (ssize_t)size, "no memory for the file");
    snprintf(path, FUZZ_PATH_BYTES, "/proc/self/fd/%d", fd);
    return fd;
}

void fuzz_require(int good, const char *what)
{
    if (!good) {
        printf("broken: %s\n", what);
        fflush(stdout);
        abort();
    }
}
