/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_probe.h: was a signal sent to this process alone, or to its whole process group?
 *
 * The kernel does not say; sudo and others send a group's signal to their child twice. The probe is
 * a process in the same group that blocks every signal and answers which ones it was sent. The
 * kernel signals the members of a group from the newest to the oldest while it holds a lock, so
 * when a group's signal is seen here it has reached the probe (and the program, younger than we
 * are, too). A manager that signals every process of a control group one after the other, as
 * systemd does by default, is recognised by a short wait, which delays only signals to run alone.
 * Without a probe (no process to be had) every signal counts as sent to us alone.
 */
#ifndef PHASETAP_RUN_PROBE_H
#define PHASETAP_RUN_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pt_run_probe {
    pid_t pid; /* 0: there is none */
    int ask, answer;
    uint64_t seen; /* bit n - 1: signal n reached the probe and was not yet asked for */
};

/* With all signals blocked. */
void pt_run_probe_begin(struct pt_run_probe *probe);
/* True when the probe got the signal as well. Forgets it. */
bool pt_run_probe_got(struct pt_run_probe *probe, int number);
void pt_run_probe_end(struct pt_run_probe *probe);

#endif
