/* SPDX-License-Identifier: Apache-2.0 */
#include "host/thread_life.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "bson/bson_writer.h"
#include "host/recording.h"
#include "host/writer.h"
#include "log/recorder.h"
#include "log/status.h"
#include "thread/annotation_documents.h"
#include "thread/gap_document.h"

/* Its destructor runs when a thread ends. */
static pthread_key_t end_key;
static bool have_end_key;
static char main_thread_mark; /* the key's value on a main thread that has not called the driver */
static pthread_once_t end_key_once = PTHREAD_ONCE_INIT;

static void write_thread_document(struct pt_thread *t, const char *event, int64_t now_ns)
{
    uint8_t buffer[160];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_THREAD);
    pt_bson_int32(&b, "th", t->pen.number);
    pt_bson_int32(&b, "tid", t->tid);
    pt_bson_int64(&b, "t", now_ns);
    pt_bson_string(&b, "ev", event, 8);
    if (event[0] == 'e') {
        pt_bson_int64(&b, "events", t->pen.events + 1);
        pt_bson_int64(&b, "clocks", t->clocks);
        pt_bson_int64(&b, "cpus", t->cpus);
    }
    pt_record_bytes(&t->pen, buffer, (uint32_t)pt_bson_finish(&b));
}

/* Later destructors may still call the driver or the annotation interface; then the thread gets a
 * new state. */
static void thread_ended(void *object)
{
    struct pt_thread *t = object == &main_thread_mark ? NULL : object;
    int saved_errno = errno;
    pt_thread_current = NULL;
    if (syscall(SYS_gettid) == getpid()) {
        pt_writer_leader_leaves();
    }
    if (t && *pt_process_alive && !t->stale) {
        int64_t now_ns = pt_now_ns();
        pt_annotation_record_left_open(t);
        pt_gap_record_last(t, now_ns);
        write_thread_document(t, "end", now_ns);
        pt_thread_publish_counts(t);
        pt_recognised_release(&t->recognised);
        pt_thread_release(t);
    }
    errno = saved_errno;
}

static void make_end_key(void)
{
    /* Without a key (the host used them all) ends of threads go unseen; nothing else changes. */
    have_end_key = pthread_key_create(&end_key, thread_ended) == 0;
}

void pt_thread_watch_main(void)
{
    pthread_once(&end_key_once, make_end_key);
    if (have_end_key) {
        (void)pthread_setspecific(end_key, &main_thread_mark);
    }
}

static struct pt_thread *attach(void)
{
    struct pt_thread *t = pt_thread_take();
    if (t == NULL) {
        return NULL;
    }
    pt_thread_current = t;
    pthread_once(&end_key_once, make_end_key);
    if (have_end_key) {
        (void)pthread_setspecific(end_key, t);
    }
    pt_status_thread_seen();
    write_thread_document(t, "first", pt_now_ns());
    t->mark_ns = pt_now_ns(); /* behind our own work, which is not the application's */
    t->mark_cpu_ns = pt_options.CPU_CLOCK ? pt_thread_cpu_ns() : 0;
    return t;
}

struct pt_thread *pt_thread_self(void)
{
    struct pt_thread *t = pt_thread_current;
    if (__builtin_expect(t != NULL && *pt_process_alive && !t->stale, 1)) {
        return t;
    }
    int saved_errno = errno;
    bool started = pt_process_start();
    t = pt_thread_current;
    t = !started ? NULL : t && !t->stale ? t : attach();
    errno = saved_errno;
    return t;
}
