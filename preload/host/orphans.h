/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orphans.h: completes the logs of processes that were killed, and removes their rings from
 * /dev/shm.
 *
 * A program that crashes and is started again leaves 0.3 to 4.1 MiB there with each crash. Nobody
 * needs to run a command for it: the next recording of the same user folds the rings into their
 * logs. `phasetap close` does the same by hand.
 */
#ifndef PT_ORPHANS_H
#define PT_ORPHANS_H

#include <stdbool.h>

#define PT_ORPHANS_FOLDED 32  /* at most so many rings at one start */
#define PT_ORPHANS_SEEN   512 /* and so many files looked into */

/* By the writer thread, once, with a table of descriptors of its own. Calls go_on between two
 * rings, and ends when that returns false. Never touches the ring of a process that may be alive,
 * or of another user or pid namespace. */
void pt_orphans_fold(bool (*go_on)(void *context), void *context);

/* True while a ring is being folded: the disk of its log may be stalled. Any thread. */
bool pt_orphans_are_folded(void);

/* In the child of a fork. */
void pt_orphans_forget(void);

#endif
