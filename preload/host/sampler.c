/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sampler.h"

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/options.h"
#include "host/resource_sample.h"
#include "host/thread_sched.h"
#include "thread/thread.h"

#define PT_WHOLE_INTERVAL_NS 1000000000 /* files that cost more to read: at most one a second */
#define PT_STOP_YIELDS       1000

static struct pt_thread *internal_thread;
static atomic_bool paused, stopping;
static atomic_bool sampling; /* the internal thread object is being written to */
static atomic_llong interval_ns;
static atomic_llong next_ns;  /* when the next sample is due */
static int64_t last_whole_ns; /* of the one who samples */

/* One at a time writes through the internal thread object: the writer thread, or whoever ends the
 * process. */
static void take_sample(bool last)
{
    if (atomic_exchange_explicit(&sampling, true, memory_order_acquire)) {
        return;
    }
    int64_t now_ns = pt_now_ns();
    bool whole = last || now_ns - last_whole_ns >= PT_WHOLE_INTERVAL_NS;
    pt_resources_record_process(&internal_thread->pen, now_ns, whole);
    if (whole) {
        last_whole_ns = now_ns;
        pt_resources_record_system(&internal_thread->pen, now_ns);
        pt_sched_sweep(&internal_thread->pen, now_ns, last);
    }
    atomic_store_explicit(&sampling, false, memory_order_release);
}

int64_t pt_sampler_next_ns(void)
{
    bool none = atomic_load(&paused) || atomic_load(&stopping) || internal_thread == NULL;
    return none ? INT64_MAX : atomic_load(&next_ns);
}

void pt_sampler_take_due(void)
{
    int64_t now_ns = pt_now_ns();
    if (now_ns < pt_sampler_next_ns()) {
        return;
    }
    take_sample(false);
    atomic_store(&next_ns, now_ns + atomic_load(&interval_ns));
}

void pt_sampler_start(struct pt_thread *internal)
{
    internal_thread = internal;
    last_whole_ns = 0;
    atomic_store(&interval_ns, pt_options.INTERVAL);
    atomic_store(&next_ns, 0);
    atomic_store(&paused, !pt_options.SAMPLER);
    atomic_store(&stopping, false);
}

bool pt_sampler_resume(int64_t new_interval_ns)
{
    if (internal_thread == NULL) {
        return false;
    }
    if (new_interval_ns > 0) {
        atomic_store(&interval_ns, new_interval_ns);
    }
    atomic_store(&next_ns, 0);
    atomic_store(&paused, false);
    return true;
}

void pt_sampler_pause(void)
{
    if (internal_thread && !atomic_exchange(&paused, true)) {
        take_sample(true);
    }
}

struct pt_thread *pt_sampler_stop(void)
{
    atomic_store(&stopping, true);
    if (internal_thread == NULL) {
        return NULL;
    }
    for (int yields = 0; atomic_load(&sampling) && yields < PT_STOP_YIELDS; yields++) {
        sched_yield();
    }
    if (!atomic_load(&paused)) {
        take_sample(true);
    }
    /* From here on the object is the caller's: a sample that comes late finds it taken. */
    return atomic_exchange(&sampling, true) ? NULL : internal_thread;
}

void pt_sampler_forget(void)
{
    internal_thread = NULL;
    atomic_store(&sampling, false);
    pt_resources_forget();
    pt_sched_forget();
}
