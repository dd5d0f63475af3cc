/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold_totals.h: the totals in the ring of a process that is gone, as documents for its log.
 * (ring_fold.h; docs/FORMAT.md, "Totals")
 *
 * The memory is mapped for one ring and given back: neither from the host's allocator nor kept. The
 * ring is read and never mapped, so that truncating its file does no harm. By the caller of
 * pt_ring_fold alone.
 */
#ifndef PT_FOLD_TOTALS_H
#define PT_FOLD_TOTALS_H

#include "log/total_documents.h"
#include "phasetap/ring_format.h"

struct pt_fold_totals {
    struct pt_totals thinned, overflow;
    struct pt_total_redo redo[PT_TOTAL_REDO_COUNT];
    uint8_t text[PT_TOTALS_TEXT_BYTES];
};

/* Whether the ring holds totals. */
bool pt_fold_totals_has(const struct pt_ring_header *header);

/* Reads them, and makes the documents: in (*room)->text; returns their bytes, 0 where the log has
 * them. *room is NULL if the ring cannot be read or there is no memory. */
uint32_t pt_fold_totals_read(struct pt_fold_totals **room, int ring_fd,
                             const struct pt_ring_header *header);
/* NULL: nothing to do. */
void pt_fold_totals_release(struct pt_fold_totals *room);

#endif
