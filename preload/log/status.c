/* SPDX-License-Identifier: Apache-2.0 */
#include "log/status.h"

#include <stdatomic.h>

#include "driver/handles.h"
#include "log/recorder.h"

static struct pt_doc_status *status; /* in the mapped log; NULL: none */
static atomic_llong events, clocks, cpus, threads;

void pt_status_create(struct pt_thread *t)
{
    uint8_t *p = pt_record_reserve(t, sizeof *status);
    if (p) {
        memcpy(p + 4, (const uint8_t *)&pt_template_status + 4, sizeof *status - 4);
        struct pt_doc_status *created = (void *)p;
        created->k = PT_KIND_STATUS;
        created->state = PT_STATE_RECORDING;
        pt_record_commit(t, p, sizeof *status);
        status = created;
    }
}

void pt_status_add_thread(struct pt_thread *t)
{
    atomic_fetch_add(&events, t->events);
    atomic_fetch_add(&clocks, t->clocks);
    atomic_fetch_add(&cpus, t->cpus);
    t->events = t->clocks = t->cpus = 0;
}

void pt_status_thread_seen(void)
{
    atomic_fetch_add(&threads, 1);
}

void pt_status_refresh(void)
{
    if (status) {
        status->reason = (int32_t)pt_record_reason();
        status->events = atomic_load(&events);
        status->dropped = pt_record_dropped();
        status->clocks = atomic_load(&clocks);
        status->cpus = atomic_load(&cpus);
        status->threads = atomic_load(&threads);
        status->handles = pt_handles_lost();
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
}
