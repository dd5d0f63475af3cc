/* SPDX-License-Identifier: Apache-2.0 */
/*
 * static_tls URI LIBRARY: inserts, then opens a library whose thread-local data must lie in the
 * static TLS block (the initial-exec model), of which the loader keeps little in reserve. A preload
 * object that used up the reserve would make dlopen fail.
 */
#include "driver_work.h"

#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: static_tls URI LIBRARY\n");
        return 120;
    }
    mongoc_init();
    int failed = work_rounds(argv[1], 10);
    void *library = dlopen(argv[2], RTLD_NOW);
    printf("library: %s\n", library != NULL ? "loaded" : dlerror());
    failed += work_rounds(argv[1], 10);
    printf("operations failed: %d\n", failed);
    return 0;
}
