/* SPDX-License-Identifier: Apache-2.0 */
#include "thread/annotation_entries.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Two writers meet in one slot only when one of them stands still while PT_ENTRIES_KEPT others
 * finish; all fields are atomic, so that even then a reader sees numbers that were stored. */
struct slot {
    atomic_ullong sequence; /* number of the entry from 1 on; 0: empty, or being written */
    atomic_llong start_ns, duration_ns;
    atomic_int phase, thread;
};
static struct slot slots[PT_ENTRIES_KEPT];
static atomic_ullong next;  /* number of the next entry, from 0 on */
static atomic_ullong first; /* of those since the last reset */

static int64_t load(const atomic_llong *field)
{
    return atomic_load_explicit(field, memory_order_relaxed);
}

/* The usual order of a sequence lock: its number goes first to 0, and comes last. */
void pt_annotation_entries_add(const struct pt_annotation_entry *entry)
{
    unsigned long long number = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    struct slot *s = &slots[number % PT_ENTRIES_KEPT];
    atomic_store_explicit(&s->sequence, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&s->start_ns, entry->start_ns, memory_order_relaxed);
    atomic_store_explicit(&s->duration_ns, entry->duration_ns, memory_order_relaxed);
    atomic_store_explicit(&s->phase, entry->phase, memory_order_relaxed);
    atomic_store_explicit(&s->thread, entry->thread, memory_order_relaxed);
    atomic_store_explicit(&s->sequence, number + 1, memory_order_release);
}

static bool read_slot(unsigned long long number, struct pt_annotation_entry *out)
{
    const struct slot *s = &slots[number % PT_ENTRIES_KEPT];
    bool before = atomic_load_explicit(&s->sequence, memory_order_acquire) == number + 1;
    *out = (struct pt_annotation_entry){
        .start_ns = load(&s->start_ns),
        .duration_ns = load(&s->duration_ns),
        .phase = atomic_load_explicit(&s->phase, memory_order_relaxed),
        .thread = atomic_load_explicit(&s->thread, memory_order_relaxed)};
    atomic_thread_fence(memory_order_acquire);
    return before && atomic_load_explicit(&s->sequence, memory_order_relaxed) == number + 1;
}

size_t pt_annotation_entries_each(int32_t phase, pt_annotation_entry_visitor visit, void *context)
{
    struct pt_annotation_entry entry;
    size_t visited = 0;
    unsigned long long end = atomic_load(&next);
    unsigned long long start = atomic_load(&first);
    start = end - start > PT_ENTRIES_KEPT ? end - PT_ENTRIES_KEPT : start;
    for (unsigned long long number = start; number < end; number++) {
        if (read_slot(number, &entry) && entry.phase == phase) {
            visit(context, &entry);
            visited++;
        }
    }
    return visited;
}

void pt_annotation_entries_reset(void)
{
    atomic_store(&first, atomic_load(&next));
}
