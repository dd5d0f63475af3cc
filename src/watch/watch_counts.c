/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct pt_watch_thread *pt_watch_thread_of(struct pt_watch_counts *counts, int32_t number)
{
    struct pt_watch_thread *threads =
        number >= 1 && number <= PT_THREADS_HIGHEST
            ? pt_array_reach(counts->threads, &counts->slots, (size_t)number, 16, sizeof *threads)
            : NULL;
    if (threads == NULL) {
        return NULL;
    }
    counts->threads = threads;
    threads[number].seen = true;
    return &threads[number];
}

void pt_watch_spend(struct pt_watch_counts *counts, enum pt_part part, int64_t ns)
{
    counts->parts_ns[part] = pt_add(counts->parts_ns[part], ns);
}

void pt_watch_spend_all(struct pt_watch_counts *counts, const struct pt_partition *p)
{
    pt_watch_spend(counts, PT_PART_CONNECTION, p->connection);
    pt_watch_spend(counts, PT_PART_SERVER_WAIT, p->server_wait);
    pt_watch_spend(counts, PT_PART_SERVER, p->server);
    pt_watch_spend(counts, PT_PART_EVENTS, p->events);
    pt_watch_spend(counts, PT_PART_DRIVER, p->driver);
    pt_watch_spend(counts, PT_PART_COMPUTING, p->computing);
    pt_watch_spend(counts, PT_PART_POOL_WAIT, p->pool);
    pt_watch_spend(counts, PT_PART_WAITING, p->waiting);
}

void pt_watch_count_writes(struct pt_watch_counts *counts, int32_t phase,
                           const int64_t writes[PT_WRITE_COUNTS])
{
    int64_t done = pt_watch_is_writing(phase) ? pt_writes_done(writes) : 0;
    int64_t *sum = phase == PT_PHASE_DELETION ? &counts->removed : &counts->written;
    *sum = pt_add(*sum, done);
    counts->refused = pt_add(counts->refused, writes[PT_WRITE_ERRORS]);
    counts->writes |= pt_watch_is_writing(phase);
}

bool pt_watch_copy(struct pt_watch_counts *to, const struct pt_watch_counts *from)
{
    struct pt_watch_thread *threads = to->threads;
    size_t slots = to->slots;
    if (from->slots > 0) {
        threads = pt_array_reach(threads, &slots, from->slots - 1, 16, sizeof *threads);
        if (threads == NULL) {
            return false;
        }
        memcpy(threads, from->threads, from->slots * sizeof *threads);
    }
    if (slots > from->slots) { /* what only the ring told of */
        memset(threads + from->slots, 0, (slots - from->slots) * sizeof *threads);
    }
    *to = *from;
    to->threads = threads;
    to->slots = slots;
    return true;
}

void pt_watch_counts_release(struct pt_watch_counts *counts)
{
    free(counts->threads);
    *counts = (struct pt_watch_counts){0};
}
