/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of `phasetap check`: ELF files with the search for their libraries, scripts, and the
 * loader's cache. */
#include <stdlib.h>
#include <unistd.h>

#include "check/loader_cache.h"
#include "check/program_check.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_BYTES];
    struct pt_check check;
    struct pt_loader_cache cache;
    int fd = fuzz_file(data, size, path);
    pt_check_program(&check, path);
    pt_check_release(&check);
    pt_loader_cache_read(&cache, path);
    pt_loader_cache_find(&cache, "libc.so.6");
    pt_loader_cache_release(&cache);
    close(fd);
    return 0;
}
