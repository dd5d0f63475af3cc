/* SPDX-License-Identifier: Apache-2.0 */
/*
 * total_cells.h: the cells of the totals in the ring, and the two ways to change one.
 * (<phasetap/total_format.h>; docs/FORMAT.md, "Totals")
 *
 *   PT_TOTAL_THINNED   documents that the flush leaves out. New values are gathered in the redo
 *                      list of the ring and count together with the append they belong to. Holder
 *                      of the flush lock only; pt_cells_state and its siblings end an append.
 *   PT_TOTAL_OVERFLOW  documents that found no room in the ring. Each cell changes at once, by an
 *                      atomic operation. Any thread of the host: no lock, no system call.
 *
 * An area may be used only once it has memory: pt_cells_begin. Sums saturate, as a reader's do.
 */
#ifndef PT_TOTAL_CELLS_H
#define PT_TOTAL_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "phasetap/total_format.h"

enum pt_total_area { PT_TOTAL_THINNED, PT_TOTAL_OVERFLOW, PT_TOTAL_AREAS };

/* Gives the cells of an area memory, which takes system calls the first time. Any thread; false:
 * there is none. */
bool pt_cells_begin(enum pt_total_area area);
/* Whether they have memory. */
bool pt_cells_ready(enum pt_total_area area);
struct pt_totals *pt_cells_of(enum pt_total_area area);

/* The row of a key among `count` rows of `cells` cells, or a free one, which gets the key; the
 * first row where none is free. A key is not 0. */
int64_t *pt_cell_row(enum pt_total_area area, int64_t *rows, uint32_t count, uint32_t cells,
                     int64_t key);
void pt_cell_add(enum pt_total_area area, int64_t *cell, int64_t more);
/* The least value plus 1: 0 says that there is none. */
void pt_cell_lower(enum pt_total_area area, int64_t *cell, int64_t value);
void pt_cell_raise(enum pt_total_area area, int64_t *cell, int64_t value);

/* ---- of PT_TOTAL_THINNED ---- */

/* Whether the redo list has room for this many cells. */
bool pt_cells_have_room(uint32_t cells);
void pt_cell_set(int64_t *cell, int64_t value);
/* States the gathered values as part of the append, whose intent has been stated; afterwards either
 * the append counts and they are applied, or it failed and they are dropped. */
void pt_cells_state(void);
void pt_cells_apply(void);
void pt_cells_drop(void);

/* In the child of a fork. */
void pt_cells_forget(void);

#endif
