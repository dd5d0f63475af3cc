/* SPDX-License-Identifier: Apache-2.0 */
#include "log/totals.h"

#include "log/ring.h"
#include "log/total_documents.h"
#include "log/total_sums.h"

bool pt_totals_begin(void)
{
    return pt_cells_begin(PT_TOTAL_THINNED);
}

bool pt_totals_know(int32_t kind)
{
    return pt_total_knows(kind);
}

bool pt_totals_add(const uint8_t *document)
{
    bool room = pt_cells_have_room(PT_CELLS_OF_DOCUMENT);
    if (room) {
        pt_total_sum(PT_TOTAL_THINNED, document);
    }
    return room;
}

bool pt_totals_overflow(const uint8_t *document)
{
    if (!pt_cells_begin(PT_TOTAL_OVERFLOW)) {
        return false;
    }
    pt_total_sum(PT_TOTAL_OVERFLOW, document);
    __atomic_store_n(&pt_ring->overflow_used, 1, __ATOMIC_RELAXED);
    return true;
}

bool pt_totals_mark_stored(void)
{
    if (!pt_totals_begin()) {
        return false;
    }
    pt_cell_set(&pt_cells_of(PT_TOTAL_THINNED)->stored, 1);
    return true;
}

void pt_totals_state(void)
{
    pt_cells_state();
}

void pt_totals_apply(void)
{
    pt_cells_apply();
}

void pt_totals_drop(void)
{
    pt_cells_drop();
}

static bool is_used(enum pt_total_area area)
{
    const uint32_t *used =
        area == PT_TOTAL_THINNED ? &pt_ring->totals_used : &pt_ring->overflow_used;
    return pt_cells_ready(area) && __atomic_load_n(used, __ATOMIC_RELAXED) != 0;
}

bool pt_totals_are_used(void)
{
    bool stored = pt_cells_ready(PT_TOTAL_THINNED) && pt_cells_of(PT_TOTAL_THINNED)->stored != 0;
    return !stored && (is_used(PT_TOTAL_THINNED) || is_used(PT_TOTAL_OVERFLOW));
}

uint32_t pt_totals_documents(uint8_t *buffer, uint32_t room)
{
    uint32_t used = 0;
    for (int area = 0; area < PT_TOTAL_AREAS; area++) {
        if (is_used((enum pt_total_area)area) &&
            !pt_total_documents(pt_cells_of((enum pt_total_area)area), buffer, room, &used)) {
            return 0;
        }
    }
    return used;
}

void pt_totals_forget(void)
{
    pt_cells_forget();
}
