/* SPDX-License-Identifier: Apache-2.0 */
/*
 * total_sums.h: what one document adds to the totals: the sums that the report derives from it, so
 * that they are the same whether the log holds the document or not. (src/intake is the other half;
 * <phasetap/partition.h> is shared.)
 *
 * Threads and areas: total_cells.h.
 */
#ifndef PT_TOTAL_SUMS_H
#define PT_TOTAL_SUMS_H

#include "log/total_cells.h"

/* The cells that one document changes, at most, with the keys of its rows. */
#define PT_CELLS_OF_DOCUMENT 48u

/* True for a kind that has totals. */
bool pt_total_knows(int32_t kind);

/* Adds a document of such a kind to an area that has memory. A process killed meanwhile leaves a
 * document of PT_TOTAL_OVERFLOW in some of its sums and not in others. */
void pt_total_sum(enum pt_total_area area, const uint8_t *document);

#endif
