/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c: the constructor and the destructor of libphasetap.so, called by the dynamic loader alone.
 *
 * At load time nothing may be started: the object is loaded into every child of a shell, and most
 * of them never call the driver. What the constructor reads, it reads because it would be too late
 * at the first call. At exit other threads may still be running; what they write from then on finds
 * no new chunk, and the mapping stays.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/options.h"
#include "base/tell.h"
#include "driver/original.h"
#include "host/manifest.h"
#include "host/recording.h"
#include "host/sampler.h"
#include "host/thread_life.h"
#include "host/unseen.h"
#include "loader/audit_module.h"
#include "log/log_file.h"
#include "log/recorder.h"
#include "log/status.h"

/* With the name that the kernel gave the process: when it ends under another one, it has become a
 * program into which we were not loaded, and `phasetap run` can say so. */
static void tell_loaded(void)
{
    char name[17] = "";
    if (pt_options.handshake[0] && prctl(PR_GET_NAME, name) == 0) {
        pt_tell("loaded", name);
    }
}

__attribute__((constructor)) static void load(void)
{
    int saved_errno = errno;
    pt_options_read();
    pt_unseen_begin();
    const char *audit = secure_getenv("LD_AUDIT");
    if (audit && strstr(audit, PT_AUDIT_MODULE)) {
        pt_original_by_caller();
    }
    pt_thread_watch_main();
    tell_loaded();
    errno = saved_errno;
}

/* Drivers whose calls were not seen. When none was seen at all, a log is made that says so; without
 * a driver in the process there is no trace of us. */
static void search_unseen(void)
{
    bool found = pt_options.ENABLE && getpid() == pt_options.loaded_pid &&
                 pt_unseen_search(pt_options.handshake[0] != '\0');
    if (found && pt_process_is_new()) {
        pt_options.SAMPLER = 0;
        pt_process_start();
    }
}

static void settle_thread(struct pt_thread *t)
{
    pt_record_settle(&t->pen);
}

/* The file is cut to the chunks in use, and each of them ends in a filler. */
static void finish_log(void)
{
    uint32_t chunks = pt_log_file_close();
    pt_record_await_claims();
    pt_thread_each(settle_thread);
    pt_record_fill_unclaimed(chunks);
}

static void write_last_documents(void)
{
    struct pt_thread *internal = pt_sampler_stop();
    if (internal == NULL) { /* none, or the sampler is stopped inside a sample */
        internal = pt_thread_take_internal();
    }
    pt_thread_each(pt_thread_publish_counts);
    if (internal) {
        pt_unseen_write(&internal->pen);
        pt_end_write(&internal->pen);
    }
}

__attribute__((destructor)) static void unload(void)
{
    int saved_errno = errno;
    search_unseen();
    if (pt_process_close()) {
        write_last_documents();
        pt_status_publish(PT_STATE_CLOSED);
        finish_log();
    }
    errno = saved_errno;
}
