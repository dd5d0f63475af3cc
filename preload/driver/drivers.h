/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drivers.h: the drivers that are loaded in this process, and which calling object uses which.
 * Nearly always there is one, in the global scope. Plugins in a scope of their own may each bring
 * another: another version, or a private copy. Each driver has a table of its functions, filled
 * when it is first met.
 *
 * A driver is named by its index, from 0; PT_DRIVER_NONE is none. Slots are those of functions.h.
 *
 * Any thread. Lookups take no lock and are safe while a driver is unloaded; changes take a spin
 * lock and give up rather than wait. Only the loader's list of objects is used (loaded_object.h),
 * so a call is safe while another thread is inside dlopen or dlclose.
 */
#ifndef PT_DRIVERS_H
#define PT_DRIVERS_H

#include <stdbool.h>

struct pt_object;

#define PT_DRIVERS_MAX 16u
#define PT_DRIVER_NONE (-1)

/* The function of that driver, NULL: it has none, or is gone. */
void *pt_driver_function(int driver, unsigned slot);
/* The object that it is; false: the driver is gone, or another one is put in its place. */
bool pt_driver_object(int driver, struct pt_object *object);

/* True for code of a libmongoc that is known: not of private copies, which share their object with
 * those who use them. */
bool pt_driver_holds(const void *code);
/* True when a driver besides that one is known: then one table for all callers would be wrong. */
bool pt_drivers_other_than(int driver);

/* The driver that holds the function, noted if it is new; PT_DRIVER_NONE: it is no driver's, or
 * there is no room. */
int pt_driver_of_function(const void *function);
int pt_driver_of_object(const struct pt_object *object);

/* The driver that code at `caller` is known to use. */
int pt_driver_of_caller(const void *caller);
/* The same, and its function in that slot (NULL: it has none). The fast way. */
int pt_caller_function(const void *caller, unsigned slot, void **ret_function);
/* Notes it. False when the caller is known to use another one, or there is no room. */
bool pt_caller_uses(const void *caller, int driver);

/* The auditing module bound a function of that driver last. A pointer may be handed on to an object
 * that nothing is known of. */
void pt_driver_set_bound(int driver);
int pt_driver_bound(void);

/* In the child of a fork: a thread that the child does not have may have held the lock. */
void pt_drivers_forget_parent(void);

/* True when a known driver is no longer loaded. Takes no lock. */
bool pt_drivers_gone(void);
/* Forgets what is no longer loaded. */
void pt_drivers_sweep(void);

#endif
