/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model and the reports made from it, against synthetic logs whose numbers are known. What they
 * share is in report_case.h.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_finish.h"
#include "report_case.h"

TestSuite(report, .init = report_case_start, .fini = report_case_end);

/* One call: gap, commands and write before it, the span. */
static void put_call(int q, int64_t t_ns, int phase, int command, int status)
{
    log_maker_put(&maker, 1,
                  MAKE(command, .th = 1, .q = q, .cmd = command, .st = status, .t = t_ns,
                       .d = SECOND / 4, .n = 10));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = q, .ph = phase, .ns = 64, .st = status, .c = 1, .f = 7,
                       .t = t_ns, .d = SECOND / 2, .net = SECOND / 4, .n = 10, .b = 1000));
}

Test(report, top_level_keys_stand_in_the_originals_order)
{
    static const char *const expected[] = {
        "report_timestamp", "total_runtime_seconds", "total_runtime_formatted", "resource_usage",
        "phases",           "phase_order",           "schema_version"};
    bson_iter_t iter;
    log_maker_end(&maker, 3 * SECOND);
    read_log();
    make_report();
    cr_assert(bson_iter_init(&iter, &report));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        cr_assert(bson_iter_next(&iter));
        cr_assert(eq(str, (char *)bson_iter_key(&iter), (char *)expected[i]));
    }
    cr_assert(eq(dbl, real("total_runtime_seconds"), 2.0));
    cr_assert(eq(str, text_at("total_runtime_formatted"), "2.00s"));
    cr_assert(eq(str, text_at("run.ended"), "exit"));
}

Test(report, calls_are_counted_in_their_phases)
{
    log_maker_namespace(&maker, 64, "db", "patients");
    for (int q = 1; q <= 8; q++) {
        put_call(q, q * SECOND, PT_PHASE_QUERY, PT_COMMAND_getMore, q == 8);
    }
    put_call(9, 9 * SECOND, PT_PHASE_TEARDOWN, PT_COMMAND_endSessions, 0);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Document Query.count"), 8));
    cr_assert(eq(i64, integer("phases.Document Query.failed"), 1));
    cr_assert(eq(dbl, real("phases.Document Query.total_duration"), 4.0));
    cr_assert(eq(dbl, real("phases.Document Query.average_duration"), 0.5));
    cr_assert(eq(i64, integer("phases.Document Query.documents"), 80));
    cr_assert(eq(i64, integer("phases.Document Query.entries_total"), 8));
    cr_assert(is_there("phases.Document Query.entries.4"));
    cr_assert(not(is_there("phases.Document Query.entries.5")));
    cr_assert(is_there("phases.Document Query.percentiles.p50"));
    cr_assert(not(is_there("phases.Document Query.percentiles.p90")));
    cr_assert(
        eq(str, text_at("phases.Document Query.entries.0.metadata.namespace"), "db.patients"));
    cr_assert(eq(str, text_at("phases.Document Query.entries.0.metadata.operation"), "getMore"));
    cr_assert(eq(str, text_at("phases.Document Query.entries.0.start_timestamp"),
                 "2025-01-04T15:00:00.000000"));
    cr_assert(not(is_there("phases.Teardown")));
    cr_assert(eq(i64, integer("commands.getMore.count"), 8));
    cr_assert(eq(i64, integer("commands.getMore.failed"), 1));
    cr_assert(eq(str, text_at("run.ended"),
                 "cannot tell: no ordered end, and the process is not of this boot or container"));
}

