/* SPDX-License-Identifier: Apache-2.0 */
#include "html/kept.h"

#include <stdlib.h>

#include "base/array.h"

bool pt_kept_offer(struct pt_kept *kept, int64_t duration_ns)
{
    kept->offered++;
    return kept->count < kept->limit ||
           (kept->limit > 0 && duration_ns > kept->items[0].duration_ns);
}

static void swap(struct pt_kept_event *one, struct pt_kept_event *other)
{
    struct pt_kept_event saved = *one;
    *one = *other;
    *other = saved;
}

static void rise(struct pt_kept_event *items, size_t at)
{
    while (at > 0 && items[at].duration_ns < items[(at - 1) / 2].duration_ns) {
        swap(&items[at], &items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sink(struct pt_kept_event *items, size_t count)
{
    size_t at = 0, child = 1;
    while (child < count) {
        if (child + 1 < count && items[child + 1].duration_ns < items[child].duration_ns) {
            child++;
        }
        if (items[at].duration_ns <= items[child].duration_ns) {
            return;
        }
        swap(&items[at], &items[child]);
        at = child;
        child = 2 * at + 1;
    }
}

void pt_kept_add(struct pt_kept *kept, const struct pt_kept_event *event)
{
    if (kept->count == kept->limit) {
        kept->items[0] = *event;
        sink(kept->items, kept->count);
        return;
    }
    struct pt_kept_event *items =
        pt_array_reach(kept->items, &kept->room, kept->count, 256, sizeof *items);
    if (items != NULL) {
        kept->items = items;
        items[kept->count] = *event;
        rise(items, kept->count++);
    }
}

static int by_start(const void *one, const void *other)
{
    const struct pt_kept_event *a = one, *b = other;
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    if (a->duration_ns != b->duration_ns) {
        return a->duration_ns > b->duration_ns ? -1 : 1;
    }
    return a->lane != b->lane ? a->lane - b->lane : a->kind - b->kind;
}

void pt_kept_sort(struct pt_kept *kept)
{
    if (kept->count > 1) {
        qsort(kept->items, kept->count, sizeof *kept->items, by_start);
    }
}
