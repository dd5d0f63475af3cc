/* SPDX-License-Identifier: Apache-2.0 */
#include "host/writer.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "host/orphans.h"
#include "host/resource_sample.h"
#include "host/sampler.h"
#include "log/disk_wait.h"
#include "log/flush.h"
#include "log/log_sync.h"

#define PT_WRITER_STACK_BYTES  (128u * 1024u)
#define PT_BUSY_TICK_NS        50000000   /* while events come */
#define PT_IDLE_TICK_NS        200000000  /* the promise: never further behind */
#define PT_START_NS            5000000000 /* a new thread of a busy machine runs long before */
#define PT_WATCH_NS            20000000   /* how often to check whether all other threads ended */
#define PT_PAUSE_NAPS          20000      /* a second: a disk that stalls keeps the thread */
#define PT_CLOSE_RANGE_UNSHARE 2u         /* CLOSE_RANGE_UNSHARE of <linux/close_range.h> */

static atomic_int wake;       /* futex: changes when the writer has something to do */
static atomic_bool asked;     /* it was woken and has not looked yet */
static atomic_bool running;   /* the thread exists */
static atomic_int writer_tid; /* of the thread, 0: it has not begun */
static pthread_t writer_self;
static atomic_bool pausing;     /* the thread is to end; another one starts later */
static atomic_bool leader_left; /* the main thread has left by pthread_exit */
static atomic_int finishing;    /* enum finish; futex */
static int64_t flush_due_ns;    /* of the writer */

/* What belongs before and behind the last flush; whoever takes it runs it. */
static void (*_Atomic before_last)(void);
static void (*_Atomic behind_last)(void);

enum finish { FINISH_NO, FINISH_WANTED, FINISH_DONE, FINISH_FAILED };

static void futex_wait(atomic_int *word, int value, int64_t sleep_ns)
{
    struct timespec timeout = {.tv_sec = sleep_ns / 1000000000, .tv_nsec = sleep_ns % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &timeout, NULL, 0);
}

static void futex_wake(atomic_int *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void pt_writer_look(void)
{
    atomic_fetch_add(&wake, 1);
    futex_wake(&wake);
}

/* By threads of the host that find few free chunks: one system call for all of them. */
static void ask_for_chunks(void)
{
    if (!atomic_load_explicit(&asked, memory_order_relaxed) && !atomic_exchange(&asked, true)) {
        pt_writer_look();
    }
}

/* A process lives as long as a thread of it, ours too: when the host's main thread has left by
 * pthread_exit and its other threads have ended, we must end with them. The leader is then a
 * zombie, which counts as a thread. */
static bool host_has_ended(void)
{
    return atomic_load(&leader_left) && pt_resources_thread_count() <= 2;
}

static int64_t next_pause_ns(void)
{
    int64_t sample_ns = pt_sampler_next_ns();
    int64_t pause_ns = (sample_ns < flush_due_ns ? sample_ns : flush_due_ns) - pt_now_ns();
    return atomic_load(&leader_left) && pause_ns > PT_WATCH_NS ? PT_WATCH_NS : pause_ns;
}

static void run_once(void (*_Atomic *function)(void))
{
    void (*run)(void) = atomic_exchange(function, NULL);
    if (run) {
        run();
    }
}

static bool is_good(enum pt_flush last)
{
    return last == PT_FLUSH_DONE || last == PT_FLUSH_NOTHING;
}

/* An exit may ask twice: behind its destructors there may be more. */
static void end_finish(enum pt_flush last)
{
    bool good = is_good(last);
    if (good) {
        run_once(&behind_last);
    }
    atomic_store(&finishing, good ? FINISH_DONE : FINISH_FAILED);
    futex_wake(&finishing);
}

static void flush_log(int *log_fd, bool last_time)
{
    enum pt_flush flushed = pt_flush(log_fd);
    pt_log_sync(log_fd, flushed == PT_FLUSH_DONE, last_time);
    if (last_time) {
        end_finish(flushed);
    }
    flush_due_ns = pt_now_ns() + (flushed == PT_FLUSH_DONE ? PT_BUSY_TICK_NS : PT_IDLE_TICK_NS);
}

/* Samples may be due more often than the log is: each of them alone is not worth an append. */
static void write_until_finished(int *log_fd)
{
    int looked_at = atomic_load(&wake) - 1;
    while (!host_has_ended() && !atomic_load(&pausing)) {
        int seen = atomic_load(&wake);
        bool last_time = atomic_load(&finishing) == FINISH_WANTED;
        atomic_store(&asked, false);
        if (last_time) {
            run_once(&before_last);
        }
        pt_clock_tick();
        pt_sampler_take_due();
        if (last_time || seen != looked_at || pt_now_ns() >= flush_due_ns) {
            flush_log(log_fd, last_time);
        }
        looked_at = seen;
        int64_t pause_ns = next_pause_ns();
        if (pause_ns > 0 && !atomic_load(&asked)) {
            futex_wait(&wake, seen, pause_ns);
        }
    }
}

/* Between two rings of other processes, our own comes first. */
static bool may_fold_more(void *log_fd)
{
    pt_sampler_take_due();
    (void)pt_flush(log_fd);
    return atomic_load(&finishing) == FINISH_NO && !atomic_load(&leader_left);
}

static void *writer_main(void *unused)
{
    int kept = -1;
    (void)unused;
    prctl(PR_SET_NAME, "phasetap");
    writer_self = pthread_self();
    atomic_store(&writer_tid, (int)syscall(SYS_gettid));
    futex_wake(&writer_tid);
    pt_resources_own_thread();
    /* A table of descriptors of our own, empty: the host may close or reuse any number in its own
     * at any moment. Linux 5.9; before it the log is opened for each flush. */
    bool own_table = syscall(SYS_close_range, 0, ~0U, PT_CLOSE_RANGE_UNSHARE) == 0;
    if (own_table) {
        pt_resources_keep_files();
    }
    pt_flush_set_waker(ask_for_chunks);
    if (own_table) {
        pt_orphans_fold(may_fold_more, &kept);
    }
    write_until_finished(own_table ? &kept : NULL);
    pt_flush_set_waker(NULL);
    pt_resources_lose_files();
    if (atomic_load(&finishing) == FINISH_WANTED) { /* too late for this thread */
        end_finish(PT_FLUSH_FAILED);
    }
    return NULL;
}

static bool create_thread(void)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, PT_WRITER_STACK_BYTES);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    bool created = pthread_create(&thread, &attributes, writer_main, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return created;
}

