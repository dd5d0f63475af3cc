/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h: the first and the last documents of a log. */
#ifndef PT_MANIFEST_H
#define PT_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "driver/original.h"

struct pt_thread;

void pt_manifest_write(struct pt_thread *t);
/* Notes version and soname of each driver, once in each log: at the first call into it. */
void pt_drivers_write(struct pt_thread *t);
extern atomic_uint pt_drivers_noted;
static inline void pt_drivers_note(struct pt_thread *t)
{
    if (atomic_load_explicit(&pt_drivers_noted, memory_order_relaxed) <
        atomic_load_explicit(&pt_called_count, memory_order_relaxed)) {
        pt_drivers_write(t);
    }
}
void pt_end_write(struct pt_thread *t);

#endif
