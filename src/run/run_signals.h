/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_signals.h: signals and job control of `phasetap run` while the program runs.
 *
 * All signals are blocked and read from a signalfd. Each one is sent on to the program, unless the
 * program got it too, since run and program are in one process group: from the terminal (Ctrl-C,
 * Ctrl-Z, a new window size), or from a shell's `kill %1` and `fg`. run_probe.h tells which.
 * When the program stops by a stop signal of job control, run stops by the same one, so that the
 * shell sees the job stop; both are continued by `fg` or `bg`.
 */
#ifndef PHASETAP_RUN_SIGNALS_H
#define PHASETAP_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "run/run_probe.h"

struct pt_run_signals {
    int fd;                        /* signalfd, non-blocking */
    sigset_t before;               /* the mask that the program must get */
    struct sigaction child_before; /* the action for SIGCHLD, likewise */
    struct pt_run_probe probe;
};

/* Blocks everything. False, with errno, when there is no signalfd to be had. */
bool pt_run_signals_begin(struct pt_run_signals *signals);
/* In the child, in front of exec. */
void pt_run_signals_restore(const struct pt_run_signals *signals);
/* Reads one signal and forwards it to `child`. 0: none waits; otherwise its number. */
int pt_run_signals_next(struct pt_run_signals *signals, pid_t child);
/* The program stopped by `number`: stop likewise, return when continued. */
void pt_run_signals_stop(int number);
/* Drops what still waits, then restores mask and actions; SIGPIPE and SIGXFSZ stay ignored, since
 * messages and logs are still to be written. */
void pt_run_signals_end(struct pt_run_signals *signals);

#endif
