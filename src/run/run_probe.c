/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a manager may take from our signal to the probe's, and how long the probe, which may be
 * stopped, may take to answer. */
#define PATIENCE_NS 10000000
#define ANSWER_MS   200

/* Takes every signal that waits, as a mask. */
static uint64_t take_pending(const sigset_t *all)
{
    static const struct timespec now = {0};
    uint64_t mask = 0;
    int number;
    while ((number = sigtimedwait(all, NULL, &now)) > 0) {
        mask |= UINT64_C(1) << (number - 1);
    }
    return mask;
}

/* In the probe: until the other end, this tool, is closed. */
static void answer_for_ever(int ask, int answer)
{
    sigset_t all;
    char byte;
    sigfillset(&all);
    while (read(ask, &byte, 1) == 1) {
        uint64_t mask = take_pending(&all);
        if (write(answer, &mask, sizeof mask) != (ssize_t)sizeof mask) {
            break;
        }
    }
    _exit(0);
}

void pt_run_probe_begin(struct pt_run_probe *probe)
{
    int ask[2], answer[2];
    *probe = (struct pt_run_probe){.ask = -1, .answer = -1};
    if (pipe2(ask, O_CLOEXEC) != 0) {
        return;
    }
    if (pipe2(answer, O_CLOEXEC) != 0) {
        close(ask[0]);
        close(ask[1]);
        return;
    }
    probe->pid = fork();
    if (probe->pid == 0) {
        close(ask[1]);
        close(answer[0]);
        answer_for_ever(ask[0], answer[1]);
    }
    close(ask[0]);
    close(answer[1]);
    probe->ask = ask[1];
    probe->answer = answer[0];
    if (probe->pid < 0) {
        probe->pid = 0;
    }
}

static void ask(struct pt_run_probe *probe)
{
    struct pollfd ready = {.fd = probe->answer, .events = POLLIN};
    uint64_t mask = 0;
    if (write(probe->ask, "?", 1) == 1 && poll(&ready, 1, ANSWER_MS) == 1 &&
        read(probe->answer, &mask, sizeof mask) == (ssize_t)sizeof mask) {
        probe->seen |= mask;
    }
}

bool pt_run_probe_got(struct pt_run_probe *probe, int number)
{
    static const struct timespec patience = {.tv_nsec = PATIENCE_NS};
    uint64_t bit = UINT64_C(1) << (number - 1);
    if (probe->pid == 0) {
        return false;
    }
    ask(probe);
    if ((probe->seen & bit) == 0) {
        nanosleep(&patience, NULL);
        ask(probe);
    }
    bool got = (probe->seen & bit) != 0;
    probe->seen &= ~bit;
    return got;
}

void pt_run_probe_end(struct pt_run_probe *probe)
{
    if (probe->ask >= 0) {
        close(probe->ask);
        close(probe->answer);
    }
    if (probe->pid > 0) {
        kill(probe->pid, SIGKILL); /* it may be stopped */
        while (waitpid(probe->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    *probe = (struct pt_run_probe){.ask = -1, .answer = -1};
}
