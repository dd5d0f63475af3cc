/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process used while a phase ran: known to the unit where samples are close together, and
 * not told where calls are shorter than the time between two samples.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "report_case.h"

#define MS    1000000LL
#define START (2 * SECOND)
#define KIB   1024LL

TestSuite(phase_use, .init = report_case_start, .fini = report_case_end);

static int calls;

static void begin(void)
{
    calls = 0;
    log_maker_thread(&maker, 1, maker.pid, START, "first");
}

static void insert(int64_t t_ns, int64_t d_ns, int64_t cpu_ns)
{
    calls++;
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = calls, .ph = PT_PHASE_INSERTION, .ns = 64, .c = 1,
                       .t = t_ns, .d = d_ns, .net = d_ns / 2, .cpu = cpu_ns, .n = 10));
}

/* From `from_ns` on every `every_ns`: half a core, ten faults and 64 KiB written each. */
static void samples(int64_t from_ns, int64_t every_ns, int count)
{
    for (int i = 0; i < count; i++) {
        log_maker_put(&maker, 2,
                      MAKE(sample, .t = from_ns + i * every_ns, .ucpu = i * every_ns / 4,
                           .scpu = i * every_ns / 4, .rss = (100 + i) * KIB, .peak = 200 * KIB,
                           .rd = 0, .wr = i * 64 * KIB, .minf = 10 * i, .majf = 0, .vcs = 0,
                           .ics = 0));
    }
}

static void finish(void)
{
    log_maker_end(&maker, START + 60 * SECOND);
    read_log();
    make_report();
}

#define RESOURCES "phases.Document Insertion.resources."

Test(phase_use, cpu_time_inside_the_calls_is_exact)
{
    begin();
    for (int i = 0; i < 10; i++) {
        insert(START + i * SECOND, SECOND, 7 * MS);
    }
    finish();
    cr_assert(epsilon_eq(dbl, real(RESOURCES "cpu_seconds"), 0.07, 1e-12));
    cr_assert(epsilon_eq(dbl, real("namespaces.0.cpu_seconds"), 0.07, 1e-12));
}

/* One call in which it was not read: then the sum is none. */
Test(phase_use, cpu_time_that_is_not_known_of_one_call_is_not_told)
{
    begin();
    insert(START, SECOND, 7 * MS);
    insert(START + SECOND, SECOND, -1);
    finish();
    bson_iter_t iter, found;
    cr_assert(bson_iter_init(&iter, &report) &&
              bson_iter_find_descendant(&iter, RESOURCES "cpu_seconds", &found));
    cr_assert(eq(i32, (int)bson_iter_type(&found), (int)BSON_TYPE_NULL));
}

/* Forty seconds without a pause, sampled each half second, and idle before and behind them. */
Test(phase_use, a_phase_that_runs_all_the_time_has_what_was_used_in_it)
{
    begin();
    samples(START, SECOND / 2, 121);
    for (int i = 0; i < 40; i++) {
        insert(START + (10 + i) * SECOND, SECOND, MS);
    }
    finish();
    cr_assert(epsilon_eq(dbl, real(RESOURCES "process.seconds"), 40.0, 0.01));
    cr_assert(epsilon_eq(dbl, real(RESOURCES "process.cpu_seconds"), 20.0, 0.2));
    cr_assert(epsilon_eq(dbl, real(RESOURCES "process.cpu_percent"), 50.0, 0.1));
    int64_t faults = integer(RESOURCES "process.minor_faults");
    cr_assert(faults > 790 && faults <= 800, "%lld", (long long)faults);
    int64_t written = integer(RESOURCES "process.written_bytes");
    cr_assert(written > 79 * 64 * KIB && written <= 80 * 64 * KIB, "%lld", (long long)written);
    int64_t resident = integer(RESOURCES "process.resident_bytes");
    cr_assert(resident >= 199 * KIB && resident <= 203 * KIB, "%lld", (long long)resident);
}

/* A tenth of the time in calls of 50 ms: what the samples hold was used by something else. */
Test(phase_use, calls_shorter_than_the_time_between_samples_have_none)
{
    begin();
    samples(START, 5 * SECOND, 13);
    for (int i = 0; i < 100; i++) {
        insert(START + i * SECOND / 2, 50 * MS, MS);
    }
    finish();
    cr_assert(not(is_there(RESOURCES "process.seconds")));
    cr_assert(eq(str, text_at(RESOURCES "cannot_tell"),
                 "its calls are shorter than the time between two samples (PHASETAP_INTERVAL)"));
}

Test(phase_use, without_samples_nothing_is_told)
{
    begin();
    insert(START, SECOND, MS);
    finish();
    cr_assert(not(is_there(RESOURCES "process.seconds")));
    cr_assert(
        eq(str, text_at(RESOURCES "cannot_tell"), "the process was not sampled while it ran"));
}

/* As in a copy by four threads that each write a third of the time. */
Test(phase_use, threads_that_write_in_turn_fill_it_together)
{
    begin();
    samples(START, SECOND / 2, 121);
    for (int i = 0; i < 60; i++) {
        for (int thread = 3; thread < 6; thread++) {
            calls++;
            log_maker_put(&maker, thread,
                          MAKE(span, .th = thread, .q = calls, .ph = PT_PHASE_INSERTION, .ns = 64,
                               .c = 1, .t = START + i * SECOND + (thread - 3) * SECOND / 3,
                               .d = SECOND / 3, .net = SECOND / 3, .n = 10));
        }
    }
    finish();
    cr_assert(epsilon_eq(dbl, real(RESOURCES "process.seconds"), 60.0, 0.1));
    cr_assert(epsilon_eq(dbl, real(RESOURCES "process.cpu_percent"), 50.0, 0.1));
}