/* A main thread with a hole in front and behind: each part is known to the nanosecond. */
Test(report, the_partition_adds_up_to_the_wall)
{
    log_maker_thread(&maker, 1, maker.pid, 2 * SECOND, "first");
    log_maker_put(&maker, 1, MAKE(gap, .th = 1, .q = 1, .t = 2 * SECOND, .d = 10, .cpu = 7));
    log_maker_put(
        &maker, 1,
        MAKE(span, .th = 1, .q = 1, .ph = PT_PHASE_CONSTRUCTION, .t = 2 * SECOND + 10, .d = 5));
    log_maker_put(&maker, 1,
                  MAKE(connection, .th = 1, .q = 2, .t = 2 * SECOND + 15, .d = 100, .x = 5));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 2, .ph = PT_PHASE_QUERY, .t = 2 * SECOND + 115, .d = 50,
                       .net = 40, .cpu = 20));
    log_maker_put(
        &maker, 1,
        MAKE(span, .th = 1, .q = 3, .ph = PT_PHASE_POOL_WAIT, .t = 2 * SECOND + 165, .d = 11));
    log_maker_end(&maker, 4 * SECOND);
    read_log();
    const struct pt_recorded_thread *thread = model.processes[0]->threads[1];
    cr_assert(eq(i64, thread->wall_ns, 3 * SECOND));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_CONNECTION], 105));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_SERVER], 30));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_DRIVER], 20));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_COMPUTING], 7));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_POOL_WAIT], 11));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_WAITING], 3));
    cr_assert(eq(i64, thread->parts_ns[PT_PART_OUTSIDE], 3 * SECOND - 176));
    make_report();
    cr_assert(eq(dbl, real("partition.threads.0.sum_seconds"), 3.0));
    cr_assert(eq(dbl, real("phases.Database Connection.total_duration"), 1.05e-07));
    cr_assert(eq(i64, integer("connections.established"), 1));
}

Test(report, another_thread_lives_from_its_first_call_to_its_end)
{
    log_maker_thread(&maker, 2, 777, 5 * SECOND, "first");
    log_maker_put(&maker, 2,
                  MAKE(span, .th = 2, .q = 1, .ph = PT_PHASE_QUERY, .t = 5 * SECOND, .d = SECOND,
                       .net = SECOND));
    log_maker_thread(&maker, 2, 777, 8 * SECOND, "end");
    log_maker_end(&maker, 20 * SECOND);
    read_log();
    cr_assert(eq(i64, model.processes[0]->threads[2]->wall_ns, 3 * SECOND));
    cr_assert(eq(i64, model.processes[0]->threads[2]->parts_ns[PT_PART_OUTSIDE], 2 * SECOND));
}

Test(report, masking_is_computing_and_waiting_stands_beside_it)
{
    log_maker_put(&maker, 1,
                  MAKE(gap, .th = 1, .q = 1, .t = 2 * SECOND, .d = 3 * SECOND, .cpu = SECOND,
                       .rn = 100, .wn = 90, .wb = 5000));
    log_maker_put(&maker, 1,
                  MAKE(gap, .th = 1, .q = 2, .t = 5 * SECOND, .d = SECOND, .cpu = SECOND));
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Document Masking.count"), 1));
    cr_assert(eq(dbl, real("phases.Document Masking.total_duration"), 1.0));
    cr_assert(eq(dbl, real("phases.Document Masking.waiting_seconds"), 2.0));
    cr_assert(eq(i64, integer("phases.Document Masking.documents"), 100));
    cr_assert(eq(
        i64, integer("phases.Document Masking.entries.0.result_metadata.documents_written"), 90));
    cr_assert(eq(dbl, real("partition.total.application_computing_seconds"), 2.0));
    cr_assert(eq(dbl, real("partition.total.application_waiting_seconds"), 2.0));
}

Test(report, writes_and_errors_belong_to_their_call)
{
    log_maker_namespace(&maker, 64, "db", "patients");
    log_maker_put(&maker, 1,
                  MAKE(write, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ins = 7, .err = 3));
    log_maker_put(&maker, 1,
                  MAKE(error, .th = 1, .q = 1, .w = PT_ERROR_WRITE, .code = 11000, .n = 3));
    put_call(1, SECOND, PT_PHASE_INSERTION, PT_COMMAND_insert, 1);
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = 2, .w = PT_ERROR_DRIVER, .dom = 2, .code = 13053, .n = 1));
    put_call(3, 2 * SECOND, PT_PHASE_INSERTION, PT_COMMAND_insert, 0);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Document Insertion.entries.0.result_metadata.inserted"), 7));
    cr_assert(
        eq(i64, integer("phases.Document Insertion.entries.0.result_metadata.errors.11000"), 3));
    cr_assert(
        eq(str, text_at("phases.Document Insertion.entries.0.result_metadata.status"), "failed"));
    cr_assert(not(is_there("phases.Document Insertion.entries.1.result_metadata.errors")));
    cr_assert(eq(i64, integer("phases.Document Insertion.writes.write_errors"), 3));
    cr_assert(eq(i64, integer("write_errors.0.code"), 11000));
    cr_assert(eq(str, text_at("write_errors.0.namespace"), "db.patients"));
    cr_assert(eq(i64, integer("errors.0.code"), 13053));
    cr_assert(eq(i64, integer("errors.0.domain"), 2));
}

