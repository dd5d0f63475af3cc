/* SPDX-License-Identifier: Apache-2.0 */
#include "host/resource_sample.h"

#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc_file.h"
#include "bson/bson_writer.h"
#include "host/cgroup_cpu.h"
#include "host/cgroup_memory.h"
#include "log/recorder.h"
#include "base/text.h"

/* Own cost: CPU time of the sampler thread, as it noted it at its last sample; the process's last
 * sample is taken by another thread. */
static int64_t own_cpu_ns;
static pid_t own_thread;

/* What is read at each sample, or at each whole one. The files of this process are those of the
 * thread where there is a choice, since those of /proc/self are empty once the main thread has
 * left. */
#define FILES(F)                                                                                   \
    F(STATM, "/proc/thread-self/statm")                                                            \
    F(STAT, "/proc/self/stat")                                                                     \
    F(IO, "/proc/self/io")                                                                         \
    F(SYSTEM, "/proc/stat")                                                                        \
    F(MEMORY, "/proc/meminfo")                                                                     \
    F(CPU_PRESSURE, "/proc/pressure/cpu")                                                          \
    F(MEMORY_PRESSURE, "/proc/pressure/memory")                                                    \
    F(IO_PRESSURE, "/proc/pressure/io")

enum file {
#define FILE_ID(id, path) FILE_##id,
    FILES(FILE_ID) FILE_COUNT
};

static struct pt_proc_kept files[FILE_COUNT] = {
#define FILE_ROW(id, path) {path, -1},
    FILES(FILE_ROW)};
static bool keeps_files; /* the sampler's thread does */
static bool kept;        /* and takes this sample */

/* What the last CLOCK document said. */
static enum pt_clock_state noted_clock;
static int64_t noted_deviation_ns;

/* What is read at whole samples only. */
static int32_t last_threads = -1;
static int64_t last_read_bytes = -1, last_written_bytes = -1;

void pt_resources_own_thread(void)
{
    own_thread = (pid_t)syscall(SYS_gettid);
}

void pt_resources_keep_files(void)
{
    keeps_files = true;
}

void pt_resources_lose_files(void)
{
    keeps_files = false;
    for (int file = 0; file < FILE_COUNT; file++) {
        files[file].fd = -1;
    }
}

/* A child has another table: what was open in the thread's is not closed here. */
void pt_resources_forget(void)
{
    pt_resources_lose_files();
    noted_clock = PT_CLOCK_WAITING;
    noted_deviation_ns = 0;
    own_thread = 0;
    own_cpu_ns = 0;
}

static int64_t timeval_ns(struct timeval t)
{
    return (int64_t)t.tv_sec * 1000000000 + (int64_t)t.tv_usec * 1000;
}

static bool on_own_thread(void)
{
    return own_thread && syscall(SYS_gettid) == own_thread;
}

static size_t read_file(enum file file, char *out, size_t size_bytes)
{
    return kept ? pt_proc_read_kept(&files[file], out, size_bytes)
                : pt_proc_read(files[file].path, out, size_bytes);
}

/* Second field of statm: resident pages. */
static int64_t resident_bytes(void)
{
    char text[128];
    read_file(FILE_STATM, text, sizeof text);
    const char *end;
    const char *blank = strchr(text, ' ');
    return blank ? (int64_t)pt_text_number(blank + 1, &end) * sysconf(_SC_PAGESIZE) : -1;
}

int32_t pt_resources_thread_count(void)
{
    return (int32_t)pt_proc_stat_field(PT_STAT_THREADS);
}

static void read_slow_values(void)
{
    char stat[1024], io[512];
    read_file(FILE_STAT, stat, sizeof stat);
    last_threads = (int32_t)pt_proc_stat_field_of(stat, PT_STAT_THREADS);
    read_file(FILE_IO, io, sizeof io);
    last_read_bytes = pt_proc_number_after(io, "\nread_bytes:");
    last_written_bytes = pt_proc_number_after(io, "\nwrite_bytes:");
    if (on_own_thread()) {
        own_cpu_ns = pt_thread_cpu_ns();
    }
}

/* The best of a few short loops. */
static int64_t clock_cost_ns(void)
{
    enum { ATTEMPTS = 3, READS = 16 };
    int64_t best_ns = INT64_MAX;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int64_t start_ns = pt_now_ns();
        for (int i = 1; i < READS; i++) {
            (void)pt_now_ns();
        }
        int64_t took_ns = pt_now_ns() - start_ns;
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    return best_ns / READS;
}

