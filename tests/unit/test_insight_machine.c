/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts on what the machine, the server and the driver do to a run: each one fires on its cause,
 * and is silent on the same run without it. Logs made by hand, since a real machine may lack a CPU
 * at any time.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "insight_case.h"

TestSuite(insight_machine, .init = report_case_start, .fini = report_case_end);

#define ROUNDS 100
#define MIB    (1024LL * 1024)

/* Thread 1 inserts, and is idle for as long after each call; so long it was ready in all. */
static void ready_run(int64_t ready_ns)
{
    insight_begin();
    log_maker_put(&maker, 1, MAKE(sched, .th = 1, .t = START, .cpu = 0, .rdy = 3 * MS));
    for (int i = 0; i < ROUNDS; i++) {
        insight_insert(64, 10 * MS, 500);
        log_maker_put(&maker, 1, MAKE(gap, .th = 1, .q = calls + 1, .t = now_ns, .d = 10 * MS));
        now_ns += 10 * MS;
    }
    log_maker_put(&maker, 1,
                  MAKE(sched, .th = 1, .t = now_ns, .cpu = SECOND / 2, .rdy = 3 * MS + ready_ns));
}

/* Two CPUs; `throttled_ns` by the quota of the cgroup. */
static void machine(int64_t throttled_ns)
{
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = START, .busy = 0, .all = 0, .cthr = 5 * MS));
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = now_ns, .busy = 300, .all = 400,
                       .cthr = 5 * MS + throttled_ns));
}

Test(insight_machine, time_without_a_cpu_is_a_missing_cpu)
{
    ready_run(SECOND);
    machine(0);
    insight_judge();
    const struct pt_insight *insight = insight_find("missing-cpu");
    cr_assert(insight != NULL);
    cr_assert(eq(i32, (int)insight->confidence, (int)PT_CERTAIN));
    cr_assert(eq(str, (char *)insight->sentence, "The program lacked a CPU for 1.00 s of 3.00 s."));
    cr_assert(eq(str, (char *)insight->numbers[1], "The 2 CPUs of this machine were 75.0 % busy."));
    cr_assert(eq(i64, insight->gain_to_ns, 2 * SECOND));
}

Test(insight_machine, a_quota_is_named)
{
    ready_run(SECOND);
    machine(900 * MS);
    insight_judge();
    const struct pt_insight *insight = insight_find("missing-cpu");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->numbers[1],
                 "The quota of its control group held it back for 900 ms."));
    cr_assert(strstr(insight->action, "raise the quota") == insight->action);
}

Test(insight_machine, a_program_that_had_its_cpu_misses_none)
{
    ready_run(20 * MS);
    machine(0);
    insight_judge();
    insight_silent("missing-cpu");
}

static void helper(int64_t cpu_ns)
{
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "k", PT_KIND_HELPER);
    BSON_APPEND_INT32(&document, "tid", 900);
    BSON_APPEND_INT64(&document, "t", now_ns);
    BSON_APPEND_UTF8(&document, "name", "cruncher");
    BSON_APPEND_INT64(&document, "cpu", cpu_ns);
    BSON_APPEND_INT64(&document, "rdy", 0);
    log_maker_put_bson(&maker, 1, &document);
}

Test(insight_machine, helper_threads_that_take_a_cpu_from_others)
{
    ready_run(SECOND);
    machine(0);
    helper(2 * SECOND);
    insight_judge();
    const struct pt_insight *insight = insight_find("helper-threads");
    cr_assert(insight != NULL);
    cr_assert(eq(i32, (int)insight->confidence, (int)PT_POSSIBLE));
    cr_assert(eq(str, (char *)insight->sentence,
                 "Threads that never call the driver used 2.00 s of CPU time."));
}

Test(insight_machine, helper_threads_on_a_cpu_of_their_own)
{
    ready_run(0);
    machine(0);
    helper(2 * SECOND);
    insight_judge();
    insight_silent("helper-threads");
}

Test(insight_machine, a_missing_cpu_is_not_the_helpers_who_used_little)
{
    ready_run(SECOND);
    machine(0);
    helper(SECOND);
    insight_judge();
    insight_silent("helper-threads");
}

