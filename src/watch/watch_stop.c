/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_stop.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#define SECOND_NS 1000000000LL

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
#define STOPPING (sizeof stopping / sizeof stopping[0])

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

/* A signal that was ignored for this process, as nohup does with SIGHUP, stays ignored. */
void pt_watch_stop_on_signals(void)
{
    struct sigaction before;
    struct sigaction action = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < STOPPING; i++) {
        if (sigaction(stopping[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(stopping[i], &action, NULL);
        }
    }
}

bool pt_watch_is_stopped(void)
{
    return stopped != 0;
}

static enum pt_watch_woken woken_by(int ready, short events)
{
    if (ready < 0) {
        return PT_WOKEN_BY_SIGNAL;
    }
    if (ready > 0 && (events & POLLIN) == 0) {
        return PT_WOKEN_BY_HANGUP;
    }
    return ready > 0 ? PT_WOKEN_BY_INPUT : PT_WOKEN_BY_TIME;
}

/* The signals are blocked between the look at the flag and the wait, which lets them in. */
enum pt_watch_woken pt_watch_wait(int fd, int64_t wait_ns)
{
    sigset_t block, before;
    struct pollfd input = {.fd = fd, .events = POLLIN};
    int64_t ns = wait_ns > 0 ? wait_ns : 0;
    const struct timespec time = {.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
    enum pt_watch_woken woken = PT_WOKEN_BY_SIGNAL;
    sigemptyset(&block);
    for (size_t i = 0; i < STOPPING; i++) {
        sigaddset(&block, stopping[i]);
    }
    sigprocmask(SIG_BLOCK, &block, &before);
    if (!pt_watch_is_stopped()) {
        int ready = ppoll(&input, 1, &time, &before);
        woken = woken_by(ready, input.revents);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return woken;
}
