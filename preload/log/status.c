/* SPDX-License-Identifier: Apache-2.0 */
#include "log/status.h"

#include <stdatomic.h>
#include <stddef.h>

static struct pt_doc_status *status; /* in the mapped log; NULL: none */
static atomic_llong events, clocks, cpus, threads;
static atomic_llong events_lost, objects_lost;
static atomic_int first_reason; /* enum pt_reason */

void pt_status_lose_event(enum pt_reason reason)
{
    int none = PT_REASON_NONE;
    atomic_fetch_add(&events_lost, 1);
    atomic_compare_exchange_strong(&first_reason, &none, (int)reason);
    pt_status_refresh();
}

void pt_status_lose_object(void)
{
    atomic_fetch_add(&objects_lost, 1);
}

int64_t pt_status_events_lost(void)
{
    return atomic_load(&events_lost);
}

int64_t pt_status_objects_lost(void)
{
    return atomic_load(&objects_lost);
}

enum pt_reason pt_status_reason(void)
{
    return (enum pt_reason)atomic_load(&first_reason);
}

void pt_status_thread_seen(void)
{
    atomic_fetch_add(&threads, 1);
}

void pt_status_add(int64_t more_events, int64_t more_clocks, int64_t more_cpus)
{
    atomic_fetch_add(&events, more_events);
    atomic_fetch_add(&clocks, more_clocks);
    atomic_fetch_add(&cpus, more_cpus);
}

void pt_status_attach(struct pt_doc_status *document)
{
    status = document;
}

void pt_status_refresh(void)
{
    if (status) {
        status->reason = (int32_t)pt_status_reason();
        status->events = atomic_load(&events);
        status->dropped = pt_status_events_lost();
        status->clocks = atomic_load(&clocks);
        status->cpus = atomic_load(&cpus);
        status->threads = atomic_load(&threads);
        status->handles = pt_status_objects_lost();
    }
}

void pt_status_publish(enum pt_state state)
{
    pt_status_refresh();
    if (status) {
        status->state = (int32_t)state;
    }
}

void pt_status_forget(void)
{
    status = NULL;
    atomic_store(&events, 0);
    atomic_store(&clocks, 0);
    atomic_store(&cpus, 0);
    atomic_store(&threads, 0);
    atomic_store(&events_lost, 0);
    atomic_store(&first_reason, PT_REASON_NONE);
}
