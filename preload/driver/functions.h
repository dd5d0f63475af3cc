/* SPDX-License-Identifier: Apache-2.0 */
/* functions.h: ids and names of the wrapped functions, from wrappers.def. Id 0 is none: a command
 * that no known function sent. */
#ifndef PT_FUNCTIONS_H
#define PT_FUNCTIONS_H

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

/* Indexed by id. */
extern const char *const pt_function_names[PT_FN_COUNT];

#endif
