/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf_slots.h: where an object's calls to other objects lead: the slots that the loader has filled
 * for its undefined functions (ELF gABI chapter 5: relocations of the procedure linkage table and
 * of the global offset table). Only the search for unseen callers (host/unseen) needs it. Reads
 * memory only; any thread, while the object is loaded.
 */
#ifndef PT_ELF_SLOTS_H
#define PT_ELF_SLOTS_H

#include <stdbool.h>

#include "loader/loaded_object.h"

/* Calls `visit` for each slot of a function whose name begins with `prefix`, until it returns true.
 * `target` is where the slot leads now: with lazy binding, before the first call, into the object's
 * own linkage table. Returns what the last visit did. */
bool pt_object_slots(const struct pt_object *object, const char *prefix,
                     bool (*visit)(const char *name, void *target, void *context), void *context);

#endif
