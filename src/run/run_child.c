/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"

/* Signals whose treatment is changed while the program runs, and put back in it. */
static const int ignored_signals[] = {SIGINT, SIGQUIT};
static const int forwarded_signals[] = {SIGTERM, SIGHUP};
#define IGNORED_COUNT   (sizeof ignored_signals / sizeof ignored_signals[0])
#define FORWARDED_COUNT (sizeof forwarded_signals / sizeof forwarded_signals[0])

struct signal_state {
    struct sigaction ignored[IGNORED_COUNT];
    struct sigaction forwarded[FORWARDED_COUNT];
    sigset_t mask;
};

/* Written before the handlers can run (the signals are blocked until then), read by them. */
static volatile pid_t forward_to;

static void forward(int number)
{
    int saved = errno;
    if (forward_to > 0) {
        kill(forward_to, number);
    }
    errno = saved;
}

static void block_signals(struct signal_state *state)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < FORWARDED_COUNT; i++) {
        sigaddset(&blocked, forwarded_signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &state->mask);
}

/* A signal that was ignored before (nohup) stays so. */
static void change_signals(struct signal_state *state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction hand_on = {.sa_handler = forward, .sa_flags = SA_RESTART};
    for (size_t i = 0; i < IGNORED_COUNT; i++) {
        sigaction(ignored_signals[i], &ignore, &state->ignored[i]);
    }
    for (size_t i = 0; i < FORWARDED_COUNT; i++) {
        sigaction(forwarded_signals[i], NULL, &state->forwarded[i]);
        if (state->forwarded[i].sa_handler != SIG_IGN) {
            sigaction(forwarded_signals[i], &hand_on, NULL);
        }
    }
}

static void restore_signals(const struct signal_state *state)
{
    for (size_t i = 0; i < IGNORED_COUNT; i++) {
        sigaction(ignored_signals[i], &state->ignored[i], NULL);
    }
    for (size_t i = 0; i < FORWARDED_COUNT; i++) {
        sigaction(forwarded_signals[i], &state->forwarded[i], NULL);
    }
    sigprocmask(SIG_SETMASK, &state->mask, NULL);
}

/* Puts a path in front of a list of the loader's; what was in it stays, behind. */
static void put_in_front(const char *variable, const char *path)
{
    const char *before = getenv(variable);
    char *value = NULL;
    bool empty = before == NULL || before[0] == '\0';
    if (asprintf(&value, "%s%s%s", path, empty ? "" : ":", empty ? "" : before) >= 0) {
        setenv(variable, value, 1);
        free(value);
    }
}

static void export_objects(const struct pt_run_plan *plan)
{
    put_in_front("LD_PRELOAD", plan->preload);
    if (plan->first != NULL) {
        put_in_front("LD_PRELOAD", plan->first);
    }
    if (plan->audit != NULL) {
        put_in_front("LD_AUDIT", plan->audit);
    }
}

static void export_plan(const struct pt_run_plan *plan, pid_t tool)
{
    char handshake[64];
    snprintf(handshake, sizeof handshake, "/proc/%d/fd/%d", (int)tool, plan->handshake);
    setenv("PHASETAP_HANDSHAKE", handshake, 1);
    setenv("PHASETAP_OUTPUT", plan->output, 1);
    pt_run_options_export();
    export_objects(plan);
}

/* In the child. `report` closes when the program starts; otherwise it carries errno. */
static void start_program(const struct pt_run_plan *plan, const struct signal_state *state,
                          pid_t tool, int report)
{
    export_plan(plan, tool);
    restore_signals(state);
    execvp(plan->arguments[0], plan->arguments);
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    (void)written; /* the parent then sees exit status 127 */
    _exit(127);
}

static void wait_for(pid_t child, struct pt_run_result *result)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void watch(pid_t child, const struct signal_state *state, int report,
                  struct pt_run_result *result)
{
    forward_to = child;
    sigprocmask(SIG_SETMASK, &state->mask, NULL);
    ssize_t got;
    do {
        got = read(report, &result->exec_error, sizeof result->exec_error);
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof result->exec_error) {
        result->exec_error = 0;
    }
    wait_for(child, result);
    forward_to = 0;
}

bool pt_run_child(const struct pt_run_plan *plan, struct pt_run_result *ret_result)
{
    struct signal_state state;
    int report[2];
    *ret_result = (struct pt_run_result){.status = -1};
    if (pipe2(report, O_CLOEXEC) != 0) {
        return false;
    }
    block_signals(&state);
    change_signals(&state);
    pid_t tool = getpid();
    pid_t child = fork();
    if (child == 0) {
        start_program(plan, &state, tool, report[1]);
    }
    close(report[1]);
    if (child > 0) {
        ret_result->pid = child;
        watch(child, &state, report[0], ret_result);
    }
    close(report[0]);
    restore_signals(&state);
    return child > 0;
}
