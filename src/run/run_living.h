/* SPDX-License-Identifier: Apache-2.0 */
/* run_living.h: a process below `phasetap run` that outlives the program, recognised by the address
 * in its environment. */
#ifndef PHASETAP_RUN_LIVING_H
#define PHASETAP_RUN_LIVING_H

#include <stdbool.h>
#include <sys/types.h>

struct pt_run_living {
    pid_t pid;
    char name[17]; /* as the kernel keeps it */
};

/* Looks through /proc; the environment of other users' processes is hidden from all but root.
 * False: none was found. */
bool pt_run_living_find(const char *address, struct pt_run_living *ret_living);

#endif
