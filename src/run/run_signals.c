/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

/* A SIGCHLD that is ignored would make the kernel forget how the program ended. */
bool pt_run_signals_begin(struct pt_run_signals *signals)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t all;
    sigfillset(&all);
    sigaction(SIGCHLD, &plain, &signals->child_before);
    sigprocmask(SIG_BLOCK, &all, &signals->before);
    signals->fd = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->fd < 0) {
        pt_run_signals_restore(signals);
    }
    return signals->fd >= 0;
}

void pt_run_signals_restore(const struct pt_run_signals *signals)
{
    sigaction(SIGCHLD, &signals->child_before, NULL);
    sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

/* Sent by a process: by kill and its kin, or with a value. */
static bool was_sent(const struct signalfd_siginfo *info)
{
    return info->ssi_code == SI_USER || info->ssi_code == SI_TKILL || info->ssi_code == SI_QUEUE;
}

/* What the program sends to its parent is not meant for itself, and what this tool causes (SIGCHLD,
 * SIGPIPE) has no meaning for the program. */
static bool concerns_program(const struct signalfd_siginfo *info, pid_t child)
{
    if (was_sent(info)) {
        return (pid_t)info->ssi_pid != child && (pid_t)info->ssi_pid != getpid();
    }
    return info->ssi_signo != SIGCHLD;
}

/* A hang-up is signalled to the leader of the session alone, an alarm that was set before this tool
 * started to this process alone; Ctrl-C to the group. Without a probe, all that the kernel sends
 * counts as the group's. */
static bool has_reached_program(struct pt_run_signals *signals, const struct signalfd_siginfo *info)
{
    if (signals->probe.pid == 0) {
        return !was_sent(info);
    }
    return pt_run_probe_got(&signals->probe, (int)info->ssi_signo);
}

static void send_on(const struct signalfd_siginfo *info, pid_t child)
{
    int number = (int)info->ssi_signo;
    if (info->ssi_code == SI_QUEUE) {
        union sigval value = {.sival_ptr = (void *)(uintptr_t)info->ssi_ptr};
        sigqueue(child, number, value);
    } else {
        kill(child, number);
    }
}

static void forward(struct pt_run_signals *signals, const struct signalfd_siginfo *info,
                    pid_t child)
{
    if (concerns_program(info, child) && !has_reached_program(signals, info)) {
        send_on(info, child);
    }
}

int pt_run_signals_next(struct pt_run_signals *signals, pid_t child)
{
    struct signalfd_siginfo info;
    if (read(signals->fd, &info, sizeof info) != (ssize_t)sizeof info) {
        return 0;
    }
    forward(signals, &info, child);
    return (int)info.ssi_signo;
}

/* Its default action is what stops us: nobody has changed that of a job control signal here, except
 * a parent that ignores it, and then the program was not stopped by it either. */
void pt_run_signals_stop(int number)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &one, NULL); /* stops here */
    sigprocmask(SIG_BLOCK, &one, NULL);
}

void pt_run_signals_end(struct pt_run_signals *signals)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct signalfd_siginfo info;
    while (read(signals->fd, &info, sizeof info) == (ssize_t)sizeof info) {}
    close(signals->fd);
    pt_run_probe_end(&signals->probe);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    pt_run_signals_restore(signals);
}
