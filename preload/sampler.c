/* SPDX-License-Identifier: Apache-2.0 */
#include "sampler.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "options.h"
#include "resources.h"
#include "thread.h"

#define PT_SAMPLER_STACK_BYTES (128u * 1024u)
#define PT_SYSTEM_INTERVAL_NS 1000000000 /* files of the whole system cost more to read: at most one a second */

static struct pt_thread *internal_thread;
static atomic_int wake;        /* futex; its value changes when the sampler has to look up */
static atomic_bool running;    /* a thread exists */
static atomic_bool paused, stopping;
static atomic_bool sampling;   /* the internal thread object is being written to */
static atomic_llong interval_ns;
static int64_t last_system_ns;

static void sleep_until_woken(int value, int64_t sleep_ns)
{
    struct timespec timeout = {.tv_sec = sleep_ns / 1000000000, .tv_nsec = sleep_ns % 1000000000};
    syscall(SYS_futex, &wake, FUTEX_WAIT_PRIVATE, value, &timeout, NULL, 0);
}

static void wake_up(void)
{
    atomic_fetch_add(&wake, 1);
    syscall(SYS_futex, &wake, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* One sampler at a time writes through the internal thread object: the thread, or whoever ends the process. */
static void take_sample(bool with_system)
{
    if (atomic_exchange_explicit(&sampling, true, memory_order_acquire)) {
        return;
    }
    int64_t now_ns = pt_now_ns();
    pt_resources_record_process(internal_thread, now_ns);
    if (with_system || now_ns - last_system_ns >= PT_SYSTEM_INTERVAL_NS) {
        last_system_ns = now_ns;
        pt_resources_record_system(internal_thread, now_ns);
    }
    atomic_store_explicit(&sampling, false, memory_order_release);
}

static void *sample_until_stopped(void *unused)
{
    (void)unused;
    prctl(PR_SET_NAME, "phasetap");
    pt_resources_own_clock();
    while (!atomic_load(&stopping)) {
        int seen = atomic_load(&wake);
        if (!atomic_load(&paused)) {
            take_sample(false);
        }
        if (!atomic_load(&stopping)) {
            sleep_until_woken(seen, atomic_load(&paused) ? 3600000000000 : atomic_load(&interval_ns));
        }
    }
    return NULL;
}

static void start_thread(void)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;
    if (atomic_exchange(&running, true)) {
        return;
    }
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, PT_SAMPLER_STACK_BYTES);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    if (pthread_create(&thread, &attributes, sample_until_stopped, NULL) != 0) {
        atomic_store(&running, false); /* first and last sample are still taken */
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

void pt_sampler_start(struct pt_thread *internal)
{
    internal_thread = internal;
    atomic_store(&interval_ns, pt_options.INTERVAL);
    atomic_store(&paused, false);
    atomic_store(&stopping, false);
    last_system_ns = 0;
    if (pt_options.SAMPLER) {
        start_thread();
    }
}

void pt_sampler_resume(int64_t new_interval_ns)
{
    if (new_interval_ns > 0) {
        atomic_store(&interval_ns, new_interval_ns);
    }
    atomic_store(&paused, false);
    if (internal_thread) {
        start_thread();
        wake_up();
    }
}

void pt_sampler_pause(void)
{
    if (internal_thread && !atomic_exchange(&paused, true)) {
        take_sample(true);
        wake_up();
    }
}

struct pt_thread *pt_sampler_stop(void)
{
    atomic_store(&stopping, true);
    if (internal_thread == NULL) {
        return NULL;
    }
    wake_up();
    for (int yields = 0; atomic_load(&sampling) && yields < 1000; yields++) {
        sched_yield();
    }
    if (pt_options.SAMPLER && !atomic_load(&paused)) {
        take_sample(true);
    }
    /* From here on the object is the caller's: a sampler that comes late finds it taken. */
    return atomic_exchange(&sampling, true) ? NULL : internal_thread;
}

void pt_sampler_forget(void)
{
    internal_thread = NULL;
    atomic_store(&running, false);
    atomic_store(&sampling, false);
    pt_resources_forget();
}
