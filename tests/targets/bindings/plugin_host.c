/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_host MODE PLUGIN URI: not linked with libmongoc; loads PLUGIN, which is, in the ways of
 * real programs: `local` (RTLD_LOCAL), `global`, `deepbind` (calls of the plugin bypass every
 * preloaded object), `twice` (unloaded in between), `none` (loads nothing).
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 10

static int run_plugin(const char *file, int flags, const char *uri)
{
    void *handle = dlopen(file, flags);
    if (handle == NULL) {
        fprintf(stderr, "plugin_host: %s\n", dlerror());
        return 97;
    }
    int (*run)(const char *, int) = NULL;
    *(void **)(&run) = dlsym(handle, "plugin_run");
    const int failed = run != NULL ? run(uri, ROUNDS) : 96;
    dlclose(handle);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: plugin_host MODE PLUGIN URI\n");
        return 95;
    }
    int failed = 95;
    if (strcmp(argv[1], "local") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3]);
    } else if (strcmp(argv[1], "global") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_GLOBAL, argv[3]);
    } else if (strcmp(argv[1], "deepbind") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND, argv[3]);
    } else if (strcmp(argv[1], "twice") == 0) {
        failed = run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3]);
        failed += run_plugin(argv[2], RTLD_NOW | RTLD_LOCAL, argv[3]);
    } else if (strcmp(argv[1], "none") == 0) {
        failed = 0;
    }
    printf("failed %d\n", failed);
    return failed;
}
