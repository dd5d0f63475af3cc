/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sigbus_guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log/log_file.h"
#include "base/options.h"

/* System calls only. Returning repeats the store: into ordinary memory, or, when it was not ours,
 * with the default action. */
static void on_sigbus(int number, siginfo_t *info, void *context)
{
    int saved_errno = errno;
    (void)context;
    bool fault = info->si_code > 0; /* not sent by kill */
    if (!fault || !pt_log_file_replace(info->si_addr)) {
        struct sigaction fallback;
        memset(&fallback, 0, sizeof fallback);
        fallback.sa_handler = SIG_DFL;
        sigaction(number, &fallback, NULL);
    }
    if (!fault) { /* nothing is repeated when this returns: send it once more */
        syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
    }
    errno = saved_errno;
}

void pt_sigbus_guard_install(void)
{
    struct sigaction before, ours;
    if (!pt_options.SIGBUS_GUARD || sigaction(SIGBUS, NULL, &before) != 0 ||
        before.sa_handler != SIG_DFL) {
        return;
    }
    memset(&ours, 0, sizeof ours);
    ours.sa_sigaction = on_sigbus;
    ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigaction(SIGBUS, &ours, NULL);
}
