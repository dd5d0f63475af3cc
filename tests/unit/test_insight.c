/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts against synthetic runs whose times are known to the nanosecond: each one fires on its
 * fault, and is silent on the same run without it. What the machine and the server do to a run is
 * in test_insight_machine.c.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "insight_case.h"

TestSuite(insight, .init = report_case_start, .fini = report_case_end);

static void varied_inserts(int ns, int count, int64_t fixed_ns, int64_t each_ns)
{
    for (int i = 0; i < count; i++) {
        int64_t n = 10 + i % 10 * 10;
        insight_insert(ns, fixed_ns + n * each_ns, n);
    }
}

Test(insight, a_fixed_cost_is_fitted_inside_one_namespace)
{
    insight_begin();
    varied_inserts(64, 200, 2 * MS, MS / 20);
    insight_judge();
    const struct pt_insight *insight = insight_find("batch-size");
    cr_assert(insight != NULL);
    cr_assert(eq(i32, (int)insight->confidence, (int)PT_LIKELY));
    cr_assert(eq(str, (char *)insight->name_space, "db.one"));
    cr_assert(eq(str, (char *)insight->sentence, "42.1 % of each insert is fixed cost."));
    cr_assert(eq(str, (char *)insight->numbers[0],
                 "2.00 ms + 50.0 us per document at 55 documents, R2 1.00 over 200 calls."));
    cr_assert(eq(str, (char *)insight->action,
                 "360 documents per call in db.one bring it to 10 %: at best 1.95 s -> 1.61 s "
                 "(-17 %)."));
}

Test(insight, nineteen_calls_are_no_fit)
{
    insight_begin();
    varied_inserts(64, 19, 20 * MS, MS / 2);
    insight_judge();
    insight_silent("batch-size");
}

/* Three collections with batches of 500 each: a line through all of them would fit well, with an
 * intercept below 0, and say nothing of batches. */
Test(insight, no_line_goes_through_several_namespaces)
{
    insight_begin();
    for (int i = 0; i < 60; i++) {
        insight_insert(64, 10 * MS, 100);
        insight_insert(65, 60 * MS, 500);
        insight_insert(66, 110 * MS, 900);
    }
    insight_judge();
    insight_silent("batch-size");
}

Test(insight, a_negative_fixed_cost_is_no_cost)
{
    insight_begin();
    for (int i = 0; i < 100; i++) {
        int64_t n = 10 + i % 10 * 10;
        insight_insert(64, n * n * MS / 200, n);
    }
    insight_judge();
    insight_silent("batch-size");
}

Test(insight, one_document_for_each_round_trip)
{
    insight_begin();
    for (int i = 0; i < 1000; i++) {
        insight_insert(64, 2 * MS, 1);
    }
    insight_judge();
    const struct pt_insight *insight = insight_find("one-document-per-round-trip");
    cr_assert(insight != NULL);
    cr_assert(eq(i64, insight->gain_from_ns, 2 * SECOND + START - SECOND));
    cr_assert(eq(str, (char *)insight->sentence,
                 "One document per round trip: 1,000 calls of insert carry one each."));
    cr_assert(eq(str, (char *)insights.items[0].id, "one-document-per-round-trip"));
}

Test(insight, batches_are_not_one_document)
{
    insight_begin();
    for (int i = 0; i < 1000; i++) {
        insight_insert(64, 2 * MS, i % 2 == 0 ? 500 : 1);
    }
    insight_judge();
    insight_silent("one-document-per-round-trip");
}

/* 1,000 single inserts of 40 us in a run of 30 s: 0.1 % of it. */
Test(insight, what_is_not_worth_it_is_not_said)
{
    insight_begin();
    for (int i = 0; i < 1000; i++) {
        insight_insert(64, MS / 25, 1);
    }
    now_ns += 30 * SECOND;
    insight_judge();
    insight_silent("one-document-per-round-trip");
}

static void finds(int count, int64_t first_ns, int64_t more_ns)
{
    for (int i = 0; i < count; i++) {
        insight_call(PT_PHASE_QUERY, PT_COMMAND_find, 64, first_ns + i * more_ns, 100);
    }
}

