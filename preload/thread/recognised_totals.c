/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/recognised_totals.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/own_memory.h"
#include "base/try_lock.h"

#define PT_SHARE_YIELDS 1000

struct pt_recognised_block {
    uint32_t generation; /* sums of an earlier one count nothing any more */
    atomic_bool taken;
    struct pt_recognised_sum sums[PT_RECOGNISED_PHASES];
};
static struct pt_recognised_block blocks[PT_RECOGNISED_BLOCKS];
static struct pt_recognised_block shared;
static struct pt_try_lock sharing;
static atomic_uint hint; /* where the search for a free block begins */
static atomic_uint generation;
static atomic_llong reset_ns; /* what began before the last reset belongs to before */

_Static_assert(PT_RECOGNISED_PHASES == PT_PHASE_TEARDOWN, "phases of the report come first");

/* Readers may look at any moment: each number is stored whole. */
static void store(int64_t *number, int64_t value)
{
    __atomic_store_n(number, value, __ATOMIC_RELAXED);
}

static int64_t load(const int64_t *number)
{
    return __atomic_load_n(number, __ATOMIC_RELAXED);
}

static void add_sum(struct pt_recognised_sum *to, const struct pt_recognised_sum *from)
{
    int64_t count = load(&to->count);
    int64_t least = load(&from->min_ns);
    int64_t most = load(&from->max_ns);
    if (load(&from->count) == 0) {
        return;
    }
    if (count == 0 || least < load(&to->min_ns)) {
        store(&to->min_ns, least);
    }
    if (count == 0 || most > load(&to->max_ns)) {
        store(&to->max_ns, most);
    }
    store(&to->total_ns, load(&to->total_ns) + load(&from->total_ns));
    store(&to->count, count + load(&from->count));
}

static void add_to(struct pt_recognised_block *block, int32_t phase, int64_t duration_ns)
{
    const struct pt_recognised_sum one = {1, duration_ns, duration_ns, duration_ns};
    uint32_t now = atomic_load_explicit(&generation, memory_order_relaxed);
    if (block->generation != now) {
        pt_clear_own(block->sums, sizeof block->sums);
        __atomic_store_n(&block->generation, now, __ATOMIC_RELEASE);
    }
    add_sum(&block->sums[phase], &one);
}

static struct pt_recognised_block *take_block(void)
{
    unsigned start = atomic_load(&hint);
    for (unsigned i = 0; i < PT_RECOGNISED_BLOCKS; i++) {
        unsigned index = (start + i) % PT_RECOGNISED_BLOCKS;
        if (!atomic_exchange_explicit(&blocks[index].taken, true, memory_order_acquire)) {
            atomic_store(&hint, index + 1);
            return &blocks[index];
        }
    }
    return &shared;
}

void pt_recognised_add(struct pt_recognised *r, int32_t phase, int64_t start_ns,
                       int64_t duration_ns)
{
    if (phase <= 0 || phase >= PT_RECOGNISED_PHASES || start_ns < atomic_load(&reset_ns)) {
        return;
    }
    r->block = r->block ? r->block : take_block();
    if (r->block != &shared) {
        add_to(r->block, phase, duration_ns);
    } else if (pt_try_lock_for(&sharing, PT_SHARE_YIELDS)) {
        add_to(&shared, phase, duration_ns);
        pt_unlock(&sharing);
    }
}

void pt_recognised_connection(struct pt_recognised *r, int64_t start_ns, int64_t duration_ns,
                              int64_t construction_ns)
{
    if (r->connecting_ns == 0) {
        r->first_start_ns = start_ns;
        r->first_ns = duration_ns;
    }
    r->connecting_ns += duration_ns;
    pt_recognised_add(r, PT_PHASE_CONNECTION, start_ns, duration_ns + construction_ns);
}

void pt_recognised_span(struct pt_recognised *r, int32_t phase, int64_t start_ns,
                        int64_t duration_ns)
{
    if (phase == PT_PHASE_SERVER_CHECK) { /* before the call proper */
        return;
    }
    bool before = r->connecting_ns > 0 && r->first_start_ns < start_ns;
    int64_t inside_ns = r->connecting_ns - (before ? r->first_ns : 0);
    r->connecting_ns = 0;
    pt_recognised_add(r, phase, start_ns, inside_ns < duration_ns ? duration_ns - inside_ns : 0);
}

void pt_recognised_release(struct pt_recognised *r)
{
    if (r->block && r->block != &shared) {
        atomic_store_explicit(&r->block->taken, false, memory_order_release);
    }
    r->block = NULL;
}

static void read_block(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES],
                       const struct pt_recognised_block *block)
{
    uint32_t of_block = __atomic_load_n(&block->generation, __ATOMIC_ACQUIRE);
    for (int phase = 1; of_block == atomic_load(&generation) && phase < PT_RECOGNISED_PHASES;
         phase++) {
        add_sum(&sums[phase], &block->sums[phase]);
    }
}

void pt_recognised_read(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES])
{
    memset(sums, 0, sizeof *sums * PT_RECOGNISED_PHASES);
    for (unsigned i = 0; i < PT_RECOGNISED_BLOCKS; i++) {
        read_block(sums, &blocks[i]);
    }
    read_block(sums, &shared);
}

void pt_recognised_reset(int64_t now_ns)
{
    atomic_store(&reset_ns, now_ns);
    atomic_fetch_add(&generation, 1);
}

void pt_recognised_forget(void)
{
    for (unsigned i = 0; i < PT_RECOGNISED_BLOCKS; i++) {
        if (atomic_load(&blocks[i].taken)) { /* untouched pages stay untouched */
            atomic_store(&blocks[i].taken, false);
        }
    }
    pt_recognised_reset(0);
    pt_unlock(&sharing);
}
