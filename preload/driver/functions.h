/* SPDX-License-Identifier: Apache-2.0 */
/*
 * functions.h: numbers and names of the driver's functions that phasetap wraps or calls.
 *
 * The wrapped ones have an id, the row's position in wrappers.def; the log records ids and, once,
 * their names. Those that phasetap only calls (PT_USED of mongoc_abi.h) follow them. Both together
 * are slots: the index of a function in every table of originals (original.h, drivers.h).
 *
 * Constant data and pure lookups; any thread, no lock.
 */
#ifndef PT_FUNCTIONS_H
#define PT_FUNCTIONS_H

#include "driver/mongoc_abi.h"

/* Id 0 is none: a command that no known function sent. */
enum pt_function {
    PT_FN_NONE = 0,
#define PT_FUNCTION_ENUM(ret, name, ...) PT_FN_##name,
#define PT_TIMED                         PT_FUNCTION_ENUM
#define PT_VOID(name, ...)               PT_FN_##name,
#define PT_MADE                          PT_FUNCTION_ENUM
#define PT_APPEND                        PT_FUNCTION_ENUM
#define PT_CONTEXT(name, ...)            PT_FN_##name,
#define PT_SPECIAL                       PT_FUNCTION_ENUM
#include "driver/wrappers.def"
    PT_FN_COUNT
};

/* Slots of the functions that are called but not wrapped. */
enum pt_used {
    PT_USED_BEFORE_FIRST = PT_FN_COUNT - 1,
#define PT_USED_ENUM(ret, name, params) PT_USED_##name,
    PT_USED(PT_USED_ENUM) PT_SLOT_COUNT
};

/* Indexed by id. */
extern const char *const pt_function_names[PT_FN_COUNT];

/* The name of the function in a slot, wrapped or not. */
const char *pt_slot_name(unsigned slot);

/* The id of the wrapped function with that name; 0 if phasetap does not wrap it. By hash, since the
 * loader asks once for each binding. */
unsigned pt_wrapped_function(const char *name);

#endif
