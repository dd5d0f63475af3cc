/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_host SCENARIO URI PLUGIN [PLUGIN2]: not linked with the driver; uses it through plugins
 * (bind_plugin.h), in the ways of real hosts. Prints what the plugins did, which tells nothing of
 * addresses or times. Status 0 when all went well.
 *
 *   local global deep global_deep   how the plugin is opened; then each kind of job, and it is
 * closed local_stay deep_stay            the same, but it stays open to the end reload loads, uses
 * and unloads it 50 times (two plugins: in turns); looks if it is gone again the same, opened
 * globally two                             two plugins, each with its driver in a thread of its
 * own, at once tail tail_new tail_two          functions of the plugin that end in a jump to the
 * driver kept workers                    at unloading, a destructor calls the driver; joins threads
 * that call it kept_exit workers_exit          the same at the program's end
 */
#include "bind_plugin.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS     50
#define WORKERS    4
#define LINE_BYTES 256

static const char *const modes[] = {"client", "pool", "monitored"};
#define MODES (sizeof modes / sizeof modes[0])

struct loaded {
    const struct bind_plugin *plugin;
    void *handle;
    const char *path;
    const char *uri;
    const char *name; /* of its collection, so that two can be told apart */
    int failed;
    char lines[MODES][LINE_BYTES];
};

static void load(struct loaded *loaded, int flags)
{
    loaded->handle = dlopen(loaded->path, RTLD_NOW | flags);
    loaded->plugin = loaded->handle != NULL ? dlsym(loaded->handle, "bind_plugin") : NULL;
    if (loaded->plugin == NULL) {
        fprintf(stderr, "bind_host: %s\n", dlerror());
        exit(97);
    }
}

static void *do_jobs(void *argument)
{
    struct loaded *loaded = argument;
    for (unsigned i = 0; i < MODES; i++) {
        loaded->failed +=
            loaded->plugin->work(modes[i], loaded->uri, loaded->name, loaded->lines[i]);
    }
    return NULL;
}

static int tell(const struct loaded *loaded)
{
    for (unsigned i = 0; i < MODES; i++) {
        fputs(loaded->lines[i], stdout);
    }
    return loaded->failed;
}

static int run_once(struct loaded *loaded, int flags, bool close)
{
    load(loaded, flags);
    loaded->plugin->start();
    printf("driver %s\n", loaded->plugin->version());
    do_jobs(loaded);
    tell(loaded);
    loaded->plugin->stop();
    if (close) {
        dlclose(loaded->handle);
    }
    return loaded->failed;
}

/* Lines of the memory map that show a plugin or a driver: none after dlclose. */
static int still_mapped(const struct loaded *loaded)
{
    char line[4096];
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        const bool driver =
            strstr(line, "/libmongoc-") != NULL || strstr(line, "/libmongoc2") != NULL;
        found += driver || strstr(line, loaded->path) != NULL ? 1 : 0;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static int load_use_unload(struct loaded *loaded, int flags, int round)
{
    load(loaded, flags);
    loaded->plugin->destroy_nothing();
    loaded->plugin->start();
    const int failed =
        loaded->plugin->work(modes[round % 2], loaded->uri, loaded->name, loaded->lines[0]);
    loaded->plugin->stop();
    dlclose(loaded->handle);
    return failed;
}

static int reload(struct loaded *loaded, int count, int flags)
{
    int failed = 0;
    int mapped = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct loaded *next = &loaded[i % count];
        failed += load_use_unload(next, flags, i / count);
        mapped += still_mapped(next) > 0 ? 1 : 0;
    }
    printf("%d rounds, failed %d, still mapped after %d\n", ROUNDS, failed, mapped);
    return failed;
}

static int two(struct loaded *loaded)
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        load(&loaded[i], RTLD_LOCAL);
        loaded[i].plugin->start();
        printf("driver %s\n", loaded[i].plugin->version());
    }
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, do_jobs, &loaded[i]);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    return tell(&loaded[0]) + tell(&loaded[1]);
}

static int tail(struct loaded *loaded, int count, bool make)
{
    void *clients[2] = {NULL, NULL};
    int answered = 0;
    for (int i = 0; i < count; i++) {
        load(&loaded[i], RTLD_LOCAL);
        const struct bind_plugin *plugin = loaded[i].plugin;
        plugin->start();
        clients[i] =
            make ? plugin->tail_make_client(loaded[i].uri) : plugin->make_client(loaded[i].uri);
    }
    for (int i = 0; i < ROUNDS; i++) {
        answered += loaded[i % count].plugin->tail_ping(clients[i % count]) ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
        loaded[i].plugin->tail_destroy(clients[i]);
    }
    printf("answered %d\n", answered);
    return ROUNDS - answered;
}

/* What is left to the plugin's destructor: a client, or threads. */
static int leave(struct loaded *loaded, bool threads, bool unload)
{
    load(loaded, RTLD_LOCAL);
    loaded->plugin->start();
    if (threads) {
        loaded->plugin->start_workers(loaded->uri, WORKERS);
    } else {
        loaded->plugin->keep_client(loaded->uri);
    }
    if (unload) {
        dlclose(loaded->handle);
        printf("still mapped: %s\n", still_mapped(loaded) > 0 ? "yes" : "no");
    }
    return 0;
}

static int run_scenario(const char *name, struct loaded *loaded, int count)
{
    static const char *const opened[] = {"local",       "global",     "deep",
                                         "global_deep", "local_stay", "deep_stay"};
    static const int flags[] = {RTLD_LOCAL,    RTLD_GLOBAL,
                                RTLD_DEEPBIND, RTLD_GLOBAL | RTLD_DEEPBIND,
                                RTLD_LOCAL,    RTLD_DEEPBIND};
    for (int i = 0; i < 6; i++) {
        if (strcmp(name, opened[i]) == 0) {
            return run_once(loaded, flags[i], strstr(name, "_stay") == NULL);
        }
    }
    if (strcmp(name, "reload") == 0 || strcmp(name, "again") == 0) {
        return reload(loaded, count, strcmp(name, "again") == 0 ? RTLD_GLOBAL : RTLD_LOCAL);
    }
    if (strncmp(name, "tail", 4) == 0) {
        return tail(loaded, count, strcmp(name, "tail_new") == 0);
    }
    if (strncmp(name, "kept", 4) == 0 || strncmp(name, "workers", 7) == 0) {
        return leave(loaded, name[0] == 'w', strstr(name, "_exit") == NULL);
    }
    return strcmp(name, "two") == 0 && count == 2 ? two(loaded) : 95;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: bind_host SCENARIO URI PLUGIN [PLUGIN2]\n");
        return 2;
    }
    static struct loaded loaded[2] = {{.name = "one"}, {.name = "two"}};
    for (int i = 0; i < argc - 3; i++) {
        loaded[i].path = argv[3 + i];
        loaded[i].uri = argv[2];
    }
    const int failed = run_scenario(argv[1], loaded, argc - 3);
    printf("failed %d\n", failed);
    return failed == 0 ? 0 : 1;
}
