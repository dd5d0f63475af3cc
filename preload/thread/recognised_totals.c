/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/recognised_totals.h"

#include <stdatomic.h>
#include <string.h>

#include "base/try_lock.h"

#define PT_LOCK_YIELDS 1000

static struct pt_recognised ended;
static struct pt_try_lock ending; /* of `ended`; while it is held no block retires */
static atomic_uint generation;

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

static void add(struct pt_recognised_sum *to, const struct pt_recognised_sum *from)
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

/* A block of an earlier generation counts nothing any more. */
static void renew(struct pt_recognised *block)
{
    uint32_t now = atomic_load_explicit(&generation, memory_order_relaxed);
    if (block->generation != now) {
        memset(block->sums, 0, sizeof block->sums);
        __atomic_store_n(&block->generation, now, __ATOMIC_RELEASE);
    }
}

void pt_recognised_add(struct pt_recognised *block, int32_t phase, int64_t duration_ns)
{
    const struct pt_recognised_sum one = {1, duration_ns, duration_ns, duration_ns};
    if (phase > 0 && phase < PT_RECOGNISED_PHASES) {
        renew(block);
        add(&block->sums[phase], &one);
    }
}

void pt_recognised_connection(struct pt_recognised *block, int64_t start_ns, int64_t duration_ns,
                              int64_t construction_ns)
{
    if (block->connecting_ns == 0) {
        block->first_start_ns = start_ns;
        block->first_ns = duration_ns;
    }
    block->connecting_ns += duration_ns;
    pt_recognised_add(block, PT_PHASE_CONNECTION, duration_ns + construction_ns);
}

void pt_recognised_span(struct pt_recognised *block, int32_t phase, int64_t start_ns,
                        int64_t duration_ns)
{
    if (phase == PT_PHASE_SERVER_CHECK) { /* before the call proper */
        return;
    }
    bool before = block->connecting_ns > 0 && block->first_start_ns < start_ns;
    int64_t inside_ns = block->connecting_ns - (before ? block->first_ns : 0);
    block->connecting_ns = 0;
    pt_recognised_add(block, phase, inside_ns < duration_ns ? duration_ns - inside_ns : 0);
}

static bool is_current(const struct pt_recognised *block)
{
    return __atomic_load_n(&block->generation, __ATOMIC_ACQUIRE) == atomic_load(&generation);
}

void pt_recognised_read(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES],
                        const struct pt_recognised *block)
{
    for (int phase = 1; is_current(block) && phase < PT_RECOGNISED_PHASES; phase++) {
        add(&sums[phase], &block->sums[phase]);
    }
}

void pt_recognised_retire(struct pt_recognised *block)
{
    if (pt_try_lock_for(&ending, PT_LOCK_YIELDS)) {
        renew(&ended);
        pt_recognised_read(ended.sums, block);
        memset(block, 0, sizeof *block);
        pt_unlock(&ending);
    }
}

bool pt_recognised_read_begin(struct pt_recognised_sum sums[PT_RECOGNISED_PHASES])
{
    if (!pt_try_lock_for(&ending, PT_LOCK_YIELDS)) {
        return false;
    }
    memset(sums, 0, sizeof ended.sums);
    pt_recognised_read(sums, &ended);
    return true;
}

void pt_recognised_read_end(void)
{
    pt_unlock(&ending);
}

void pt_recognised_reset(void)
{
    atomic_fetch_add(&generation, 1);
}

void pt_recognised_forget(void)
{
    memset(&ended, 0, sizeof ended);
    pt_unlock(&ending);
}