/* A host may install a system call filter as soon as its first driver call returns. The C library
 * ends the process if a call that it makes at a thread's start is refused. */
static void wait_until_it_runs(void)
{
    int64_t end_ns = pt_clock_read_ns(CLOCK_MONOTONIC) + PT_START_NS;
    int64_t left_ns = PT_START_NS;
    while (atomic_load(&writer_tid) == 0 && left_ns > 0) {
        futex_wait(&writer_tid, 0, left_ns);
        left_ns = end_ns - pt_clock_read_ns(CLOCK_MONOTONIC);
    }
}

static void start_thread(void)
{
    if (atomic_exchange(&running, true)) {
        return;
    }
    if (create_thread()) {
        wait_until_it_runs();
    } else {
        atomic_store(&running, false); /* threads of the host write for themselves */
    }
}

void pt_writer_start(void)
{
    if (pt_options.WRITER) {
        start_thread();
    }
}

void pt_writer_want_samples(void)
{
    start_thread();
    pt_writer_look();
}

/* Whether the kernel has let go of the thread; that pthread_join returns would not say so. */
static bool is_gone(void)
{
    int tid = atomic_load(&writer_tid);
    return tid != 0 && syscall(SYS_tgkill, getpid(), tid, 0) != 0;
}

bool pt_writer_pause(void)
{
    static const struct timespec nap = {.tv_nsec = 50000};
    if (!atomic_load(&running) || atomic_exchange(&pausing, true)) {
        return false;
    }
    pt_writer_look();
    for (int naps = 0; naps < PT_PAUSE_NAPS && !is_gone(); naps++) {
        nanosleep(&nap, NULL);
    }
    return true;
}

void pt_writer_continue(void)
{
    if (is_gone()) {
        atomic_store(&writer_tid, 0);
        atomic_store(&running, false);
        atomic_store(&pausing, false);
        start_thread();
    } /* else it ends when the disk answers, and threads of the host write for themselves */
}

void pt_writer_leader_leaves(void)
{
    atomic_store(&leader_left, true);
    if (atomic_load(&running)) {
        pt_writer_look();
    }
}

static bool finish_here(void)
{
    run_once(&before_last);
    bool good = is_good(pt_flush(NULL));
    if (good) {
        run_once(&behind_last);
    }
    return good;
}

/* Waits for the writer: long when it only lacks a CPU, short when the disk does not answer. */
static bool wait_for_writer(void)
{
    int64_t start_ns = pt_now_ns();
    int64_t stalled_ns = 0;
    int64_t now_ns = start_ns;
    while (atomic_load(&finishing) == FINISH_WANTED && now_ns - start_ns < PT_WRITER_LAST_WAIT_NS &&
           stalled_ns < PT_WRITER_LAST_WAIT_NS / 10) {
        futex_wait(&finishing, FINISH_WANTED, PT_WATCH_NS);
        int64_t before_ns = now_ns;
        now_ns = pt_now_ns();
        stalled_ns =
            pt_disk_is_awaited() || pt_orphans_are_folded() ? stalled_ns + now_ns - before_ns : 0;
    }
    return atomic_load(&finishing) == FINISH_DONE;
}

bool pt_writer_finish(void (*before)(void), void (*behind)(void))
{
    atomic_store(&before_last, before);
    atomic_store(&behind_last, behind);
    /* The writer itself may be the last thread, and then runs the exit. */
    if (!atomic_load(&running) || pthread_equal(writer_self, pthread_self())) {
        return finish_here();
    }
    atomic_store(&finishing, FINISH_WANTED);
    pt_writer_look();
    bool good = wait_for_writer();
    run_once(&before_last); /* the writer did not come to it */
    return good;
}

void pt_writer_forget(void)
{
    atomic_store(&running, false);
    atomic_store(&writer_tid, 0);
    atomic_store(&pausing, false);
    atomic_store(&asked, false);
    atomic_store(&leader_left, false);
    atomic_store(&finishing, FINISH_NO);
    pt_log_sync_forget();
    pt_orphans_forget();
}
