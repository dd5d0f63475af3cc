/* SPDX-License-Identifier: Apache-2.0 */
#include "host/thread_life.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "bson/bson_writer.h"
#include "host/recording.h"
#include "host/thread_sched.h"
#include "host/writer.h"
#include "log/recorder.h"
#include "log/status.h"
#include "thread/annotation_documents.h"
#include "thread/gap_document.h"

/* The clock of a thread's CPU time is ~tid << 3 with these bits: of one thread, of its scheduling.
 * (CPUCLOCK_PERTHREAD_MASK and CPUCLOCK_SCHED in the kernel; glibc's pthread_getcpuclockid) */
#define PT_CLOCK_OF_THREAD 6u

#define PT_CLOSING_NS      50000
#define PT_CLOSING_YIELDS  1000

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

/* While the exit of the process writes the thread's gap. */
static void await_closing(const struct pt_thread *t)
{
    for (int i = 0; t && i < PT_CLOSING_YIELDS && __atomic_load_n(&t->closing, __ATOMIC_ACQUIRE);
         i++) {
        sched_yield();
    }
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
    await_closing(t);
    if (t && *pt_process_alive && !t->stale) {
        int64_t now_ns = pt_now_ns();
        pt_annotation_record_left_open(t);
        pt_gap_record_last(t, now_ns, pt_options.CPU_CLOCK ? pt_thread_cpu_ns() : 0);
        pt_sched_record_own(t, now_ns);
        write_thread_document(t, "end", now_ns);
        pt_thread_publish_counts(t);
        pt_recognised_release(&t->recognised);
        pt_thread_release(t);
    }
    errno = saved_errno;
}

/* CPU time of another thread; `else_ns` if it is gone. */
static int64_t cpu_of(const struct pt_thread *t, int64_t else_ns)
{
    clockid_t clock = (clockid_t)(~(uint32_t)t->tid << 3 | PT_CLOCK_OF_THREAD);
    struct timespec used;
    return pt_options.CPU_CLOCK && pt_clock_function_now(clock, &used) == 0
               ? (int64_t)used.tv_sec * 1000000000 + used.tv_nsec
               : else_ns;
}

static void begin_closing(struct pt_thread *t)
{
    __atomic_store_n(&t->closing, true, __ATOMIC_SEQ_CST);
}

/* Its owner may go on afterwards: destructors that run later can still call the driver. */
static void close_gap(struct pt_thread *t)
{
    bool idle = t->closing && __atomic_load_n(&t->call, __ATOMIC_SEQ_CST) == NULL;
    if (idle && t->pen.number > 0 && t->calls > 0) {
        int64_t now_ns = pt_now_ns();
        int64_t cpu_ns = cpu_of(t, t->mark_cpu_ns);
        pt_gap_record_last(t, now_ns, cpu_ns);
        t->mark_ns = now_ns;
        t->mark_cpu_ns = cpu_ns;
    }
    __atomic_store_n(&t->closing, false, __ATOMIC_SEQ_CST);
}

void pt_thread_close_gaps(void)
{
    struct timespec moment = {.tv_nsec = PT_CLOSING_NS};
    pt_thread_each(begin_closing);
    nanosleep(&moment, NULL); /* for a thread that is entering a call just now */
    pt_thread_each(close_gap);
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
    int64_t now_ns = pt_now_ns();
    write_thread_document(t, "first", now_ns);
    pt_sched_record_own(t, now_ns);
    pt_record_pause(&t->pen);
    t->mark_ns = pt_now_ns(); /* behind our own work, which is not the application's */
    t->mark_cpu_ns = pt_options.CPU_CLOCK ? pt_thread_cpu_ns() : 0;
    return t;
}

struct pt_thread *pt_thread_self(void)
{
    struct pt_thread *t = pt_thread_current;
    if (__builtin_expect(t != NULL && *pt_process_alive && !t->stale && !t->closing, 1)) {
        return t;
    }
    int saved_errno = errno;
    if (t && *pt_process_alive && t->closing) {
        await_closing(t);
        errno = saved_errno;
        return t->closing ? NULL : t;
    }
    bool started = pt_process_start();
    t = pt_thread_current;
    t = !started ? NULL : t && !t->stale ? t : attach();
    errno = saved_errno;
    return t;
}
