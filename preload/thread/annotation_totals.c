/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_totals.h"

#include <stdatomic.h>
#include <string.h>

#include "base/try_lock.h"
#include "thread/annotation_entries.h"
#include "thread/recognised_totals.h"

#define PT_PLACES     8192u /* twice the phases, so that a search is short; a power of two */
#define PT_ADD_YIELDS 1000

struct totals {
    atomic_int phase;
    atomic_llong count, total_ns, max_ns;
    atomic_llong inverse_min_ns; /* INT64_MAX less the minimum: zeroed memory is a right start */
};
static struct totals totals[PT_TOTALS_MAX];
static atomic_uint used;                    /* totals[0..used) have a phase */
static _Atomic(uint16_t) places[PT_PLACES]; /* by hash of the id: index + 1, 0: free */
static atomic_llong since_ns;
static struct pt_try_lock adding;

/* The place of a phase, or the free one where it belongs. */
static unsigned place_of(int32_t phase)
{
    unsigned place = (uint32_t)phase * 2654435761u % PT_PLACES;
    unsigned index = atomic_load_explicit(&places[place], memory_order_acquire);
    while (index != 0 && atomic_load(&totals[index - 1].phase) != phase) {
        place = (place + 1) % PT_PLACES;
        index = atomic_load_explicit(&places[place], memory_order_acquire);
    }
    return place;
}

/* Under the lock. */
static struct totals *add_phase(int32_t phase)
{
    unsigned place = place_of(phase);
    unsigned index = atomic_load(&places[place]);
    if (index == 0 && atomic_load(&used) < PT_TOTALS_MAX) {
        index = atomic_load(&used) + 1;
        atomic_store(&totals[index - 1].phase, phase);
        atomic_store(&used, index);
        atomic_store_explicit(&places[place], (uint16_t)index, memory_order_release);
    }
    return index != 0 ? &totals[index - 1] : NULL;
}

static struct totals *totals_of(int32_t phase)
{
    unsigned index = atomic_load_explicit(&places[place_of(phase)], memory_order_acquire);
    if (index != 0) {
        return &totals[index - 1];
    }
    if (atomic_load(&used) == PT_TOTALS_MAX || !pt_try_lock_for(&adding, PT_ADD_YIELDS)) {
        return NULL;
    }
    struct totals *added = add_phase(phase);
    pt_unlock(&adding);
    return added;
}

static void raise_to(atomic_llong *value, long long seen)
{
    long long known = atomic_load(value);
    while (seen > known && !atomic_compare_exchange_weak(value, &known, seen)) {}
}

bool pt_annotation_totals_add(int32_t phase, int64_t duration_ns)
{
    struct totals *t = totals_of(phase);
    if (t == NULL) {
        return false;
    }
    raise_to(&t->max_ns, duration_ns);
    raise_to(&t->inverse_min_ns, INT64_MAX - duration_ns);
    atomic_fetch_add_explicit(&t->total_ns, duration_ns, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->count, 1, memory_order_relaxed);
    return true;
}

unsigned pt_annotation_totals_phases(void)
{
    return atomic_load(&used);
}

bool pt_annotation_totals_at(unsigned index, int32_t *phase, struct pt_annotation_totals *out)
{
    struct totals *t = &totals[index];
    *phase = atomic_load(&t->phase);
    *out = (struct pt_annotation_totals){.count = atomic_load(&t->count),
                                         .total_ns = atomic_load(&t->total_ns),
                                         .min_ns = INT64_MAX - atomic_load(&t->inverse_min_ns),
                                         .max_ns = atomic_load(&t->max_ns)};
    return out->count > 0;
}

int64_t pt_annotation_totals_since(void)
{
    return atomic_load(&since_ns);
}

void pt_annotation_totals_reset(int64_t now_ns)
{
    atomic_store(&since_ns, now_ns);
    for (unsigned i = 0; i < atomic_load(&used); i++) {
        atomic_store(&totals[i].count, 0);
        atomic_store(&totals[i].total_ns, 0);
        atomic_store(&totals[i].max_ns, 0);
        atomic_store(&totals[i].inverse_min_ns, 0);
    }
    pt_annotation_entries_reset();
    pt_recognised_reset(now_ns);
}

void pt_annotation_totals_forget(void)
{
    memset(places, 0, sizeof places);
    memset(totals, 0, sizeof totals[0] * atomic_load(&used));
    atomic_store(&used, 0);
    atomic_store(&since_ns, 0);
    pt_unlock(&adding); /* another thread of the parent may have held it at the fork */
    pt_annotation_entries_reset();
    pt_recognised_forget();
}
