/* SPDX-License-Identifier: Apache-2.0 */
#include "report/dump_keys.h"

#include <string.h>

#define PLAIN(key, long_name) {key, 0, long_name, PT_MEANS_ITSELF, PT_NAME_CLASSES}
#define PLAIN_OF(key, kind, long_name)                                                             \
    {key, PT_KIND_##kind, long_name, PT_MEANS_ITSELF, PT_NAME_CLASSES}
#define NAMED(key, long_name, class) {key, 0, long_name, PT_MEANS_NAME, PT_NAME_##class}
#define MEANING(key, kind, long_name, meaning)                                                     \
    {key, kind, long_name, PT_MEANS_##meaning, PT_NAME_CLASSES}

/* Keys of one kind stand before the same key of all others. */
static const struct pt_key_name key_names[] = {
    MEANING("k", 0, "kind", KIND),
    PLAIN_OF("t", MANIFEST, "opened_ns"),
    PLAIN_OF("start", MANIFEST, "start_ns"),
    PLAIN_OF("clock_ns", MANIFEST, "clock_cost_ns"),
    PLAIN_OF("cpu_clock_ns", MANIFEST, "cpu_clock_cost_ns"),
    PLAIN_OF("event_ns", MANIFEST, "event_cost_ns"),
    NAMED("reason", "reason", REASON),
    PLAIN_OF("clocks", STATUS, "clock_reads"),
    PLAIN_OF("cpus", STATUS, "cpu_clock_reads"),
    PLAIN_OF("handles", STATUS, "handles_not_followed"),
    PLAIN_OF("busy", END, "threads_using_the_driver"),
    PLAIN_OF("lost", END, "children_not_recorded"),
    PLAIN_OF("clocks", THREAD, "clock_reads"),
    PLAIN_OF("cpus", THREAD, "cpu_clock_reads"),
    PLAIN_OF("ev", THREAD, "event"),
    PLAIN_OF("c", SPAN, "commands"),
    NAMED("f", "function", FUNCTION),
    PLAIN("net", "server_and_network_ns"),
    PLAIN("wait", "waited_for_server_ns"),
    PLAIN("ev", "awaited_events_ns"),
    PLAIN("x", "construction_ns"),
    PLAIN("cpu", "cpu_ns"),
    PLAIN("rdy", "ready_without_cpu_ns"),
    PLAIN("rn", "documents_read"),
    PLAIN("wn", "documents_written"),
    PLAIN("wb", "bytes_written"),
    NAMED("cmd", "command", COMMAND),
    PLAIN("ins", "inserted"),
    PLAIN("mat", "matched"),
    PLAIN("mod", "modified"),
    PLAIN("rem", "removed"),
    PLAIN("ups", "upserted"),
    PLAIN_OF("err", WRITE, "write_errors"),
    MEANING("w", PT_KIND_ERROR, "where", WHERE),
    MEANING("w", PT_KIND_MISUSE, "what", MISUSE),
    MEANING("why", PT_KIND_UNSEEN, "reason", UNSEEN),
    PLAIN("dom", "domain"),
    PLAIN_OF("n", ERROR, "count"),
    NAMED("srv", "server", SERVER),
    MEANING("rw", PT_KIND_COMMAND, "repeats_after", WHERE),
    PLAIN("rdom", "repeats_domain"),
    PLAIN("rc", "repeats_code"),
    PLAIN("oth", "other_phases_ns"),
    PLAIN("ref", "refused"),
    PLAIN("nat", "not_attempted"),
    PLAIN("una", "unacknowledged"),
    PLAIN("unk", "unknown"),
    PLAIN_OF("c", PART, "commands"),
    PLAIN_OF("cost", CLOCK, "clock_cost_ns"),
    PLAIN_OF("dev", CLOCK, "clock_deviation_ns"),
    MEANING("clk", PT_KIND_CLOCK, "clock", CLOCK),
    PLAIN("thr", "threads"),
    PLAIN("ucpu", "user_cpu_ns"),
    PLAIN("scpu", "system_cpu_ns"),
    PLAIN("rss", "rss_bytes"),
    PLAIN("peak", "peak_rss_bytes"),
    PLAIN("rd", "read_bytes"),
    PLAIN("wr", "written_bytes"),
    PLAIN("minf", "minor_faults"),
    PLAIN("majf", "major_faults"),
    PLAIN("vcs", "voluntary_switches"),
    PLAIN("ics", "involuntary_switches"),
    PLAIN("own", "sampler_cpu_ns"),
    PLAIN("ncpu", "cpus"),
    PLAIN("busy", "busy_ticks"),
    PLAIN("all", "all_ticks"),
    PLAIN("mtot", "memory_total_bytes"),
    PLAIN("mavl", "memory_available_bytes"),
    PLAIN("cmax", "cgroup_memory_limit_bytes"),
    PLAIN("ccur", "cgroup_memory_bytes"),
    PLAIN("cthr", "cgroup_throttled_ns"),
    PLAIN("pcpu", "pressure_cpu_ns"),
    PLAIN("pmem", "pressure_memory_ns"),
    PLAIN("pio", "pressure_io_ns"),
    PLAIN_OF("s", THROUGHPUT, "seconds"),
    PLAIN("m", "metadata"),
    PLAIN("rm", "result_metadata"),
    PLAIN("th", "thread"),
    PLAIN("q", "call"),
    NAMED("ph", "phase", PHASE),
    NAMED("ns", "namespace", NAMESPACE),
    PLAIN("cl", "client"),
    PLAIN("ops", "operations"),
    MEANING("st", PT_KIND_TXN, "transaction", TXN),
    MEANING("st", 0, "status", STATUS),
    PLAIN("t", "time_ns"),
    PLAIN("d", "duration_ns"),
    PLAIN("n", "documents"),
    PLAIN("b", "bytes"),
};

const struct pt_key_name *pt_key_find(int32_t kind, const char *key)
{
    for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++) {
        const struct pt_key_name *name = &key_names[i];
        if (name->key[0] == key[0] && (name->kind == 0 || name->kind == kind) &&
            strcmp(name->key, key) == 0) {
            return name;
        }
    }
    return NULL;
}
