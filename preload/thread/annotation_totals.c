/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_totals.h"

#include <stdatomic.h>
#include <string.h>

#include "phasetap/log_format.h"

#define PT_TOTALS_MAX 1024u

/* Indexed by the phase's id. */
struct totals {
    atomic_llong count, total_ns, max_ns;
    atomic_llong
        min_ns; /* as its distance from INT64_MAX, so that zeroed memory is a right start */
};
static struct totals totals[PT_TOTALS_MAX];

void pt_annotation_totals_add(int32_t phase, int64_t duration_ns)
{
    unsigned index = (unsigned)phase - PT_NAME_FIRST;
    if (index >= PT_TOTALS_MAX) {
        return;
    }
    struct totals *t = &totals[index];
    long long known = atomic_load(&t->max_ns);
    while (duration_ns > known && !atomic_compare_exchange_weak(&t->max_ns, &known, duration_ns)) {}
    long long distance = atomic_load(&t->min_ns);
    while (INT64_MAX - duration_ns > distance &&
           !atomic_compare_exchange_weak(&t->min_ns, &distance, INT64_MAX - duration_ns)) {}
    atomic_fetch_add(&t->total_ns, duration_ns);
    atomic_fetch_add(&t->count, 1);
}

bool pt_annotation_totals_read(int32_t phase, struct pt_annotation_totals *out)
{
    unsigned index = (unsigned)phase - PT_NAME_FIRST;
    if (index >= PT_TOTALS_MAX || atomic_load(&totals[index].count) == 0) {
        return false;
    }
    struct totals *t = &totals[index];
    *out = (struct pt_annotation_totals){.count = atomic_load(&t->count),
                                         .total_ns = atomic_load(&t->total_ns),
                                         .min_ns = INT64_MAX - atomic_load(&t->min_ns),
                                         .max_ns = atomic_load(&t->max_ns)};
    return true;
}

void pt_annotation_totals_forget(void)
{
    memset(totals, 0, sizeof totals);
}
