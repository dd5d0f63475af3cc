/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/driver_row.h"

#include <string.h>

void pt_driver_row_write(struct pt_driver_row *row, const struct pt_driver_facts *facts)
{
    uintptr_t words[PT_DRIVER_WORDS];
    memcpy(words, facts, sizeof words);
    /* A fork may have left it odd. */
    unsigned odd = atomic_load_explicit(&row->sequence, memory_order_relaxed) | 1;
    atomic_store_explicit(&row->sequence, odd, memory_order_relaxed);
    atomic_thread_fence(memory_order_release); /* no word is seen before the odd number */
    for (size_t i = 0; i < PT_DRIVER_WORDS; i++) {
        atomic_store_explicit(&row->words[i], words[i], memory_order_relaxed);
    }
    atomic_store_explicit(&row->sequence, odd + 1, memory_order_release);
}

bool pt_driver_row_read(const struct pt_driver_row *row, struct pt_driver_facts *facts)
{
    uintptr_t words[PT_DRIVER_WORDS];
    unsigned before = atomic_load_explicit(&row->sequence, memory_order_acquire);
    if (before == 0 || (before & 1) != 0) {
        return false;
    }
    for (size_t i = 0; i < PT_DRIVER_WORDS; i++) {
        words[i] = atomic_load_explicit(&row->words[i], memory_order_relaxed);
    }
    atomic_thread_fence(memory_order_acquire); /* no word is read behind the number */
    memcpy(facts, words, sizeof words);
    return atomic_load_explicit(&row->sequence, memory_order_relaxed) == before &&
           facts->object.end != 0;
}
