/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that take, block, read and time signals. A crash handler ends the process by itself, as
 * those of real programs do; so a signal that is not the program's own ends it visibly. */
#include "host.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

#define SIGNALS           32
#define CRASH_STATUS      77
#define SMALL_STACK_BYTES (16u << 10)

static volatile sig_atomic_t taken[SIGNALS];

int host_signal(const char *name)
{
    for (int number = 1; number < SIGNALS; number++) {
        if (sigabbrev_np(number) != NULL && strcmp(sigabbrev_np(number), name) == 0) {
            return number;
        }
    }
    host_refuse(name);
}

static void take(int number)
{
    taken[number]++;
}

static void crash(int number)
{
    (void)number;
    static const char text[] = "crash handler\n";
    _exit(write(STDERR_FILENO, text, sizeof text - 1) > 0 ? CRASH_STATUS : 1);
}

static void handle(const char *name, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    host_result("handler", sigaction(host_signal(name), &action, NULL) == 0);
}

static void step_handler(const char *argument)
{
    handle(argument, take, SA_RESTART);
}

static void step_handler_once(const char *argument)
{
    handle(argument, take, SA_RESTART | SA_RESETHAND);
}

static void step_crash_handler(const char *argument)
{
    handle(argument, crash, 0);
}

/* A crash handler on a stack of its own, 16 KiB. */
static void step_crash_handler_aside(const char *argument)
{
    stack_t stack = {.ss_sp = malloc(SMALL_STACK_BYTES), .ss_size = SMALL_STACK_BYTES};
    host_result("sigaltstack", sigaltstack(&stack, NULL) == 0);
    handle(argument, crash, SA_ONSTACK);
}

static void step_ignore(const char *argument)
{
    handle(argument, SIG_IGN, 0);
}

static void step_raise(const char *argument)
{
    host_result("raise", raise(host_signal(argument)) == 0);
}

static void step_kill(const char *argument)
{
    host_result("kill", kill(getpid(), host_signal(argument)) == 0);
}

/* Sleeps until the handler has run. */
static void step_await(const char *argument)
{
    const int number = host_signal(argument);
    sigset_t one;
    sigset_t before;
    sigemptyset(&one);
    sigaddset(&one, number);
    sigprocmask(SIG_BLOCK, &one, &before);
    while (taken[number] == 0) {
        sigsuspend(&before);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    host_say("%s came\n", argument);
}

/* How often the handler ran, and what the signal's disposition is now. */
static void step_taken(const char *argument)
{
    struct sigaction action;
    const int number = host_signal(argument);
    sigaction(number, NULL, &action);
    const char *state = action.sa_handler == SIG_DFL   ? "default"
                        : action.sa_handler == SIG_IGN ? "ignored"
                                                       : "handled";
    host_say("%s: taken %d, %s\n", argument, (int)taken[number], state);
}

static void step_dispositions(const char *argument)
{
    (void)argument;
    for (int number = 1; number < SIGNALS; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            host_say("%s: not default\n", sigabbrev_np(number));
        }
    }
}

/* Blocks every signal, sends itself one, and takes it from a descriptor: no other thread of the
 * process may have taken it. */
static void step_signalfd(const char *argument)
{
    sigset_t all;
    struct signalfd_siginfo got = {0};
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    const int descriptor = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
    kill(getpid(), host_signal(argument));
    const bool good = read(descriptor, &got, sizeof got) == (ssize_t)sizeof got;
    host_say("signalfd: %s\n", good ? sigabbrev_np((int)got.ssi_signo) : "nothing");
    close(descriptor);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
}

static void step_sigwait(const char *argument)
{
    sigset_t all;
    int got = 0;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    kill(getpid(), host_signal(argument));
    sigwait(&all, &got);
    host_say("sigwait: %s\n", sigabbrev_np(got));
    sigprocmask(SIG_UNBLOCK, &all, NULL);
}

/* N microseconds of real time between two SIGALRM, of CPU time between two SIGPROF; 0 stops. */
static void set_timer(int which, const char *argument)
{
    const struct timeval period = {0, host_number(argument)};
    const struct itimerval timer = {period, period};
    host_result("timer", setitimer(which, &timer, NULL) == 0);
}

static void step_alarm_timer(const char *argument)
{
    set_timer(ITIMER_REAL, argument);
}

static void step_profile_timer(const char *argument)
{
    set_timer(ITIMER_PROF, argument);
}

const struct host_step host_signal_steps[] = {
    {"handler", step_handler},
    {"handler_once", step_handler_once},
    {"crash_handler", step_crash_handler},
    {"crash_handler_aside", step_crash_handler_aside},
    {"ignore", step_ignore},
    {"raise", step_raise},
    {"kill", step_kill},
    {"taken", step_taken},
    {"await", step_await},
    {"dispositions", step_dispositions},
    {"signalfd", step_signalfd},
    {"sigwait", step_sigwait},
    {"alarm_timer", step_alarm_timer},
    {"profile_timer", step_profile_timer},
    {NULL, NULL},
};
