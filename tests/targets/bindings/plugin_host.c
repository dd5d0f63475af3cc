/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_host MODE PLUGIN URI: not linked with libmongoc; loads PLUGIN, which is, in the ways of
 * real programs: `local` (RTLD_LOCAL), `global`, `deepbind` (calls of the plugin bypass every
 * preloaded object), `twice` (unloaded in between), `moved` (the same, and libbson, but not the
 * driver, is put elsewhere each time), `none` (loads nothing).
 */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define ROUNDS     10
#define PAGE_BYTES 4096
#define TIMES      20 /* names of objects come to lie where they were before, now and then */

static int find_libbson(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    if (strstr(info->dlpi_name, "libbson") == NULL) {
        return 0;
    }
    *(void **)context = (void *)info->dlpi_addr;
    return 1;
}

/* `ret_libbson`: where libbson lies, NULL when nowhere. */
static int run_plugin(const char *file, int flags, const char *uri, void **ret_libbson)
{
    void *handle = dlopen(file, flags);
    if (handle == NULL) {
        fprintf(stderr, "plugin_host: %s\n", dlerror());
        return 97;
    }
    int (*run)(const char *, int) = NULL;
    *(void **)(&run) = dlsym(handle, "plugin_run");
    const int failed = run != NULL ? run(uri, ROUNDS) : 96;
    *ret_libbson = NULL;
    dl_iterate_phdr(find_libbson, ret_libbson);
    dlclose(handle);
    return failed;
}

/* Where libbson was there is something else the next time; the driver finds its place free. */
static int run_moved(const char *file, const char *uri)
{
    int failed = 0;
    for (int time = 0; time < TIMES && failed == 0; time++) {
        void *place;
        failed = run_plugin(file, RTLD_NOW | RTLD_LOCAL, uri, &place);
        if (place != NULL) { /* none where the driver has libbson in it */
            (void)mmap(place, PAGE_BYTES, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: plugin_host MODE PLUGIN URI\n");
        return 95;
    }
    int failed = 95;
    void *place;
    if (strcmp(argv[1], "local") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3], &place);
    } else if (strcmp(argv[1], "global") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_GLOBAL, argv[3], &place);
    } else if (strcmp(argv[1], "deepbind") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND, argv[3], &place);
    } else if (strcmp(argv[1], "twice") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3], &place);
        failed += run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3], &place);
    } else if (strcmp(argv[1], "moved") == 0) {
        failed = run_moved(argv[2], argv[3]);
    } else if (strcmp(argv[1], "none") == 0) {
        failed = 0;
    }
    printf("failed %d\n", failed);
    return failed;
}