Test(insight, finds_that_grow_with_their_position)
{
    insight_begin();
    finds(200, 8 * MS, MS);
    insight_judge();
    const struct pt_insight *insight = insight_find("grows-with-position");
    cr_assert(insight != NULL);
    insight_silent("slows-down");
}

Test(insight, finds_that_do_not)
{
    insight_begin();
    finds(200, 100 * MS, 0);
    insight_judge();
    insight_silent("grows-with-position");
    insight_silent("slows-down");
}

Test(insight, a_change_of_pace_is_no_slope)
{
    insight_begin();
    finds(200, 20 * MS, 0);
    finds(200, 60 * MS, 0);
    insight_judge();
    const struct pt_insight *insight = insight_find("slows-down");
    cr_assert(insight != NULL);
    insight_silent("grows-with-position");
    int64_t change_ns = maker.realtime_ns + (START - SECOND) + 200 * 20 * MS;
    int64_t off_ns = insight->start_ns > change_ns ? insight->start_ns - change_ns
                                                   : change_ns - insight->start_ns;
    cr_assert(off_ns < SECOND / 4, "%lld ns off", (long long)off_ns);
}

static void stalled(int64_t longest_ns)
{
    insight_begin();
    for (int i = 0; i < 100; i++) {
        insight_insert(64, i == 60 ? longest_ns : 10 * MS, 500);
    }
    insight_judge();
}

Test(insight, a_stall_is_counted_and_has_its_moment)
{
    stalled(3 * SECOND);
    const struct pt_insight *insight = insight_find("stalls");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->sentence,
                 "1 of 100 insert calls stood still: 2.99 s, usual 10.0 ms."));
    cr_assert(eq(i64, insight->end_ns - insight->start_ns, 3 * SECOND));
}

Test(insight, a_call_of_nine_times_the_usual_is_no_stall)
{
    stalled(90 * MS);
    insight_silent("stalls");
}

/* Each with its own collection, one behind the other or side by side. */
static void readers(bool in_turn, int writers)
{
    insight_begin();
    for (int reader = 0; reader < 2; reader++) {
        int64_t t_ns = START + (in_turn ? reader * 2 * SECOND : 0);
        log_maker_thread(&maker, 2 + reader, 500 + reader, t_ns, "first");
        for (int i = 0; i < 20; i++) {
            insight_put(2 + reader, PT_PHASE_QUERY, PT_COMMAND_getMore, 64 + reader,
                        t_ns + i * 100 * MS, 100 * MS, 500);
        }
        log_maker_thread(&maker, 2 + reader, 500 + reader, t_ns + 2 * SECOND, "end");
    }
    now_ns = START + (in_turn ? 4 : 2) * SECOND;
    for (int writer = 0; writer < writers; writer++) {
        log_maker_thread(&maker, 6 + writer, 600 + writer, START, "first");
        for (int i = 0; i < 10; i++) {
            insight_put(6 + writer, PT_PHASE_INSERTION, PT_COMMAND_insert, 66, START + i * 200 * MS,
                        20 * MS, 500);
        }
        log_maker_thread(&maker, 6 + writer, 600 + writer, now_ns, "end");
    }
    insight_judge();
}

Test(insight, the_limiting_threads_stand_before_idle_ones)
{
    readers(true, 2);
    const struct pt_insight *insight = insight_find("limiting-factor");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->sentence,
                 "Reading limits this run: its calls fill 3.99 s of the 5.00 s."),
              "%s", insight->sentence);
    cr_assert(strstr(insight->action, "read the 2 collections side by side") != NULL);
    cr_assert(eq(i64, insight->gain_from_ns, 5 * SECOND));
}

/* Those that end earlier than another one, which began behind them, are not lazy. */
Test(insight, readers_in_turn_are_not_uneven)
{
    readers(true, 2);
    insight_silent("uneven-workers");
}

Test(insight, without_readers_and_writers_nothing_is_a_pipeline)
{
    readers(false, 0);
    insight_silent("limiting-factor");
}

/* Equal batches of 60: no cause but the server's own time. */
static void updates(int64_t ping_ns)
{
    insight_begin();
    insight_call(PT_PHASE_COMMAND, PT_COMMAND_ping, 64, ping_ns, 0);
    for (int i = 0; i < 10; i++) {
        insight_call(PT_PHASE_UPDATE, PT_COMMAND_update, 64, SECOND, 60);
    }
    insight_judge();
}