/* When the clock has changed, and when it has been off by twice as much as was noted. */
static void record_clock(struct pt_pen *pen, int64_t now_ns)
{
    uint8_t buffer[96];
    struct pt_bson b;
    enum pt_clock_state clock = pt_clock_state();
    int64_t deviation_ns = pt_clock_worst_ns();
    if (clock == noted_clock && deviation_ns <= 2 * noted_deviation_ns) {
        return;
    }
    noted_clock = clock;
    noted_deviation_ns = deviation_ns;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_CLOCK);
    pt_bson_int64(&b, "t", now_ns);
    pt_bson_int32(&b, "clk", (int32_t)clock);
    pt_bson_int64(&b, "dev", deviation_ns);
    pt_bson_int64(&b, "cost", clock_cost_ns());
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
}

void pt_resources_record_process(struct pt_pen *pen, int64_t now_ns, bool whole)
{
    struct rusage usage = {0};
    kept = keeps_files && on_own_thread();
    record_clock(pen, now_ns);
    if (whole) {
        read_slow_values();
    }
    getrusage(RUSAGE_SELF, &usage);
    int64_t rss_bytes = resident_bytes();
    PT_RECORD(pen, sample, doc) {
        doc->thr = last_threads;
        doc->t = now_ns;
        doc->ucpu = timeval_ns(usage.ru_utime);
        doc->scpu = timeval_ns(usage.ru_stime);
        doc->rss = rss_bytes;
        doc->peak = (int64_t)usage.ru_maxrss * 1024;
        doc->rd = last_read_bytes;
        doc->wr = last_written_bytes;
        doc->minf = usage.ru_minflt;
        doc->majf = usage.ru_majflt;
        doc->vcs = usage.ru_nvcsw;
        doc->ics = usage.ru_nivcsw;
        doc->own = own_cpu_ns;
    }
}

/* First line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice.
 * psutil's busy time is all but idle and iowait; guest time is in user and nice already. */
static void read_cpu_ticks(int64_t *busy, int64_t *all)
{
    char text[256];
    int64_t ticks[8] = {0};
    read_file(FILE_SYSTEM, text, sizeof text);
    const char *at = text + (strncmp(text, "cpu ", 4) == 0 ? 4 : 0);
    for (int i = 0; i < 8; i++) {
        while (*at == ' ') {
            at++;
        }
        ticks[i] = (int64_t)pt_text_number(at, &at);
    }
    *all = 0;
    for (int i = 0; i < 8; i++) {
        *all += ticks[i];
    }
    *busy = *all - ticks[3] - ticks[4];
}

/* Total stall time of the line `some`, us in the file. */
static int64_t pressure_ns(enum file file)
{
    char text[256];
    int64_t total_us =
        read_file(file, text, sizeof text) ? pt_proc_number_after(text, "total=") : -1;
    return total_us < 0 ? -1 : total_us * 1000;
}

static int64_t kib_to_bytes(int64_t kib)
{
    return kib < 0 ? -1 : kib * 1024;
}

void pt_resources_record_system(struct pt_pen *pen, int64_t now_ns)
{
    kept = keeps_files && on_own_thread();
    char memory[2048];
    int64_t busy, all;
    read_cpu_ticks(&busy, &all);
    read_file(FILE_MEMORY, memory, sizeof memory);
    int64_t throttled_ns = pt_cgroup_throttled_ns();
    struct pt_cgroup_memory cgroup = pt_cgroup_memory();
    PT_RECORD(pen, system, doc) {
        doc->ncpu = (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
        doc->t = now_ns;
        doc->busy = busy;
        doc->all = all;
        doc->mtot = kib_to_bytes(pt_proc_number_after(memory, "MemTotal:"));
        doc->mavl = kib_to_bytes(pt_proc_number_after(memory, "MemAvailable:"));
        doc->cmax = cgroup.limit_bytes;
        doc->ccur = cgroup.used_bytes;
        doc->cthr = throttled_ns;
        doc->pcpu = pressure_ns(FILE_CPU_PRESSURE);
        doc->pmem = pressure_ns(FILE_MEMORY_PRESSURE);
        doc->pio = pressure_ns(FILE_IO_PRESSURE);
    }
}
