/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "run/run.h"

/* A shell or a supervisor treats a program that died of SIGINT, say, differently from one that
 * returned 130. The program has left its core file, if any; one of this tool would only hide it. */
static void die_of(int number)
{
    struct rlimit none = {0};
    sigset_t one;
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0); /* core_pattern may be a pipe, which no limit stops */
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    kill(getpid(), number);
}

int pt_run_end(const struct pt_run_result *result)
{
    if (result->signal == 0) {
        return result->status;
    }
    fflush(NULL);
    die_of(result->signal);
    return 128 + result->signal; /* process 1 of a container does not die of its own signals */
}
