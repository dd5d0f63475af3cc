/* SPDX-License-Identifier: Apache-2.0 */
#include "host/thread_sched.h"

#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/proc_file.h"
#include "base/raw_file.h"
#include "base/text.h"
#include "bson/bson_writer.h"
#include "log/name_ids.h"
#include "log/recorder.h"
#include "thread/thread.h"

#define PT_FIRST_SWEEP_NS   1000000000
#define PT_LONGEST_SWEEP_NS 8000000000
#define PT_HELPERS_MAX      128u     /* recorded in one sweep */
#define PT_HELPER_CPU_NS    10000000 /* one that used less is not worth a document */
#define PT_THREAD_NAME      16u /* longest thread name, the final zero included (TASK_COMM_LEN) */

struct counts {
    int64_t cpu_ns;
    int64_t ready_ns;
};

/* "cpu ready slices", the first two in ns. All zero: the kernel was built without, or the thread
 * has not run. The kernel adds to cpu at ticks and switches only: in a thread that was just made it
 * is still 0, though the other two count. */
static bool read_counts(const char *path, struct counts *counts)
{
    char text[96];
    const char *at = text;
    if (pt_proc_read(path, text, sizeof text) == 0) {
        return false;
    }
    counts->cpu_ns = (int64_t)pt_text_number(at, &at);
    at += *at == ' ';
    counts->ready_ns = (int64_t)pt_text_number(at, &at);
    at += *at == ' ';
    return counts->cpu_ns > 0 || pt_text_number(at, &at) > 0;
}

static void record(struct pt_pen *pen, int32_t number, int64_t now_ns, const struct counts *counts)
{
    PT_RECORD(pen, sched, doc) {
        doc->th = number;
        doc->t = now_ns;
        doc->cpu = counts->cpu_ns;
        doc->rdy = counts->ready_ns;
    }
}

void pt_sched_record_own(struct pt_thread *t, int64_t now_ns)
{
    struct counts counts;
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    if (read_counts("/proc/thread-self/schedstat", &counts)) {
        record(&t->pen, t->pen.number, now_ns, &counts);
    }
    pthread_setcancelstate(before, NULL);
}

/* ---- all threads ---- */

static int64_t next_sweep_ns, interval_ns;
/* The recorded threads that were found at the beginning of a sweep. */
static struct {
    int32_t tid, number;
} known[PT_THREADS_MAX];
static unsigned known_count;

static void note_known(struct pt_thread *t)
{
    if (known_count < PT_THREADS_MAX && t->tid != 0 && t->pen.number > 0) {
        known[known_count].tid = t->tid;
        known[known_count++].number = t->pen.number;
    }
}

/* The number of a recorded thread; 0: it has never called the driver. */
static int32_t number_of(int32_t tid)
{
    for (unsigned i = 0; i < known_count; i++) {
        if (known[i].tid == tid) {
            return known[i].number;
        }
    }
    return 0;
}

static bool task_path(char *out, size_t size_bytes, const char *tid, const char *file)
{
    size_t at = 0;
    return pt_text_append(out, size_bytes, &at, "/proc/self/task/") &&
           pt_text_append(out, size_bytes, &at, tid) && pt_text_append(out, size_bytes, &at, file);
}

/* `tid` in digits. False if its name is the profiler's own. */
static bool record_helper(struct pt_pen *pen, const char *tid, int64_t now_ns,
                          const struct counts *counts)
{
    char path[64], name[PT_THREAD_NAME + 1], token[PT_TOKEN_BYTES];
    uint8_t buffer[128];
    struct pt_bson b;
    const char *end;
    if (!task_path(path, sizeof path, tid, "/comm")) {
        return false;
    }
    pt_proc_read(path, name, sizeof name);
    name[strcspn(name, "\n")] = '\0';
    if (strcmp(name, "phasetap") == 0) {
        return false;
    }
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_HELPER);
    pt_bson_int32(&b, "tid", (int32_t)pt_text_number(tid, &end));
    pt_bson_int64(&b, "t", now_ns);
    pt_bson_string(&b, "name", pt_name_shown(token, PT_OF_THREAD, name), PT_TOKEN_BYTES);
    pt_bson_int64(&b, "cpu", counts->cpu_ns);
    pt_bson_int64(&b, "rdy", counts->ready_ns);
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
    return true;
}

/* 1 if it was recorded as a helper. */
static unsigned sweep_thread(struct pt_pen *pen, const char *tid, int64_t now_ns, bool helpers)
{
    char path[64];
    const char *end;
    struct counts counts;
    int32_t number = number_of((int32_t)pt_text_number(tid, &end));
    if ((number == 0 && !helpers) || !task_path(path, sizeof path, tid, "/schedstat") ||
        !read_counts(path, &counts)) {
        return 0;
    }
    if (number > 0) {
        record(pen, number, now_ns, &counts);
        return 0;
    }
    return counts.cpu_ns >= PT_HELPER_CPU_NS && record_helper(pen, tid, now_ns, &counts);
}

/* As getdents64 fills it in. */
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

/* No opendir: it allocates. */
static void sweep_directory(struct pt_pen *pen, int fd, int64_t now_ns)
{
    _Alignas(struct entry) char buffer[4096];
    unsigned helpers = 0;
    long used;
    while ((used = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < used;) {
            const struct entry *entry = (const void *)(buffer + at);
            if (entry->name[0] >= '1' && entry->name[0] <= '9') {
                helpers += sweep_thread(pen, entry->name, now_ns, helpers < PT_HELPERS_MAX);
            }
            at += entry->bytes;
        }
    }
}

void pt_sched_sweep(struct pt_pen *pen, int64_t now_ns, bool last)
{
    if (next_sweep_ns == 0) {
        interval_ns = PT_FIRST_SWEEP_NS;
        next_sweep_ns = now_ns + interval_ns;
    }
    if (!last && now_ns < next_sweep_ns) {
        return;
    }
    interval_ns = interval_ns < PT_LONGEST_SWEEP_NS ? interval_ns * 2 : interval_ns;
    next_sweep_ns = now_ns + interval_ns;
    known_count = 0;
    pt_thread_each(note_known);
    int fd = pt_raw_open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        sweep_directory(pen, fd, now_ns);
        pt_raw_close(fd);
    }
}

void pt_sched_forget(void)
{
    next_sweep_ns = 0;
}
