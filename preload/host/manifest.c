/* SPDX-License-Identifier: Apache-2.0 */
#include "host/manifest.h"
#include "host/process_age.h"
#include "host/run_id.h"
#include "host/time_namespace.h"
#include "host/trace_context.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bson/bson_writer.h"
#include "base/clock.h"
#include "driver/functions.h"
#include "log/log_file.h"
#include "log/name_ids.h"
#include "base/options.h"
#include "base/proc_file.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/status.h"
#include "base/text.h"

#define PT_MANIFEST_BYTES 24576u

atomic_uint pt_drivers_noted; /* in the log that is being written */

/* Costs on this machine, for the report's account of our own overhead; the best of a few short
 * loops. The host waits for them: a read of the thread CPU clock can take 2 us. */
static int64_t cost_ns(int64_t (*read_clock)(void), int rounds)
{
    int64_t best_ns = INT64_MAX;
    for (int attempt = 0; attempt < 3; attempt++) {
        int64_t start_ns = pt_now_ns();
        for (int i = 0; i < rounds; i++) {
            (void)read_clock();
        }
        int64_t took_ns = (pt_now_ns() - start_ns) / rounds;
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    return best_ns;
}

/* With a pen on memory of its own instead of a chunk, so that the trial events are in no log. */
static int64_t event_cost_ns(void)
{
    enum { ROUNDS = 64 };
    static uint8_t trial[ROUNDS * sizeof(struct pt_doc_span) + 64] __attribute__((aligned(8)));
    struct pt_pen pen = {.at = trial, .end = trial + sizeof trial};
    int64_t start_ns = pt_now_ns();
    for (int i = 0; i < ROUNDS; i++) {
        PT_RECORD(&pen, span, doc) {
            doc->t = start_ns;
            doc->q = i;
        }
    }
    return (pt_now_ns() - start_ns) / ROUNDS;
}

static void write_costs(struct pt_bson *b)
{
    pt_bson_int64(b, "clock_ns", cost_ns(pt_now_ns, 16));
    pt_bson_int64(b, "cpu_clock_ns", cost_ns(pt_thread_cpu_ns, 1));
    pt_bson_int64(b, "event_ns", event_cost_ns());
}

/* Number of a namespace of this process, as /proc/PID/ns shows it; 0: not to be had. */
static int64_t namespace_number(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_ino : 0;
}

static void write_time_namespace(struct pt_bson *b)
{
    int64_t offset_ns, inode = namespace_number("/proc/self/ns/time");
    pt_bson_int64(b, "time_ns", inode);
    if (pt_time_offset(inode, &offset_ns)) {
        pt_bson_int64(b, "time_offset", offset_ns);
    }
}

static void write_process(struct pt_bson *b)
{
    char text[PT_PROGRAM_BYTES], token[PT_TOKEN_BYTES];
    pt_bson_int32(b, "pid", getpid());
    pt_bson_int32(b, "ppid", getppid());
    pt_bson_int32(b, "uid", (int32_t)getuid());
    pt_program_name(text, sizeof text);
    pt_bson_string(b, "program", pt_name_shown(token, PT_OF_PROGRAM, text), 64);
#if defined __x86_64__
    pt_bson_string(b, "arch", "x86_64", 16);
#elif defined __aarch64__
    pt_bson_string(b, "arch", "aarch64", 16);
#else
    pt_bson_string(b, "arch", "other", 16);
#endif
    pt_bson_string(b, "boot_id", pt_ring->owner.boot_id, 36);
    pt_bson_int64(b, "start_ticks", pt_ring->owner.start_ticks);
    pt_bson_int64(b, "pid_ns", (int64_t)pt_ring->owner.pid_namespace);
    write_time_namespace(b);
}

/* The name of the machine or container, as `uname -n` prints it. */
static void write_host(struct pt_bson *b)
{
    struct utsname name;
    char token[PT_TOKEN_BYTES];
    if (uname(&name) == 0) {
        pt_bson_string(b, "host", pt_name_shown(token, PT_OF_HOST, name.nodename), 64);
    }
}

static void write_names_mode(struct pt_bson *b)
{
    static const char *const words[] = {"plain", "alias", "hash"};
    pt_bson_string(b, "names", words[pt_tokens_mode()], 8);
}

static void write_times(struct pt_bson *b)
{
    int64_t now_ns = pt_now_ns();
    int64_t real_ns = pt_clock_read_ns(CLOCK_REALTIME);
    pt_bson_int64(b, "start", pt_process_start_ns());
    pt_bson_int64(b, "t", now_ns);
    pt_bson_int64(b, "realtime_ns", real_ns);
    pt_bson_date_ms(b, "date", real_ns / 1000000);
}

/* Variables that had no effect: their names and what was used instead, never their values. */
static void write_ignored(struct pt_bson *b)
{
    if (pt_options.invalid != 0) {
        pt_bson_open(b, "invalid_variables");
        for (unsigned id = 0; id < PT_OPTION_COUNT; id++) {
            if (pt_options.invalid >> id & 1) {
                pt_bson_int64(b, pt_option_table[id].variable,
                              pt_option_fallback(&pt_option_table[id]));
            }
        }
        pt_bson_close(b);
    }
    if (pt_options.unknown_count > 0) {
        pt_bson_int64(b, "unknown_count", pt_options.unknown_count);
        pt_bson_open(b, "unknown_variables");
        for (uint32_t i = 0; i < pt_options.unknown_count && i < PT_UNKNOWN_KEPT; i++) {
            pt_bson_numbered(b, i, pt_options.unknown[i]);
        }
        pt_bson_close(b);
    }
}

static void write_tables(struct pt_bson *b)
{
    pt_bson_open(b, "phases");
#define PHASE(id, constant, name, reported) pt_bson_numbered(b, id, name);
    PT_PHASES(PHASE)
    pt_bson_close(b);
    pt_bson_open(b, "commands");
    pt_bson_numbered(b, PT_COMMAND_OTHER, "other");
#define COMMAND(id, name, phase) pt_bson_numbered(b, id, #name);
    PT_COMMANDS(COMMAND)
    pt_bson_close(b);
    pt_bson_open(b, "functions");
    for (uint32_t i = 1; i < PT_FN_COUNT; i++) {
        pt_bson_numbered(b, i, pt_function_names[i]);
    }
    pt_bson_close(b);
    pt_bson_open(b, "reasons");
#define REASON(id, constant, text) pt_bson_numbered(b, id, text);
    PT_REASONS(REASON)
    pt_bson_close(b);
}

static void write_ring(struct pt_bson *b)
{
    static const char *const places[] = {"shm", "log", "memory"};
    char hex[2 * PT_RING_ID_BYTES + 1];
    pt_text_hex(hex, pt_ring->id, PT_RING_ID_BYTES);
    pt_bson_string(b, "ring", hex, sizeof hex);
    pt_bson_string(b, "ring_place", places[pt_ring_place()], 8);
    pt_bson_int32(b, "part", 1); /* pt_log_number_part changes it */
}

void *pt_manifest_make(uint32_t *bytes)
{
    static uint8_t buffer[PT_MANIFEST_BYTES]; /* one thread starts the recording */
    struct pt_bson b;
    atomic_store(&pt_drivers_noted, 0);
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_MANIFEST);
    pt_bson_string(&b, "format", PT_LOG_MAGIC, 16);
    pt_bson_int32(&b, "version", PT_FORMAT_VERSION);
    pt_bson_string(&b, "tool", PHASETAP_VERSION, 16);
    write_ring(&b);
    write_process(&b);
    write_host(&b);
    write_names_mode(&b);
    pt_run_id_write(&b);
    pt_trace_context_write(&b);
    write_times(&b);
    write_costs(&b);
    pt_bson_int64(&b, "interval_ns", pt_options.SAMPLER ? pt_options.INTERVAL : 0);
    pt_bson_int64(&b, "limit_bytes", pt_log_limit_bytes());
    pt_bson_bool(&b, "follow", pt_options.FOLLOW != 0);
    write_ignored(&b);
    write_tables(&b);
    *bytes = (uint32_t)pt_bson_finish(&b);
    return buffer;
}