/* Inserts of a MiB each, in which the driver computes so long. */
static void inserts_of_a_mib(int64_t cpu_ns)
{
    insight_begin();
    now_ns = START;
    for (int i = 0; i < ROUNDS; i++) {
        calls++;
        log_maker_put(&maker, 1,
                      MAKE(command, .th = 1, .q = calls, .cmd = PT_COMMAND_insert, .t = now_ns,
                           .d = 10 * MS, .n = 500));
        log_maker_put(&maker, 1,
                      MAKE(span, .th = 1, .q = calls, .ph = PT_PHASE_INSERTION, .ns = 64, .c = 1,
                           .t = now_ns, .d = 40 * MS, .net = 10 * MS, .cpu = cpu_ns, .n = 500,
                           .b = MIB));
        now_ns += 40 * MS;
    }
    insight_judge();
}

Test(insight_machine, a_driver_that_computes_is_possibly_compression)
{
    inserts_of_a_mib(30 * MS);
    const struct pt_insight *insight = insight_find("driver-cpu");
    cr_assert(insight != NULL);
    cr_assert(eq(i32, (int)insight->confidence, (int)PT_POSSIBLE));
    cr_assert(strstr(insight->numbers[0], "30.0 ms per MiB") == insight->numbers[0], "%s",
              insight->numbers[0]);
}

Test(insight_machine, plain_encoding_is_not_worth_a_word)
{
    inserts_of_a_mib(4 * MS);
    insight_silent("driver-cpu");
}

/* Two connections of so long each, before a second of work. */
static void connections(int64_t d_ns)
{
    insight_begin();
    now_ns = START;
    for (int i = 0; i < 2; i++) {
        log_maker_put(
            &maker, 1,
            MAKE(connection, .th = 1, .q = calls + 1, .cl = 1 + i, .t = now_ns, .d = d_ns));
        now_ns += d_ns;
        for (int at = 0; at < 10; at++) {
            insight_insert(64, 50 * MS, 500);
        }
    }
    insight_judge();
}

Test(insight_machine, slow_connections)
{
    connections(500 * MS);
    const struct pt_insight *insight = insight_find("connecting");
    cr_assert(insight != NULL);
    cr_assert(eq(i32, (int)insight->confidence, (int)PT_CERTAIN));
    cr_assert(eq(str, (char *)insight->sentence, "Connecting takes 1.00 s of the run."));
    cr_assert(eq(str, (char *)insight->numbers[0],
                 "2 connections, 500 ms on average and 500 ms at most; 0 failed."));
}

Test(insight_machine, quick_connections)
{
    connections(3 * MS);
    insight_silent("connecting");
}

/* Thirty inserts, of which the first `repeated` met a primary that stepped down; each time the
 * driver waited so long for another one. */
static void elections(int repeated, int64_t wait_ns)
{
    insight_begin();
    now_ns = START;
    for (int i = 0; i < 30; i++) {
        bool again = i < repeated;
        int64_t d_ns = 20 * MS + (again ? wait_ns : 0);
        calls++;
        if (again) {
            log_maker_put(&maker, 1,
                          MAKE(command, .th = 1, .q = calls, .cmd = PT_COMMAND_insert, .st = 1,
                               .code = 189, .t = now_ns, .d = MS));
        }
        log_maker_put(&maker, 1,
                      MAKE(command, .th = 1, .q = calls, .cmd = PT_COMMAND_insert,
                           .rw = again ? PT_ERROR_SERVER : 0, .rc = again ? 189 : 0,
                           .t = now_ns + d_ns - 19 * MS, .d = 19 * MS, .n = 500));
        log_maker_put(&maker, 1,
                      MAKE(span, .th = 1, .q = calls, .ph = PT_PHASE_INSERTION, .ns = 64,
                           .c = again ? 2 : 1, .t = now_ns, .d = d_ns, .net = 20 * MS,
                           .wait = again ? wait_ns : 0, .n = 500));
        now_ns += d_ns;
    }
    insight_judge();
}

Test(insight_machine, an_election_holds_the_run)
{
    elections(1, 2 * SECOND);
    const struct pt_insight *insight = insight_find("waiting-for-server");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->sentence,
                 "The driver waited 2.00 s for a server that it could use."));
    insight_silent("retries");
}

Test(insight_machine, a_short_wait_is_none)
{
    elections(1, 10 * MS);
    insight_silent("waiting-for-server");
}

Test(insight_machine, many_retries_and_their_error)
{
    elections(3, 0);
    const struct pt_insight *insight = insight_find("retries");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->sentence, "The driver repeated 3 of 33 commands."));
    cr_assert(eq(str, (char *)insight->numbers[0],
                 "3 of them succeeded; the most frequent error is 189 PrimarySteppedDown."));
}

Test(insight_machine, one_retry_in_thirty_is_no_verdict)
{
    elections(1, 0);
    insight_silent("retries");
}
