/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest.h: the documents that describe the process rather than an event: the first ones of a log
 * (MANIFEST, STATUS), a DRIVER for each driver that is called, and the last one (END).
 *
 * They need all layers below: the driver's function names, the options, /proc. Called by the thread
 * that starts or ends the recording; pt_drivers_note by any thread in a driver call.
 */
#ifndef PT_MANIFEST_H
#define PT_MANIFEST_H

#include <stdint.h>

#include "driver/called.h"

struct pt_pen;

/* Makes the MANIFEST, of *bytes, in memory that stays. The ring must exist. */
void *pt_manifest_make(uint32_t *bytes);
/* The STATUS document: what the counts are when the process exits. */
void pt_status_write(struct pt_pen *pen);

extern atomic_uint pt_drivers_noted;
void pt_drivers_write(struct pt_pen *pen);
/* Records version and soname of each driver, once in each log: at the first call into it. Two
 * relaxed loads when there is nothing new. */
static inline void pt_drivers_note(struct pt_pen *pen)
{
    if (atomic_load_explicit(&pt_drivers_noted, memory_order_relaxed) <
        atomic_load_explicit(&pt_called_count, memory_order_relaxed)) {
        pt_drivers_write(pen);
    }
}

/* The END document: the process exits in order, while `busy` threads still use the driver. */
void pt_end_write(struct pt_pen *pen, int32_t busy);

#endif
