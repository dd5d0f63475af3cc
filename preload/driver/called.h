/* SPDX-License-Identifier: Apache-2.0 */
/*
 * called.h: the drivers that the application has called through a wrapper, in the order of their
 * first calls. The log names each with its version (host/manifest); a driver that is loaded but not
 * in this list was called past phasetap, or not at all (host/unseen).
 *
 * Any thread, no lock: entries are only appended, and complete before the count includes them.
 * They stay when the driver is unloaded, since they tell what happened, not what is there.
 */
#ifndef PT_CALLED_H
#define PT_CALLED_H

#include <stdatomic.h>
#include <stdbool.h>

struct pt_called_driver {
    char version[32];
    char soname[64];     /* its file's name */
    bool is_library;     /* a shared libmongoc, whose file name is no secret */
    const void *dynamic; /* identifies the object; never read through */
};

/* Entries so far. */
extern atomic_uint pt_called_count;
/* `index` is less than the count. */
const struct pt_called_driver *pt_called_driver(unsigned index);

/* Code at `caller` calls that driver (an index of drivers.h, or PT_DRIVER_NONE). Cheap from the
 * second time on. */
void pt_called_note(int driver, const void *caller);
/* Drivers were unloaded: an index may mean another driver from now on. */
void pt_called_forget_indexes(void);

#endif
