/* SPDX-License-Identifier: Apache-2.0 */
/* What the report says of the drivers in a process, and why calls of one, or all calls, were not
 * seen. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_case.h"

TestSuite(drivers, .init = report_case_start, .fini = report_case_end);
TestSuite(clock, .init = report_case_start, .fini = report_case_end);

static void put_call(void)
{
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 1, .ph = PT_PHASE_QUERY, .c = 1, .t = 2 * SECOND,
                       .d = 10, .net = 5));
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
    size_t length = strlen(text);
    return length >= strlen(with) && strcmp(text + length - strlen(with), with) == 0;
}

Test(drivers, one)
{
    log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
    put_call();
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.processes.0.driver.version"), "1.23.1"));
    cr_assert(not(is_there("run.processes.0.drivers")));
    cr_assert(not(is_there("run.processes.0.unseen_drivers")));
}

Test(drivers, several_and_the_first_stays_the_driver)
{
    log_maker_driver(&maker, "2.5.7", "libmongoc2.so.2");
    log_maker_driver(&maker, "1.30.4", "libmongoc-1.0.so.0");
    put_call();
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.processes.0.driver.soname"), "libmongoc2.so.2"));
    cr_assert(eq(str, text_at("run.processes.0.drivers.0.version"), "2.5.7"));
    cr_assert(eq(str, text_at("run.processes.0.drivers.1.version"), "1.30.4"));
    cr_assert(eq(str, text_at("run.processes.0.drivers.1.soname"), "libmongoc-1.0.so.0"));
}

Test(drivers, more_than_are_kept)
{
    for (int i = 0; i < 100; i++) {
        log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
        log_maker_unseen(&maker, PT_UNSEEN_COPY, "many.so");
    }
    put_call();
    read_log();
    make_report();
    cr_assert(is_there("run.processes.0.drivers.15"));
    cr_assert(not(is_there("run.processes.0.drivers.16")));
    cr_assert(is_there("run.processes.0.unseen_drivers.15"));
}

static void check_clock(int clock, const char *begins_with)
{
    log_maker_clock(&maker, clock, 40, 8);
    put_call();
    read_log();
    make_report();
    cr_assert(begins(text_at("profiler.clock"), begins_with));
    cr_assert(eq(i64, integer("profiler.clock_deviation_ns"), 40));
    cr_assert(eq(i64, integer("profiler.clock_cost_ns"), 8));
}

Test(clock, is_the_counter)
{
    check_clock(1, "the time-stamp counter");
}

Test(clock, or_says_why_not)
{
    check_clock(4, "CLOCK_MONOTONIC: the time-stamp counter cannot be used, because it is not");
}

Test(clock, of_a_later_version)
{
    check_clock(1000, "a clock unknown to this version");
}

Test(clock, is_clock_monotonic_where_nothing_is_said)
{
    put_call();
    read_log();
    make_report();
    cr_assert(begins(text_at("profiler.clock"), "CLOCK_MONOTONIC"));
    cr_assert(eq(i64, integer("profiler.clock_cost_ns"), 25));
}

/* The sentence about a process without a call: object, reason, advice, also in the summary. */
static void check_silent(int why, const char *reason, const char *advice)
{
    char expected[PT_UNSEEN_BYTES];
    log_maker_unseen(&maker, why, "mongodb.so");
    log_maker_end(&maker, 2 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.processes.0.unseen_drivers.0.object"), "mongodb.so"));
    cr_assert(eq(str, text_at("run.processes.0.unseen_drivers.0.reason"), (char *)reason));
    snprintf(expected, sizeof expected,
             "cannot tell whether libmongoc was called, because mongodb.so: %s%s", reason, advice);
    cr_assert(eq(str, text_at("profiler.notes.0"), expected));
    cr_assert(not(is_there("profiler.notes.1")));
    cr_assert(eq(sz, model.warning_count, 1));
    char *text = print(pt_report_text);
    cr_assert(strstr(text, expected) != NULL);
    free(text);
}

#define REASON_TEXT(id, constant, text) [id] = (text),
static const char *const reasons[] = {PT_UNSEEN_REASONS(REASON_TEXT)};

Test(drivers, loaded_past_us)
{
    check_silent(PT_UNSEEN_LOADED, reasons[PT_UNSEEN_LOADED],
                 "; 'phasetap run --audit' sees such calls");
}

Test(drivers, a_copy_reached_past_us)
{
    check_silent(PT_UNSEEN_COPY, reasons[PT_UNSEEN_COPY],
                 "; 'phasetap run --audit' sees such calls");
}

Test(drivers, a_hidden_copy)
{
    check_silent(PT_UNSEEN_HIDDEN, reasons[PT_UNSEEN_HIDDEN],
                 "; link it with the shared libmongoc");
}

Test(drivers, a_reason_of_a_later_version)
{
    check_silent(77, "for a reason unknown to this version", "");
}

Test(drivers, under_audit_it_is_no_advice)
{
    char text[PT_UNSEEN_BYTES];
    pt_unseen_sentence(text,
                       &(struct pt_unseen_driver){.why = PT_UNSEEN_COPY, .object = (char *)"a.so"},
                       false, true);
    cr_assert(begins(text, "cannot tell whether libmongoc was called, because a.so: "));
    cr_assert(strstr(text, "run --audit") == NULL);
    cr_assert(strstr(text, "-fno-plt") != NULL);
}

Test(drivers, beside_calls_that_were_seen)
{
    log_maker_unseen(&maker, PT_UNSEEN_COPY, "plugin.so");
    log_maker_unseen(&maker, PT_UNSEEN_HIDDEN, "other.so");
    put_call();
    read_log();
    make_report();
    cr_assert(
        begins(text_at("profiler.notes.0"), "calls of the driver in plugin.so were not seen: "));
    cr_assert(
        begins(text_at("profiler.notes.1"), "calls of the driver in other.so were not seen: "));
    cr_assert(begins(text_at("profiler.notes.2"), "The run did not end normally"));
    cr_assert(eq(sz, model.warning_count, 0));
    cr_assert(eq(sz, model.alarm_count, 2));
}

Test(drivers, the_program_made_no_call)
{
    log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
    log_maker_end(&maker, 2 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("profiler.notes.0"),
                 "no libmongoc call was seen, because the program made none"));
}