void pt_status_write(struct pt_pen *pen)
{
    struct pt_ring_status now;
    pt_status_read(&now);
    PT_RECORD(pen, status, doc) {
        doc->state = PT_STATE_CLOSED;
        doc->reason = now.reason;
        doc->events = now.events;
        doc->dropped = now.dropped;
        doc->clocks = now.clocks;
        doc->cpus = now.cpus;
        doc->threads = now.threads;
        doc->handles = now.handles;
    }
}

static void write_driver(struct pt_pen *pen, const struct pt_called_driver *driver)
{
    uint8_t buffer[160];
    char token[PT_TOKEN_BYTES];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_DRIVER);
    pt_bson_string(&b, "version", driver->version, 32);
    pt_bson_string(&b, "soname",
                   driver->is_library ? driver->soname
                                      : pt_name_shown(token, PT_OF_OBJECT, driver->soname),
                   64);
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
}

void pt_drivers_write(struct pt_pen *pen)
{
    unsigned noted = atomic_load(&pt_drivers_noted);
    while (noted < atomic_load_explicit(&pt_called_count, memory_order_acquire)) {
        if (atomic_compare_exchange_strong(&pt_drivers_noted, &noted, noted + 1)) {
            write_driver(pen, pt_called_driver(noted++));
        }
    }
}

void pt_end_write(struct pt_pen *pen, int32_t busy)
{
    uint8_t buffer[128];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_END);
    pt_bson_int64(&b, "t", pt_now_ns());
    pt_bson_date_ms(&b, "date", pt_clock_read_ns(CLOCK_REALTIME) / 1000000);
    pt_bson_int32(&b, "busy", busy);
    pt_bson_int32(&b, "lost", __atomic_load_n(&pt_ring->children_lost, __ATOMIC_RELAXED));
    pt_bson_int32(&b, "reason", __atomic_load_n(&pt_ring->children_reason, __ATOMIC_RELAXED));
    pt_record_bytes(pen, buffer, (uint32_t)pt_bson_finish(&b));
}