Test(report, annotated_phases_nest_and_stay_open)
{
    log_maker_phase(&maker, 65, "Outer");
    log_maker_phase(&maker, 66, "Inner");
    log_maker_annotate(&maker, 1, 65, 1, 0, 2 * SECOND, "{\"total\": 2}");
    log_maker_annotate(&maker, 1, 66, 2, 1, 3 * SECOND, "{\"n\": 1}");
    log_maker_leave(&maker, 1, 66, 2, 3 * SECOND, SECOND, "{\"status\": \"failed\"}");
    log_maker_misuse(&maker, 66, PT_MISUSE_END_WITHOUT_BEGIN);
    log_maker_misuse(&maker, 66, PT_MISUSE_END_WITHOUT_BEGIN);
    log_maker_throughput(&maker, 1000, 4.0);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("phase_order.0"), "Outer"));
    cr_assert(eq(i64, integer("phases.Outer.count"), 0));
    cr_assert(eq(dbl, real("phases.Outer.total_duration"), 0.0));
    cr_assert(is_there("phases.Outer.entries.0.open"));
    cr_assert(not(is_there("phases.Outer.entries.0.end_time")));
    cr_assert(eq(i64, integer("phases.Outer.entries.0.metadata.total"), 2));
    cr_assert(eq(str, text_at("open_phases.0.phase"), "Outer"));
    cr_assert(eq(i64, integer("phases.Inner.failed"), 1));
    cr_assert(eq(str, text_at("phases.Inner.entries.0.parent"), "Outer"));
    cr_assert(eq(str, text_at("phases.Inner.entries.0.result_metadata.status"), "failed"));
    cr_assert(eq(i64, integer("annotations.misuse.0.count"), 2));
    cr_assert(eq(dbl, real("throughput.0.documents_per_second"), 250.0));
}

Test(report, a_name_may_stand_behind_its_first_use)
{
    log_maker_annotate(&maker, 2, 70, 1, 0, 2 * SECOND, "{}");
    log_maker_leave(&maker, 2, 70, 1, 2 * SECOND, SECOND, "{}");
    log_maker_phase(&maker, 70, "Late");
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Late.count"), 1));
}

Test(report, system_samples_give_the_originals_percentages)
{
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = SECOND, .busy = 100, .all = 1000, .mtot = 1000,
                       .mavl = 600, .cmax = -1, .pcpu = 5));
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = 2 * SECOND, .busy = 150, .all = 1100, .mtot = 1000,
                       .mavl = 400, .cmax = -1, .pcpu = 9));
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = 3 * SECOND, .busy = 160, .all = 1200, .mtot = 1000,
                       .mavl = 500, .cmax = -1, .pcpu = 25));
    log_maker_put(&maker, 1,
                  MAKE(sample, .thr = 3, .t = 2 * SECOND, .ucpu = SECOND, .scpu = SECOND / 2,
                       .rss = 100, .peak = 300, .own = 1000));
    log_maker_put(&maker, 1,
                  MAKE(sample, .thr = 2, .t = 5 * SECOND, .ucpu = 2 * SECOND, .scpu = SECOND,
                       .rss = 200, .peak = 300, .own = INT64_MAX));
    read_log();
    make_report();
    cr_assert(eq(dbl, real("resource_usage.average_cpu_percent"), 30.0));
    cr_assert(eq(dbl, real("resource_usage.peak_cpu_percent"), 50.0));
    cr_assert(eq(dbl, real("resource_usage.average_memory_percent"), 50.0));
    cr_assert(eq(dbl, real("resource_usage.peak_memory_percent"), 60.0));
    cr_assert(eq(i64, integer("resource_usage.samples_collected"), 3));
    cr_assert(eq(dbl, real("process.cpu_percent"), 75.0));
    cr_assert(eq(i64, integer("process.rss_bytes.peak"), 300));
    cr_assert(eq(i64, integer("process.rss_bytes.first"), 100));
    cr_assert(eq(i64, integer("process.threads_highest"), 3));
    cr_assert(eq(dbl, real("process.pressure.cpu_stall_seconds"), 2e-08));
    cr_assert(eq(dbl, real("profiler.sampler_cpu_seconds"),
                 1e-06)); /* the impossible second value is not believed */
}