Test(drivers, no_driver_at_all)
{
    log_maker_end(&maker, 2 * SECOND);
    read_log();
    make_report();
    cr_assert(begins(text_at("profiler.notes.0"),
                     "cannot tell whether libmongoc was called, because no call reached "));
    cr_assert(ends(text_at("profiler.notes.0"), "check the program with 'phasetap check PROGRAM'"));
}

Test(drivers, a_cut_log_tells_no_more_than_it_knows)
{
    log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
    read_log();
    make_report();
    cr_assert(
        ends(text_at("profiler.notes.0"), "because the program made none before the log ends"));
}

/* Of several logs, those without a call are counted; a call in one is no excuse for the other. */
Test(drivers, one_log_of_several)
{
    log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
    log_maker_end(&maker, 2 * SECOND);
    read_log();
    read_log();
    log_maker_unseen(&maker, PT_UNSEEN_HIDDEN, "a.so");
    read_log();
    put_call();
    read_log();
    make_report();
    cr_assert(begins(text_at("profiler.notes.0"),
                     "cannot tell whether libmongoc was called, because a.so: "));
    cr_assert(eq(str, text_at("profiler.notes.1"),
                 "no libmongoc call was seen, because the program made none (in 2 of 4 logs)"));
    cr_assert(eq(sz, model.warning_count, 2));
    cr_assert(begins(text_at("profiler.notes.2"), "calls of the driver in a.so were not seen: "));
}

/* What no log holds: only the process that exits, or that forked, can tell. */
Test(drivers, an_exit_beside_others_and_children_without_a_log)
{
    log_maker_driver(&maker, "1.23.1", "libmongoc-1.0.so.0");
    log_maker_end_missing(&maker, 2 * SECOND, 4, 3, 1);
    read_log();
    make_report();
    cr_assert(begins(text_at("profiler.notes.1"), "children of process "));
    cr_assert(ends(text_at("profiler.notes.1"), ": 3 (the log reached its size limit); see "
                                                "'phasetap check --environment'"));
    cr_assert(ends(text_at("profiler.notes.2"), " exited: 4; what they did after that is missing"));
}