Test(insight, server_time_is_the_last_resort)
{
    updates(MS / 10);
    cr_assert(eq(sz, insights.count, (size_t)1));
    const struct pt_insight *insight = insight_find("server-and-network");
    cr_assert(insight != NULL);
    cr_assert(eq(str, (char *)insight->numbers[0],
                 "10 update calls in db.one take 10.0 s, 16.7 ms per document."));
    cr_assert(strstr(insight->action, "on the server") != NULL);
}

Test(insight, server_and_network_are_not_told_apart_without_a_fast_command)
{
    updates(SECOND);
    const struct pt_insight *insight = insight_find("server-and-network");
    cr_assert(insight != NULL);
    cr_assert(strstr(insight->numbers[1], "Cannot tell server and network apart") != NULL);
}

Test(insight, where_a_cause_is_named_the_server_is_none)
{
    insight_begin();
    for (int i = 0; i < 1000; i++) {
        insight_insert(64, 2 * MS, 1);
    }
    insight_judge();
    insight_silent("server-and-network");
}

Test(insight, refused_documents_stand_first)
{
    insight_begin();
    for (int i = 0; i < 100; i++) {
        insight_insert(64, 20 * MS, 1);
    }
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = calls + 1, .w = PT_ERROR_WRITE, .code = 11000, .ns = 64, .n = 3));
    log_maker_put(
        &maker, 1,
        MAKE(write, .th = 1, .q = calls + 1, .ph = PT_PHASE_INSERTION, .ins = 7, .err = 3));
    insight_insert(64, 20 * MS, 10);
    insight_judge();
    cr_assert(eq(str, (char *)insights.items[0].id, "refused-documents"));
    cr_assert(insights.items[0].about_data);
    cr_assert(strstr(insights.items[0].numbers[0], "11000 DuplicateKey, 3 times, in db.one") !=
              NULL);
    cr_assert(eq(str, (char *)insights.items[1].id, "one-document-per-round-trip"));
}

/* A log with totals of some calls holds a sample of them, the slowest ones among it. */
Test(insight, a_sample_of_calls_is_no_run)
{
    insight_begin();
    for (int i = 0; i < 1000; i++) {
        insight_insert(64, 2 * MS, 1);
    }
    bson_t total = BSON_INITIALIZER;
    BSON_APPEND_INT32(&total, "k", PT_KIND_TOTAL);
    BSON_APPEND_UTF8(&total, "of", "process");
    BSON_APPEND_INT64(&total, "key", 1);
    BSON_APPEND_INT64(&total, "documents", 5000);
    log_maker_put_bson(&maker, 1, &total);
    insight_judge();
    cr_assert(eq(sz, insights.count, (size_t)1));
    cr_assert(eq(str, (char *)insights.items[0].id, "whole-log"));
    cr_assert(eq(i32, (int)insights.items[0].confidence, (int)PT_CANNOT_TELL));
}

/* Waiting is a sum, which is said of a damaged log too, but what is missing may be anything. */
Test(insight, of_a_damaged_log_nothing_is_certain)
{
    insight_begin();
    now_ns = START;
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ns = 64, .t = now_ns,
                       .d = SECOND, .wait = SECOND));
    now_ns += SECOND;
    insight_judge();
    cr_assert(eq(i32, (int)insight_find("waiting-for-server")->confidence, (int)PT_CERTAIN));
    model.processes[0]->facts.damaged_bytes = 64;
    pt_insights_make(&model, &insights);
    cr_assert(eq(i32, (int)insight_find("waiting-for-server")->confidence, (int)PT_LIKELY));
    for (size_t i = 0; i < insights.count; i++) {
        cr_assert(ne(i32, (int)insights.items[i].confidence, (int)PT_CERTAIN));
    }
}

Test(insight, a_log_without_calls_has_no_verdict)
{
    insight_begin();
    insight_judge();
    cr_assert(eq(sz, insights.count, (size_t)0));
    cr_assert(insights.silent_count > 20);
}
