/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address_index.h: from the address of an object of the driver to what is kept of it.
 *
 * A set-associative hash table of levels: an address may stand in any of seven places of the one
 * set that its hash names on a level, so a search looks at two cache lines for each level. A level
 * is four times the one before it; it is mapped when a set of the level before is full, and stays.
 * Searches pass on to the next level only from a set that was once full.
 *
 * Any thread; lock-free. The owner of an address (the thread that makes or destroys the object) is
 * the only one to put or remove it. A search for an address that is removed meanwhile may give the
 * value of another: the caller must be able to tell, and values must stay readable for ever.
 */
#ifndef PT_ADDRESS_INDEX_H
#define PT_ADDRESS_INDEX_H

#include <stdbool.h>

/* NULL: not in it. */
void *pt_address_find(const void *address);
/* Adds an address that is not in it. False: all places that it may have are taken, or no memory. */
bool pt_address_put(const void *address, void *value);
void pt_address_remove(const void *address);

#endif
