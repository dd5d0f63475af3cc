/* SPDX-License-Identifier: Apache-2.0 */
#include "log/total_cells.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "base/try_lock.h"
#include "log/ring.h"

/* Some 200 pages: a few hundred microseconds, for which other threads wait. */
#define PT_POPULATE_YIELDS 1000

static uint16_t redo_at[PT_TOTAL_CELLS]; /* place in the redo list plus 1; 0: not in it */
static uint32_t redo_used;
static atomic_bool has_memory[PT_TOTAL_AREAS];
static struct pt_try_lock populating;

static struct pt_total_redo *redo(void)
{
    return (void *)((uint8_t *)pt_ring + PT_RING_REDO_OFFSET);
}

static uint32_t offset_of(enum pt_total_area area)
{
    return area == PT_TOTAL_THINNED ? PT_RING_TOTALS_OFFSET : PT_RING_OVERFLOW_OFFSET;
}

struct pt_totals *pt_cells_of(enum pt_total_area area)
{
    return (void *)((uint8_t *)pt_ring + offset_of(area));
}

bool pt_cells_ready(enum pt_total_area area)
{
    return atomic_load_explicit(&has_memory[area], memory_order_acquire);
}

/* The redo list lies behind the cells that need it. */
static bool populate(enum pt_total_area area)
{
    uint32_t bytes = (uint32_t)sizeof(struct pt_totals);
    bool done = pt_ring_populate(offset_of(area), bytes);
    return done &&
           (area != PT_TOTAL_THINNED || pt_ring_populate(PT_RING_REDO_OFFSET, PT_RING_REDO_BYTES));
}

bool pt_cells_begin(enum pt_total_area area)
{
    if (!pt_cells_ready(area) && pt_try_lock_for(&populating, PT_POPULATE_YIELDS)) {
        if (!pt_cells_ready(area) && populate(area)) {
            atomic_store_explicit(&has_memory[area], true, memory_order_release);
        }
        pt_unlock(&populating);
    }
    return pt_cells_ready(area);
}

static int64_t load(const int64_t *cell)
{
    return __atomic_load_n(cell, __ATOMIC_RELAXED);
}

/* True if the cell still held `before`; otherwise *before is what it holds. */
static bool swap(int64_t *cell, int64_t *before, int64_t value)
{
    return __atomic_compare_exchange_n(cell, before, value, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

/* The value that the cell will have after this append. */
static int64_t value_of(enum pt_total_area area, const int64_t *cell)
{
    if (area == PT_TOTAL_OVERFLOW) {
        return load(cell);
    }
    uint16_t at = redo_at[cell - (const int64_t *)pt_cells_of(area)];
    return at ? redo()[at - 1].value : *cell;
}

void pt_cell_set(int64_t *cell, int64_t value)
{
    uint32_t number = (uint32_t)(cell - (int64_t *)pt_cells_of(PT_TOTAL_THINNED));
    if (redo_at[number] == 0) {
        redo()[redo_used].cell = number;
        redo_at[number] = (uint16_t)++redo_used;
    }
    redo()[redo_at[number] - 1].value = value;
}

/* Puts `value` in the place of *before, which is what the cell held. False: it holds something else
 * by now, which is in *before then. */
static bool replace(enum pt_total_area area, int64_t *cell, int64_t *before, int64_t value)
{
    if (area == PT_TOTAL_OVERFLOW) {
        return swap(cell, before, value);
    }
    pt_cell_set(cell, value);
    return true;
}

void pt_cell_add(enum pt_total_area area, int64_t *cell, int64_t more)
{
    int64_t before = value_of(area, cell);
    int64_t sum;
    do {
        sum = __builtin_add_overflow(before, more, &sum) ? INT64_MAX : sum;
    } while (more > 0 && !replace(area, cell, &before, sum));
}

void pt_cell_lower(enum pt_total_area area, int64_t *cell, int64_t value)
{
    int64_t before = value_of(area, cell);
    while ((before == 0 || value + 1 < before) && !replace(area, cell, &before, value + 1)) {}
}

void pt_cell_raise(enum pt_total_area area, int64_t *cell, int64_t value)
{
    int64_t before = value_of(area, cell);
    while (value > before && !replace(area, cell, &before, value)) {}
}

/* True if the row has this key, perhaps from now on. */
static bool is_row_of(enum pt_total_area area, int64_t *row, int64_t key)
{
    int64_t known = value_of(area, row);
    return known == key || (known == 0 && (replace(area, row, &known, key) || known == key));
}

int64_t *pt_cell_row(enum pt_total_area area, int64_t *rows, uint32_t count, uint32_t cells,
                     int64_t key)
{
    uint32_t others = count - 1;
    uint32_t start = others ? (uint32_t)((uint64_t)key % others) : 0;
    for (uint32_t i = 0; i < others; i++) {
        int64_t *row = rows + (size_t)(1 + (start + i) % others) * cells;
        if (is_row_of(area, row, key)) {
            return row;
        }
    }
    pt_cell_raise(area, rows, PT_TOTAL_REST);
    return rows;
}

bool pt_cells_have_room(uint32_t cells)
{
    return redo_used + cells <= PT_TOTAL_REDO_COUNT;
}

void pt_cells_state(void)
{
    __atomic_store_n(&pt_ring->redo_count, redo_used, __ATOMIC_RELEASE);
}

static void clear_redo(void)
{
    __atomic_store_n(&pt_ring->redo_count, 0, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < redo_used; i++) {
        redo_at[redo()[i].cell] = 0;
    }
    redo_used = 0;
}

void pt_cells_apply(void)
{
    int64_t *cells = (int64_t *)pt_cells_of(PT_TOTAL_THINNED);
    for (uint32_t i = 0; i < redo_used; i++) {
        __atomic_store_n(&cells[redo()[i].cell], redo()[i].value, __ATOMIC_RELAXED);
    }
    if (redo_used > 0) {
        pt_ring->totals_used = 1;
    }
    clear_redo();
}

void pt_cells_drop(void)
{
    clear_redo();
}

void pt_cells_forget(void)
{
    memset(redo_at, 0, sizeof redo_at);
    redo_used = 0;
    atomic_store(&has_memory[PT_TOTAL_THINNED], false);
    atomic_store(&has_memory[PT_TOTAL_OVERFLOW], false);
    pt_unlock(&populating);
}
