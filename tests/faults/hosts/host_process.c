/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that start other processes. A child executes the steps of its block and exits in order,
 * unless one of them ends it otherwise. */
#include "host.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int host_status_of(pid_t child)
{
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return 119;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void be_child(void)
{
    host_block();
    exit(0);
}

static void step_fork(const char *argument)
{
    (void)argument;
    const pid_t child = fork();
    if (child == 0) {
        be_child();
    }
    host_say("child: %d\n", host_status_of(child));
    host_skip_block();
}

/* Past the C library: no fork handler runs, nothing refreshes what it keeps of the process. */
static void step_raw_clone(const char *argument)
{
    (void)argument;
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        be_child();
    }
    host_say("raw child: %d\n", host_status_of(child));
    host_skip_block();
}

/* N children at once, all with the same steps. */
static void step_children(const char *argument)
{
    const long count = host_number(argument);
    pid_t *children = calloc((size_t)count, sizeof *children);
    int failed = 0;
    for (long i = 0; i < count; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            be_child();
        }
    }
    for (long i = 0; i < count; i++) {
        failed += host_status_of(children[i]) != 0;
    }
    free(children);
    host_say("children: %ld, failed: %d\n", count, failed);
    host_skip_block();
}

/* N processes, each the child of the one before, each with the same steps; a parent waits. */
static void step_generations(const char *argument)
{
    long left = host_number(argument);
    const pid_t first = getpid();
    int status = 0;
    while (left-- > 0) {
        const pid_t child = fork();
        if (child != 0) {
            status = host_status_of(child);
            break;
        }
        host_say("inserts failed: %d\n", host_inserts(host_client(), "work", 2));
    }
    if (getpid() != first) {
        exit(status);
    }
    host_say("generations: %d\n", status);
}

static void step_vfork(const char *argument)
{
    const pid_t child = vfork();
    if (child == 0) {
        execl(argument, argument, (char *)NULL);
        _exit(127);
    }
    host_say("vfork: %d\n", host_status_of(child));
}

static void step_spawn(const char *argument)
{
    char program[256];
    char *arguments[] = {program, NULL};
    pid_t child = -1;
    strncpy(program, argument, sizeof program - 1);
    program[sizeof program - 1] = '\0';
    if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0) {
        child = -1;
    }
    host_say("spawned: %d\n", host_status_of(child));
}

/* The rest of the steps is executed by this program anew: same process, fresh image. */
static void step_exec(const char *argument)
{
    char *arguments[64] = {"host", (char *)(size_t)host_uri};
    size_t count = 2;
    (void)argument;
    for (char **step = host_rest(); *step != NULL && count < 63; step++) {
        arguments[count++] = *step;
    }
    execv("/proc/self/exe", arguments);
    host_result("exec", false);
}

/* The classical double fork. Its caller's standard output stays, so that the test can wait for the
 * daemon's end. */
static void step_daemon(const char *argument)
{
    (void)argument;
    if (fork() != 0) {
        _exit(0);
    }
    setsid();
    if (fork() != 0) {
        _exit(0);
    }
    umask(0);
    host_result("chdir", chdir("/") == 0);
    close(STDIN_FILENO);
    for (int descriptor = 3; descriptor < 256; descriptor++) {
        close(descriptor);
    }
    host_result("null", open("/dev/null", O_RDWR) == STDIN_FILENO);
}

/* The child goes on with all remaining steps; the parent leaves by _exit. */
static void step_leave_to_child(const char *argument)
{
    (void)argument;
    if (fork() != 0) {
        _exit(0);
    }
}

const struct host_step host_process_steps[] = {
    {"fork{", step_fork},
    {"raw_clone{", step_raw_clone},
    {"children{", step_children},
    {"generations", step_generations},
    {"vfork", step_vfork},
    {"spawn", step_spawn},
    {"exec", step_exec},
    {"daemon", step_daemon},
    {"leave_to_child", step_leave_to_child},
    {NULL, NULL},
};