Test(report, how_it_ended)
{
    log_maker_run_end(&maker, -1, 9);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.ended"), "signal 9 (SIGKILL)"));
    cr_assert(eq(i64, integer("run.signal"), 9));
}

Test(report, an_exit_past_the_handlers_is_no_crash)
{
    put_call(1, SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0);
    log_maker_put(&maker, 1, MAKE(exited, .t = 2 * SECOND));
    put_call(2, 2 * SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0); /* another thread, meanwhile */
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.ended"), "_exit"));
    cr_assert(eq(dbl, real("total_runtime_seconds"), 1.5));
}

/* Then the child of a vfork called it. */
Test(report, a_process_that_goes_on_has_not_exited)
{
    log_maker_put(&maker, 1, MAKE(exited, .t = 2 * SECOND));
    put_call(1, 5 * SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.ended"),
                 "cannot tell: no ordered end, and the process is not of this boot or container"));
}

Test(report, several_logs_are_merged)
{
    put_call(1, SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0);
    log_maker_end(&maker, 3 * SECOND);
    read_log();
    log_maker_release(&maker);
    log_maker_init(&maker);
    maker.start_ns = 2 * SECOND;
    maker.realtime_ns +=
        999 * SECOND; /* the clock of day was set between the two: the monotonic clock counts */
    maker.pid = 4243;
    log_maker_begin(&maker);
    put_call(1, 4 * SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0);
    log_maker_end(&maker, 7 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(dbl, real("total_runtime_seconds"), 6.0));
    cr_assert(eq(i64, integer("phases.Document Query.count"), 2));
    cr_assert(eq(i64, integer("commands.find.count"), 2));
    cr_assert(eq(str, text_at("phases.Document Query.entries.1.start_timestamp"),
                 "2025-01-04T15:00:03.000000"));
    cr_assert(eq(i64, integer("run.processes.1.pid"), 4243));
}

Test(report, the_summary_has_the_originals_layout)
{
    static const char expected[] =
        "======================================================================\n"
        "Performance Phase Summary\n"
        "======================================================================\n"
        "Total Runtime: 4.00s\n"
        "\n"
        "Phase: Document Query\n"
        "  Count: 2\n"
        "  Total Duration: 1.00s\n"
        "  Average Duration: 0.50s\n"
        "  Min Duration: 0.50s\n"
        "  Max Duration: 0.50s\n"
        "\n"
        "======================================================================\n";
    put_call(1, SECOND, PT_PHASE_QUERY, PT_COMMAND_find, 0);
    put_call(2, 2 * SECOND, PT_PHASE_QUERY, PT_COMMAND_getMore, 0);
    log_maker_annotate(&maker, 1, 65, 1, 0, 2 * SECOND,
                       "{}"); /* not completed, so not in this part */
    log_maker_end(&maker, 5 * SECOND);
    read_log();
    pt_model_finish(&model);
    char *text = print(pt_report_text);
    cr_assert(eq(int, strncmp(text, expected, sizeof expected - 1), 0), "%s", text);
    cr_assert(strstr(text, "Warning: 1 annotated phases were never ended.") != NULL);
    free(text);
}
