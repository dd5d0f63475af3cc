/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_search.h: which driver a call would reach without phasetap when no driver is in the global
 * scope. Walks the objects that the caller needs in the order in which the loader searches them.
 * Slow (it visits every loaded object for each library needed); original.h remembers the result.
 * Any thread; no lock of ours, no allocation.
 */
#ifndef PT_DRIVER_SEARCH_H
#define PT_DRIVER_SEARCH_H

#include <stdbool.h>

struct pt_object;

/* The driver that the object around `caller` reaches by itself: the object is one, or needs one,
 * directly or through what it needs. False: none. */
bool pt_driver_near(struct pt_object *driver, const void *caller);
/* Any loaded libmongoc of either soname, or else any private copy: the call must reach a driver if
 * there is one. False: none. */
bool pt_driver_any(struct pt_object *driver);

#endif
