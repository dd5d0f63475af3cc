/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_object.h: recognises the driver in a loaded object and finds its exports, those of the
 * libbson beside it included. Holds no state and asks the loader for nothing but its list of
 * objects. Any thread, while the object is loaded.
 */
#ifndef PT_DRIVER_OBJECT_H
#define PT_DRIVER_OBJECT_H

#include <stdbool.h>

struct pt_object;

/* True if the object exports the driver's functions: a libmongoc, or a private copy in another
 * object. libphasetap.so, which exports the same names, is none. */
bool pt_driver_is(const struct pt_object *object);
/* True if the object is a shared libmongoc, of either soname. */
bool pt_driver_is_library(const struct pt_object *object);
/* A function that the object exports, or for names in "bson_" the libbson of the same major
 * version; NULL if there is none. */
void *pt_driver_export(const struct pt_object *object, const char *name);

#endif
