/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resource_use.h: a summary of the samples in constant memory: last and highest values of the
 * process, averages and peaks of the system. One per log; merging adds those of several logs. A
 * value of -1 is unknown.
 */
#ifndef PHASETAP_RESOURCE_USE_H
#define PHASETAP_RESOURCE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/log_format.h>

struct pt_process_use {
    int64_t samples;
    int64_t last_ns; /* t of the last sample */
    int64_t user_cpu_ns, system_cpu_ns, sampler_cpu_ns;
    int64_t rss_first_bytes, rss_last_bytes, rss_highest_bytes, peak_bytes;
    int64_t read_bytes, written_bytes;
    int64_t minor_faults, major_faults, voluntary_switches, involuntary_switches;
    int64_t threads_highest;
};

/* A total that grows: what it grew by between the first and the last sample. */
struct pt_growth {
    int64_t first, last;
    bool seen;
};

/* The original warned above it, for CPU and for memory. */
#define PT_PERCENT_HIGH 90.0

struct pt_system_use {
    int64_t samples;
    int64_t cpus;
    bool has_ticks;
    int64_t last_busy, last_all; /* of the sample before */
    double cpu_sum, cpu_peak;    /* percent; of cpu_count intervals */
    int64_t cpu_count;
    double memory_sum, memory_peak; /* percent; of memory_count samples */
    int64_t memory_count;
    int64_t cpu_high, memory_high; /* values above PT_PERCENT_HIGH */
    int64_t cgroup_limit_bytes, cgroup_use_highest_bytes;
    struct pt_growth throttled_ns, pressure_cpu_ns, pressure_memory_ns, pressure_io_ns;
};

struct pt_resources {
    struct pt_doc_sample baseline; /* counters of the process before the report begins */
    struct pt_process_use process;
    struct pt_system_use system;
};

void pt_resources_init(struct pt_resources *resources);
void pt_resources_sample(struct pt_resources *resources, const struct pt_doc_sample *sample);
/* A sample from before the report begins: later ones count from there. */
void pt_resources_baseline(struct pt_resources *resources, const struct pt_doc_sample *sample);
void pt_resources_system(struct pt_resources *resources, const struct pt_doc_system *sample);
/* Adds what another process used up. What is one number for the whole system is taken from the one
 * with more samples. Levels (memory, threads) are left alone: whether they add up depends on which
 * processes lived at the same time (process_links.h). */
void pt_resources_merge(struct pt_resources *to, const struct pt_resources *from);

int64_t pt_growth_of(const struct pt_growth *growth); /* -1 when never seen */

#endif
