/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c: the constructor and the destructor of libphasetap.so, called by the dynamic loader alone.
 *
 * At load time nothing may be started: the object is loaded into every child of a shell, and most
 * of them never call the driver. What the constructor reads, it reads because it would be too late
 * at the first call. At exit other threads may still be running; what they write from then on is
 * not part of the record, but the mapping stays. Where the log cannot be completed now, the ring
 * stays, too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/tell.h"
#include "driver/original.h"
#include "host/leaving.h"
#include "host/log_path.h"
#include "host/manifest.h"
#include "host/recording.h"
#include "host/run_id.h"
#include "host/sampler.h"
#include "host/thread_life.h"
#include "host/trace_context.h"
#include "host/unseen.h"
#include "host/writer.h"
#include "loader/audit_module.h"
#include "loader/vdso_clock.h"
#include "log/flush.h"
#include "log/name_token.h"
#include "log/ring.h"
#include "log/totals.h"
#include "thread/thread.h"

/* A thread whose last call is not older than this may be about to make the next one. */
#define PT_BUSY_NS 100000000

/* With the name that the kernel gave the process: when it ends under another one, it has become a
 * program into which we were not loaded, and `phasetap run` can say so. */
static void tell_loaded(void)
{
    char name[17] = "";
    if (pt_options.handshake[0] && prctl(PR_GET_NAME, name) == 0) {
        pt_tell("loaded", name);
    }
}

/* Of the C++ ABI, which glibc implements; no header declares it. */
extern int __cxa_atexit(void (*function)(void *), void *argument, void *object);

__attribute__((constructor)) static void load(void)
{
    int saved_errno = errno;
    pt_clock_read_by(pt_vdso_clock());
    pt_options_read();
    pt_run_id_begin();
    pt_trace_context_begin();
    pt_tokens_begin((enum pt_names_mode)pt_options.NAMES, pt_options.handshake);
    pt_unseen_begin();
    pt_leaving_begin();
    const char *audit = secure_getenv("LD_AUDIT");
    if (audit && strstr(audit, PT_AUDIT_MODULE)) {
        pt_original_by_caller();
    }
    pt_thread_watch_main();
    tell_loaded();
    errno = saved_errno;
}

/* Drivers whose calls were not seen. When none was seen at all, a log is made that says so: under
 * `phasetap run`, which was asked for one, or once for each program, which may be started often
 * without using the driver. Without a driver in the process there is no trace of us. */
static void search_unseen(void)
{
    bool found = pt_options.ENABLE && getpid() == pt_options.loaded_pid &&
                 pt_unseen_search(pt_options.handshake[0] != '\0');
    if (found && pt_process_is_new()) {
        pt_options.SAMPLER = pt_options.WRITER = 0;
        if (pt_options.handshake[0] == '\0') {
            pt_log_path_without_calls();
        }
        pt_process_start();
    }
}

/* Threads that go on while the process ends: what they record behind the last flush is lost. */
static struct pt_thread *exiting; /* NULL: it never used the driver */
static int32_t busy_threads;
static int64_t busy_since_ns;

static void count_busy(struct pt_thread *t)
{
    bool other = t != exiting && t->pen.number > 0;
    busy_threads += other && (t->call != NULL || t->mark_ns > busy_since_ns);
}

static void write_last_documents(void)
{
    struct pt_thread *internal = pt_sampler_stop();
    if (internal == NULL) { /* none, or the writer is stopped inside a sample */
        internal = pt_thread_take_internal();
    }
    pt_thread_close_gaps();
    pt_thread_each(pt_thread_publish_counts);
    if (internal) {
        pt_unseen_write(&internal->pen);
        pt_status_write(&internal->pen);
        busy_since_ns = pt_now_ns() - PT_BUSY_NS;
        pt_thread_each(count_busy);
        pt_end_write(&internal->pen, busy_threads);
    }
}

static void store_totals_and_remove(void)
{
    if (pt_flush_totals()) {
        pt_ring_remove();
    }
}

/* Behind the destructors of all objects. What they recorded follows the END document. Where threads
 * of the host are still inside the driver, whose own destructor has run, every moment counts: then
 * the ring stays, and readers take it together with the log. */
static void finish(void *all_flushed)
{
    int saved_errno = errno;
    bool complete = all_flushed != NULL;
    if (complete && pt_thread_count() <= 1) {
        (void)pt_writer_finish(NULL, store_totals_and_remove);
    } else if (complete && !pt_flush_is_pending() && !pt_totals_are_used()) {
        pt_ring_remove();
    }
    errno = saved_errno;
}

/* Plugins' destructors run behind ours and may call the driver. A handler that is registered while
 * the loader runs destructors runs behind all of them; it has no object as its owner, since the
 * handlers of our own object run as soon as this function returns. */
__attribute__((destructor)) static void unload(void)
{
    int saved_errno = errno;
    search_unseen();
    if (pt_process_close()) {
        exiting = pt_thread_current;
        void *all_flushed = pt_writer_finish(write_last_documents, NULL) ? &pt_options : NULL;
        if (__cxa_atexit(finish, all_flushed, NULL) != 0) {
            finish(all_flushed);
        }
    }
    errno = saved_errno;
}
