/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that end the process, each in another way. */
#include "host.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void step_exit(const char *argument)
{
    exit((int)host_number(argument));
}

static void step_underscore_exit(const char *argument)
{
    _exit((int)host_number(argument));
}

static void step_quick_exit(const char *argument)
{
    quick_exit((int)host_number(argument));
}

static void step_abort(const char *argument)
{
    (void)argument;
    abort();
}

static void *exit_from_thread(void *argument)
{
    exit((int)(size_t)argument);
}

static void step_exit_in_thread(const char *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, exit_from_thread, (void *)(size_t)host_number(argument));
    pthread_join(thread, NULL);
}

static void insert_at_exit(void)
{
    host_say("at exit, inserts failed: %d\n", host_inserts(host_client(), "work", 5));
}

static void step_insert_at_exit(const char *argument)
{
    (void)argument;
    atexit(insert_at_exit);
}

/* A real fault of the program's own, not a raised signal. */
static void step_segfault(const char *argument)
{
    (void)argument;
    volatile char *memory = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *memory = 1;
}

/* A store behind the end of a file of the program's own. */
static void step_bus_error(const char *argument)
{
    (void)argument;
    const int file = memfd_create("empty", MFD_CLOEXEC);
    volatile char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    *memory = 1;
}

static void step_kill_hard(const char *argument)
{
    (void)argument;
    kill(getpid(), SIGKILL);
}

/* Forks on and on, from a thread other than main; the children leave at once. */
static void *fork_on_and_on(void *argument)
{
    atomic_int *forks = argument;
    for (;;) {
        const pid_t child = fork();
        if (child == 0) {
            _exit(0);
        }
        waitpid(child, NULL, 0);
        (*forks)++;
    }
    return NULL;
}

/* SIGKILL, while one thread is about its forks. */
static void step_kill_while_forking(const char *argument)
{
    static atomic_int forks;
    pthread_t thread;
    pthread_create(&thread, NULL, fork_on_and_on, &forks);
    while (forks < host_number(argument)) {
        sched_yield();
    }
    kill(getpid(), SIGKILL);
}

const struct host_step host_end_steps[] = {
    {"exit", step_exit},
    {"_exit", step_underscore_exit},
    {"quick_exit", step_quick_exit},
    {"abort", step_abort},
    {"exit_in_thread", step_exit_in_thread},
    {"insert_at_exit", step_insert_at_exit},
    {"segfault", step_segfault},
    {"bus_error", step_bus_error},
    {"kill_hard", step_kill_hard},
    {"kill_while_forking", step_kill_while_forking},
    {NULL, NULL},
};
