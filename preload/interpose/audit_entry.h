/* SPDX-License-Identifier: Apache-2.0 */
/* audit_entry.h: the function that the auditing module calls (loader/audit_module.h). */
#ifndef PT_AUDIT_ENTRY_H
#define PT_AUDIT_ENTRY_H

#include "loader/audit_module.h"

/* Id of the wrapped function of that name, 0: none is. */
unsigned pt_wrapped_function(const char *name);

#endif
