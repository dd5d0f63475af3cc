/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partition.h: which part of a thread's time a span or a gap belongs to (docs/FORMAT.md, "The
 * partition of a thread's time"). Shared, since a document counts the same whether a reader finds
 * it in the log or its writer has added it to the totals.
 */
#ifndef PHASETAP_PARTITION_H
#define PHASETAP_PARTITION_H

#include <stdint.h>

#include "phasetap/log_format.h"

/* Nanoseconds, not negative; together the duration of the document without connections. */
struct pt_partition {
    int64_t connection, server_wait, server, events, driver, computing, pool, waiting;
    int64_t construction, check; /* within connection and server_wait */
};

static inline int64_t pt_between(int64_t value, int64_t highest)
{
    return value < 0 ? 0 : value < highest ? value : highest;
}

/* A call that sent commands, or tried to. Without CPU time, the driver has what is no command. */
static inline void pt_partition_call(struct pt_partition *p, const struct pt_doc_span *span,
                                     int64_t own_ns)
{
    p->server_wait = pt_between(span->wait, own_ns);
    int64_t left_ns = own_ns - p->server_wait;
    p->driver =
        span->cpu < 0 ? left_ns - pt_between(span->net, left_ns) : pt_between(span->cpu, left_ns);
    p->events = pt_between(span->ev, left_ns - p->driver);
    p->server = left_ns - p->driver - p->events;
}

/* `own_ns`: the span without the connections inside it. Waits of one kind, in which the driver also
 * used the CPU, are spans of their own. */
static inline struct pt_partition pt_partition_span(const struct pt_doc_span *span, int64_t own_ns)
{
    struct pt_partition p = {0};
    int64_t cpu_ns = pt_between(span->cpu, own_ns);
    switch (span->ph) {
    case PT_PHASE_CONSTRUCTION:
        p.connection = p.construction = own_ns;
        break;
    case PT_PHASE_POOL_WAIT:
        p.driver = cpu_ns;
        p.pool = own_ns - cpu_ns;
        break;
    case PT_PHASE_SERVER_CHECK:
        p.driver = cpu_ns;
        p.server_wait = p.check = own_ns - cpu_ns;
        break;
    default:
        pt_partition_call(&p, span, own_ns);
    }
    return p;
}

static inline struct pt_partition pt_partition_gap(const struct pt_doc_gap *gap)
{
    struct pt_partition p = {.computing = pt_between(gap->cpu, gap->d)};
    p.waiting = gap->d - p.computing;
    return p;
}

#endif
