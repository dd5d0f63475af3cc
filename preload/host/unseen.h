/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unseen.h: finds drivers in this process whose calls phasetap could not see, so that the log can
 * say why it holds nothing, or not all.
 *
 * It searches once, when the process exits, for
 *   - objects loaded after the start that export the driver's functions and were never called
 *     through us: bound with RTLD_DEEPBIND, or reached by dlsym;
 *   - under `phasetap run`, static copies that export nothing, by a message that every build of the
 *     driver contains. It reads files, not memory, which the program may have unmapped.
 * Hosts close plugins before they exit, so it also searches before each dlclose that may unload
 * something new. A driver that the program is linked with needs no search: its calls come to us.
 */
#ifndef PT_UNSEEN_H
#define PT_UNSEEN_H

#include <stdbool.h>

struct pt_pen;

/* In the constructor: notes which objects are there from the start, and finds libc's dlclose. */
void pt_unseen_begin(void);
/* libc's dlclose, for the wrapper; NULL when there is none. Found early, because a later search
 * waits for the loader's lock, which a destructor that calls dlclose may be holding. */
typedef int (*pt_dlclose)(void *handle);
pt_dlclose pt_unseen_original_dlclose(void);
/* In front of each dlclose: what leaves the process now is not found at the end. `deep`: its path
 * is kept for a later search. Any thread. */
void pt_unseen_before_unload(bool deep);
/* At the end. True when there is something to tell; `deep`: static copies are searched for too. */
bool pt_unseen_search(bool deep);
/* Writes what was found and tells `phasetap run`. */
void pt_unseen_write(struct pt_pen *pen);

#endif
