/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bind_linked SCENARIO URI [PLUGIN]: linked with the driver, and does each kind of job itself.
 * Scenarios: `plain` is that alone; `local` and `deep` load a plugin that way, which works in a
 * second thread at the same time. Also built against a copy of the driver that binds its own calls
 * (bind_symbolic), and with the driver inside (bind_static).
 */
#include "bind_plugin.h"
#include "bind_work.h"

#include <dlfcn.h>
#include <pthread.h>

static const char *const modes[] = {"client", "pool", "monitored"};
#define MODES (sizeof modes / sizeof modes[0])

struct worker {
    int (*work)(const char *mode, const char *uri, const char *name, char *line);
    const char *uri;
    const char *name;
    int failed;
    char lines[MODES][BIND_LINE_BYTES];
};

static void *do_jobs(void *argument)
{
    struct worker *worker = argument;
    for (unsigned i = 0; i < MODES; i++) {
        worker->failed += worker->work(modes[i], worker->uri, worker->name, worker->lines[i]);
    }
    return NULL;
}

static int tell(const struct worker *worker)
{
    for (unsigned i = 0; i < MODES; i++) {
        fputs(worker->lines[i], stdout);
    }
    return worker->failed;
}

static const struct bind_plugin *load(const char *path, int flags)
{
    void *handle = dlopen(path, RTLD_NOW | flags);
    const struct bind_plugin *plugin = handle != NULL ? dlsym(handle, "bind_plugin") : NULL;
    if (plugin == NULL) {
        fprintf(stderr, "bind_linked: %s\n", dlerror());
        exit(97);
    }
    plugin->start();
    printf("driver %s\n", plugin->version());
    return plugin;
}

static int run_both(struct worker *own, struct worker *other)
{
    pthread_t thread;
    pthread_create(&thread, NULL, do_jobs, other);
    do_jobs(own);
    pthread_join(thread, NULL);
    return tell(own) + tell(other);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: bind_linked plain|local|deep URI [PLUGIN]\n");
        return 2;
    }
    mongoc_init();
    static struct worker own = {.work = bind_do, .name = "one"};
    static struct worker other = {.name = "two"};
    own.uri = other.uri = argv[2];
    int failed;
    if (argc == 4) {
        const int flags = strcmp(argv[1], "deep") == 0 ? RTLD_LOCAL | RTLD_DEEPBIND : RTLD_LOCAL;
        other.work = load(argv[3], flags)->work;
        failed = run_both(&own, &other);
    } else {
        do_jobs(&own);
        failed = tell(&own);
    }
    mongoc_cleanup();
    printf("failed %d\n", failed);
    return failed == 0 ? 0 : 1;
}
