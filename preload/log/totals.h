/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totals.h: adds documents that the log will not hold to the totals in the ring.
 * (<phasetap/total_format.h>; docs/FORMAT.md, "Totals")
 *
 * There are two areas of cells (total_cells.h). What the flush leaves out near the size limit is
 * gathered in a redo list and counts from the moment in which its append does, so that a kill at
 * any instruction counts each document once: in the log, in the ring, or here. What finds no room
 * in the ring is added by the thread that made it.
 *
 * Only the holder of the flush lock (flush.h) comes here, but for pt_totals_know and
 * pt_totals_overflow. No allocation.
 */
#ifndef PT_TOTALS_H
#define PT_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "phasetap/total_format.h"

/* Gives the cells memory. False: there is none, and nothing can be added. */
bool pt_totals_begin(void);

/* True for a kind that has totals. */
bool pt_totals_know(int32_t kind);

/* False: the redo list has no room; the append must end before this document. */
bool pt_totals_add(const uint8_t *document);

/* Adds a document of a kind that has totals, for which the ring has no room. Any thread; system
 * calls the first time only. False: there is no memory for the sums. */
bool pt_totals_overflow(const uint8_t *document);

/* The log holds everything as TOTAL documents, once the append counts. False: this cannot be noted,
 * so they must not be appended. */
bool pt_totals_mark_stored(void);

/* States the gathered values as part of the append, whose intent has been stated; afterwards either
 * the append counts and they are applied, or it failed and they are dropped. */
void pt_totals_state(void);
void pt_totals_apply(void);
void pt_totals_drop(void);

/* Anything to store? */
bool pt_totals_are_used(void);

/* Writes the TOTAL documents of all rows; the bytes used, 0: `room` is too small. */
uint32_t pt_totals_documents(uint8_t *buffer, uint32_t room);

/* In the child of a fork. */
void pt_totals_forget(void);

#endif
