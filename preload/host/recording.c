/* SPDX-License-Identifier: Apache-2.0 */
#include "host/recording.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/tell.h"
#include "base/text.h"
#include "driver/drivers.h"
#include "driver/sessions.h"
#include "host/leaving.h"
#include "host/log_path.h"
#include "host/manifest.h"
#include "host/sampler.h"
#include "host/writer.h"
#include "log/chunk_pool.h"
#include "log/flush.h"
#include "log/log_begin.h"
#include "log/log_file.h"
#include "log/rotation.h"
#include "log/name_file.h"
#include "log/name_table.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/status.h"
#include "thread/annotation_totals.h"
#include "thread/thread.h"

/* While a thread starts the recording, the state is the negative of its process id: a forked child
 * sees that nobody here is at it. */
enum process_state { PROCESS_NEW, PROCESS_ON, PROCESS_OFF, PROCESS_CLOSED };

#define PT_START_YIELDS                                                                            \
    100000 /* starting takes about a millisecond; never hold up the host for long */

static atomic_int state;

static const uint8_t not_alive = 0;
volatile const uint8_t *pt_process_alive = &not_alive;
static volatile uint8_t
    *alive_page; /* the kernel wipes it in a child, whatever way it was forked */

/* One page that reads 1 here and 0 in a child of a fork: the cheapest way to notice a fork without
 * a system call. */
static bool make_alive_page(void)
{
    if (alive_page == NULL) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED || madvise(page, 4096, MADV_WIPEONFORK) != 0) {
            return false;
        }
        alive_page = page;
    }
    *alive_page = 1;
    pt_process_alive = alive_page;
    return true;
}

static void switch_off(enum pt_reason reason)
{
    char number[48];
    size_t at = pt_text_decimal(number, (uint64_t)reason);
    number[at++] = ' ';
    pt_text_decimal(number + at, (uint64_t)getpid());
    pt_tell("off", number);
    atomic_store(&state, PROCESS_OFF);
}

/* The kernel's random numbers, or, early in the life of a machine, what tells two rings apart. */
static void make_ring_id(uint8_t id[PT_RING_ID_BYTES])
{
    int64_t stand_in[2] = {pt_now_ns(), getpid()};
    memcpy(id, stand_in, PT_RING_ID_BYTES);
    (void)!getrandom(id, PT_RING_ID_BYTES, GRND_NONBLOCK);
}

/* The log exists and is empty: makes its ring and writes its first documents. */
static enum pt_reason begin_log(const char *path)
{
    uint8_t id[PT_RING_ID_BYTES];
    uint32_t manifest_bytes;
    make_ring_id(id);
    enum pt_reason reason = pt_ring_create((enum pt_ring_place)pt_options.RING, path, id);
    if (reason == PT_REASON_NONE) {
        void *manifest = pt_manifest_make(&manifest_bytes);
        pt_name_file_write(false);
        reason = pt_log_begin(manifest, manifest_bytes, &pt_ring->committed_bytes[0]);
    }
    if (reason != PT_REASON_NONE) {
        pt_ring_abandon();
        pt_log_abandon();
        pt_name_file_abandon();
    }
    return reason;
}

/* The log goes on in another file, which is to name the drivers too. */
static void begin_part(void)
{
    atomic_store(&pt_drivers_noted, 0);
}

static void begin_threads(void)
{
    pt_parts_begin(pt_options.ROTATE, begin_part);
    pt_chunk_pool_reset();
    pt_status_attach(&pt_ring->status);
    pt_clock_begin(pt_options.CLOCK == 0);
    pt_leaving_prepare(pt_process_alive);
    struct pt_thread *internal = pt_thread_take_internal();
    if (internal) {
        pt_sampler_start(internal);
    }
    pt_writer_start();
}

static enum pt_reason open_log(char *path, bool again)
{
    if (!pt_options.ENABLE || (again && !pt_options.FOLLOW)) {
        return PT_REASON_DISABLED;
    }
    if (!make_alive_page()) {
        return PT_REASON_MAP;
    }
    enum pt_reason reason = pt_log_path_open(path, getpid() == pt_options.loaded_pid);
    return reason == PT_REASON_NONE ? begin_log(path) : reason;
}

static void start_recording(bool again)
{
    char path[PT_PATH_BYTES];
    enum pt_reason reason = open_log(path, again);
    pt_ring_leave_parent(reason);
    if (reason != PT_REASON_NONE) {
        switch_off(reason);
        return;
    }
    begin_threads();
    pt_tell("log", path);
    atomic_store(&state, PROCESS_ON);
}

/* In the child of a fork the parent's mapping, threads and sampler are not ours; there is one
 * thread. */
static void forget_parent(void)
{
    pt_leaving_forget();
    pt_writer_forget();
    pt_flush_forget();
    pt_log_forget();
    pt_name_file_forget();
    pt_status_forget();
    pt_record_forget();
    pt_ring_forget();
    pt_name_table_unlock();
    pt_thread_reset_all();
    pt_sampler_forget();
    pt_annotation_totals_forget();
    pt_drivers_forget_parent();
    pt_sessions_forget_parent();
    pt_process_alive = &not_alive;
}

/* The state that this call may start from: none yet, or the parent's, when this is the child of a
 * fork. */
static int startable_state(void)
{
    int now = atomic_load(&state);
    bool parents = (now == PROCESS_ON && !*pt_process_alive) || (now < 0 && now != -getpid());
    return parents ? now : PROCESS_NEW;
}

/* open and close are cancellation points: a thread cancelled here would never finish. */
static void start_uncancelled(bool again)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    if (again) {
        forget_parent();
    }
    start_recording(again);
    pthread_setcancelstate(before, NULL);
}

bool pt_process_start(void)
{
    int from = startable_state();
    bool again = from != PROCESS_NEW;
    if (atomic_load(&state) == from &&
        atomic_compare_exchange_strong(
            &state, &from, -getpid())) { /* when switched off, no shared line is written */
        start_uncancelled(again);
    }
    for (int yields = 0; atomic_load(&state) < 0 && yields < PT_START_YIELDS; yields++) {
        sched_yield();
    }
    return atomic_load(&state) == PROCESS_ON && *pt_process_alive;
}

bool pt_process_is_new(void)
{
    return atomic_load(&state) == PROCESS_NEW;
}

bool pt_process_close(void)
{
    int on = PROCESS_ON;
    return *pt_process_alive && atomic_compare_exchange_strong(&state, &on, PROCESS_CLOSED);
}
