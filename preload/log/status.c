/* SPDX-License-Identifier: Apache-2.0 */
#include "log/status.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Counts lie in the ring's header once there is one: what is counted there survives a kill. */
static struct pt_ring_status before;
static struct pt_ring_status *_Atomic status = &before;
static atomic_int obstacle; /* enum pt_reason */

static struct pt_ring_status *current(void)
{
    return atomic_load_explicit(&status, memory_order_acquire);
}

static void add(int64_t *count, int64_t more)
{
    __atomic_fetch_add(count, more, __ATOMIC_RELAXED);
}

static int64_t read_count(const int64_t *count)
{
    return __atomic_load_n(count, __ATOMIC_RELAXED);
}

void pt_status_lose_events(enum pt_reason reason, int64_t count)
{
    struct pt_ring_status *s = current();
    int32_t none = PT_REASON_NONE;
    add(&s->dropped, count);
    (void)__atomic_compare_exchange_n(&s->reason, &none, (int32_t)reason, false, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED);
}

void pt_status_lose_event(enum pt_reason reason)
{
    pt_status_lose_events(reason, 1);
}

void pt_status_lose_object(void)
{
    add(&current()->handles, 1);
}

void pt_status_obstruct(enum pt_reason reason)
{
    atomic_store_explicit(&obstacle, (int)reason, memory_order_relaxed);
}

enum pt_reason pt_status_obstacle(void)
{
    int reason = atomic_load_explicit(&obstacle, memory_order_relaxed);
    return reason == PT_REASON_NONE ? PT_REASON_BEHIND : (enum pt_reason)reason;
}

int64_t pt_status_events_lost(void)
{
    return read_count(&current()->dropped);
}

int64_t pt_status_objects_lost(void)
{
    return read_count(&current()->handles);
}

enum pt_reason pt_status_reason(void)
{
    return (enum pt_reason)__atomic_load_n(&current()->reason, __ATOMIC_RELAXED);
}

void pt_status_thread_seen(void)
{
    add(&current()->threads, 1);
}

void pt_status_add(int64_t events, int64_t clocks, int64_t cpus)
{
    struct pt_ring_status *s = current();
    add(&s->events, events);
    add(&s->clocks, clocks);
    add(&s->cpus, cpus);
}

void pt_status_read(struct pt_ring_status *out)
{
    const struct pt_ring_status *s = current();
    out->state = __atomic_load_n(&s->state, __ATOMIC_RELAXED);
    out->reason = __atomic_load_n(&s->reason, __ATOMIC_RELAXED);
    out->events = read_count(&s->events);
    out->dropped = read_count(&s->dropped);
    out->clocks = read_count(&s->clocks);
    out->cpus = read_count(&s->cpus);
    out->threads = read_count(&s->threads);
    out->handles = read_count(&s->handles);
}

void pt_status_attach(struct pt_ring_status *in_ring)
{
    in_ring->state = PT_STATE_RECORDING;
    in_ring->handles = read_count(&before.handles);
    atomic_store_explicit(&status, in_ring, memory_order_release);
}

void pt_status_forget(void)
{
    int64_t objects = read_count(&current()->handles);
    before = (struct pt_ring_status){.handles = objects};
    atomic_store(&obstacle, PT_REASON_NONE);
    atomic_store_explicit(&status, &before, memory_order_release);
}
