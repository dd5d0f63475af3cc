/* SPDX-License-Identifier: Apache-2.0 */
#include "host/sampler.h"

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

#include "base/clock.h"
#include "log/log_file.h"
#include "base/options.h"
#include "host/resource_sample.h"
#include "thread/thread.h"

#define PT_SAMPLER_STACK_BYTES (128u * 1024u)
/* How often to check whether the other threads have ended too. */
#define PT_WATCH_NS            20000000
#define PT_CLOSE_RANGE_UNSHARE 2u /* CLOSE_RANGE_UNSHARE of <linux/close_range.h> */
#define PT_HOUR_NS             3600000000000
#define PT_WHOLE_INTERVAL_NS   1000000000 /* files that cost more to read: at most one a second */

static struct pt_thread *internal_thread;
static atomic_int wake;         /* futex; its value changes when the sampler has something to do */
static atomic_int look_up;      /* changes when interval or pause did */
static atomic_bool supply;      /* a thread asks for chunks */
static atomic_bool leader_left; /* the main thread has left by pthread_exit */
static atomic_bool running;     /* a thread exists */
static atomic_bool paused, stopping;
static atomic_bool sampling; /* the internal thread object is being written to */
static atomic_llong interval_ns;
static int64_t last_whole_ns;

static void sleep_until_woken(int value, int64_t sleep_ns)
{
    struct timespec timeout = {.tv_sec = sleep_ns / 1000000000, .tv_nsec = sleep_ns % 1000000000};
    syscall(SYS_futex, &wake, FUTEX_WAIT_PRIVATE, value, &timeout, NULL, 0);
}

static void call_thread(void)
{
    atomic_fetch_add(&wake, 1);
    syscall(SYS_futex, &wake, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void wake_up(void)
{
    atomic_fetch_add(&look_up, 1);
    call_thread();
}

/* Called by a thread of the host that has claimed a chunk and found few left. */
static void ask_for_chunks(void)
{
    if (!atomic_exchange(&supply, true)) {
        call_thread();
    }
}

/* One sampler at a time writes through the internal thread object: the thread, or whoever ends the
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
    }
    atomic_store_explicit(&sampling, false, memory_order_release);
}

/* A process lives as long as a thread of it, ours too: when the host's main thread has left by
 * pthread_exit and its other threads have ended, we must end with them. The leader is then a
 * zombie, which counts as a thread. */
static bool host_has_ended(void)
{
    return atomic_load(&leader_left) && pt_resources_thread_count() <= 2;
}

/* Until the next sample is due, or it was told to look up: sleeps, and supplies chunks when a
 * thread asks for them. */
static void wait_for_next_sample(int64_t start_ns)
{
    int look_ups = atomic_load(&look_up);
    while (!atomic_load(&stopping) && atomic_load(&look_up) == look_ups) {
        int seen = atomic_load(&wake);
        if (atomic_exchange(&supply, false)) {
            pt_log_file_prepare();
        }
        if (host_has_ended()) {
            return;
        }
        int64_t left_ns =
            atomic_load(&paused) ? PT_HOUR_NS : start_ns + atomic_load(&interval_ns) - pt_now_ns();
        if (left_ns <= 0) {
            return;
        }
        left_ns = atomic_load(&leader_left) && left_ns > PT_WATCH_NS ? PT_WATCH_NS : left_ns;
        if (!atomic_load(&supply)) {
            sleep_until_woken(seen, left_ns);
        }
    }
}

static void *sample_until_stopped(void *unused)
{
    (void)unused;
    prctl(PR_SET_NAME, "phasetap");
    pt_resources_own_thread();
    /* A table of descriptors of our own, empty: the host may close or reuse any number in its own
     * at any moment. Linux 5.9. */
    if (syscall(SYS_close_range, 0, ~0U, PT_CLOSE_RANGE_UNSHARE) == 0) {
        pt_log_file_set_supplier(ask_for_chunks);
    }
    while (!atomic_load(&stopping) && !host_has_ended()) {
        int64_t start_ns = pt_now_ns();
        if (!atomic_load(&paused)) {
            take_sample(false);
        }
        wait_for_next_sample(start_ns);
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
    if (pt_options.SIGBUS_GUARD) {
        sigdelset(&all, SIGBUS); /* raised by a store of our own it cannot wait: sigbus_guard.h */
    }
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, PT_SAMPLER_STACK_BYTES);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    if (pthread_create(&thread, &attributes, sample_until_stopped, NULL) != 0) {
        atomic_store(&running, false); /* the last sample is still taken */
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
    last_whole_ns = 0;
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

void pt_sampler_leader_leaves(void)
{
    atomic_store(&leader_left, true);
    if (atomic_load(&running)) {
        call_thread();
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
    atomic_store(&supply, false);
    atomic_store(&leader_left, false);
    pt_resources_forget();
}
