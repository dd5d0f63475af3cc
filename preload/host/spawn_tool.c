/* SPDX-License-Identifier: Apache-2.0 */
#include "host/spawn_tool.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/log_file.h"
#include "base/text.h"

#define PT_CHILD_STACK_BYTES     (64u * 1024u)
#define PT_CHILD_ENVIRONMENT_MAX 512u

struct child {
    const char *tool;
    char *const *arguments;
    char **environment;
    char *tool_stack;
};

/* Past the wrapper of _exit: these children share the host's memory, and the host goes on. */
static _Noreturn void leave(int status)
{
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}

static bool is_ours(const char *variable)
{
    return strncmp(variable, "LD_PRELOAD=", 11) == 0 || strncmp(variable, "PHASETAP_", 9) == 0;
}

/* Both children run on stacks of their own but in our memory, while we stand still (CLONE_VFORK):
 * system calls only. */
static int tool_main(void *argument)
{
    const struct child *child = argument;
    struct sigaction fallback;
    sigset_t none;
    memset(&fallback, 0,
           sizeof fallback); /* SIG_DFL: a handler of the host must not run here, in its memory */
    for (int number = 1; number < _NSIG; number++) {
        (void)sigaction(number, &fallback, NULL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execve(child->tool, child->arguments, child->environment);
    leave(127);
}

/* Stands between the host and the tool: a process that calls exec sends SIGCHLD to its parent when
 * it ends, whatever clone was told. */
static int middle_main(void *argument)
{
    struct child *child = argument;
    int status = -1;
    pid_t pid = clone(tool_main, child->tool_stack, CLONE_VM | CLONE_VFORK | SIGCHLD, child);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    leave(pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 127);
}

static bool find_tool(char *out, size_t size_bytes)
{
    static const char *const places[] = {"/../bin/phasetap", "/../../bin/phasetap"};
    Dl_info info;
    if (dladdr((void *)pt_spawn_tool, &info) == 0 || info.dli_fname == NULL) {
        return false;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    for (unsigned i = 0; slash && i < 2; i++) {
        size_t at = 0;
        out[0] = '\0';
        bool fits = pt_text_append(out, size_bytes, &at, info.dli_fname);
        at = (size_t)(slash - info.dli_fname);
        if (fits && pt_text_append(out, size_bytes, &at, places[i]) && access(out, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

static void copy_environment(char **out)
{
    size_t used = 0;
    for (char **variable = environ; variable && *variable && used < PT_CHILD_ENVIRONMENT_MAX;
         variable++) {
        if (!is_ours(*variable)) {
            out[used++] = *variable;
        }
    }
    out[used] = NULL;
}

static int run(struct child *child)
{
    int status = -1;
    sigset_t all, before;
    char *stack = mmap(NULL, 2 * PT_CHILD_STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        return -1;
    }
    child->tool_stack = stack + PT_CHILD_STACK_BYTES;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = clone(middle_main, stack + 2 * PT_CHILD_STACK_BYTES, CLONE_VM | CLONE_VFORK, child);
    while (pid > 0 && waitpid(pid, &status, __WCLONE) < 0 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, 2 * PT_CHILD_STACK_BYTES);
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int pt_spawn_tool(const char *command, const char *output, int64_t since_ns)
{
    char tool[PT_PATH_BYTES];
    char pid[24];
    char since[24];
    char *environment[PT_CHILD_ENVIRONMENT_MAX + 1];
    char *arguments[] = {tool,
                         (char *)command,
                         (char *)pt_log_path(),
                         (char *)"--asked-by",
                         pid,
                         (char *)"--since",
                         since,
                         (char *)(output ? "-o" : "--format"),
                         (char *)(output ? output : "classic"),
                         NULL};
    int saved_errno = errno;
    int result = -1;
    pt_text_decimal(pid, (uint64_t)getpid());
    pt_text_decimal(since, (uint64_t)since_ns);
    if (find_tool(tool, sizeof tool)) {
        copy_environment(environment);
        struct child child = {tool, arguments, environment, NULL};
        result = run(&child);
    }
    errno = saved_errno;
    return result;
}
