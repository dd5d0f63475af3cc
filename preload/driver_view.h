/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_view.h: whose driver? Plugins loaded into a scope of their own may each have a driver of their own: another version, or a private copy. For such callers the
 * originals are kept by the calling object: a view is the code of one object and the functions that its calls lead to.
 *
 * Slots number the functions: those of functions.h, then those of PT_USED (original.h).
 * Any thread. A lookup takes no lock and is safe against a view that changes under it; changes take a spin lock, and give up rather than wait.
 */
#ifndef PT_DRIVER_VIEW_H
#define PT_DRIVER_VIEW_H

#include <stdbool.h>

/* The function in that slot for code at `caller`; NULL: not known. */
void *pt_view_get(const void *caller, unsigned slot);

/* Notes it. False when there is no room, or the caller's view is of another driver. `bound`: by the audit module, so it cannot be found again by a search. */
bool pt_view_put(const void *caller, unsigned slot, void *function, bool bound);

/* Any function of the driver that code at `caller` uses, NULL: none known. It leads to the rest of that driver. */
void *pt_view_sibling(const void *caller);

/* The function that the audit module bound last in that slot for whatever caller: a pointer may be handed on. NULL: none. */
void *pt_view_bound(unsigned slot);

/* Forgets views whose caller or driver is no longer loaded. */
void pt_view_sweep(void);

#endif
