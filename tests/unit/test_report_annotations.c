/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What programs say themselves, in the model and the reports: phases of the annotation interface
 * beside recognised ones, misuse, use of the system that the original warned of. Synthetic logs
 * (report_case.h).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_finish.h"
#include "report_case.h"

TestSuite(report_annotations, .init = report_case_start, .fini = report_case_end);

static void put_query(int q, int64_t t_ns)
{
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = q, .ph = PT_PHASE_QUERY, .c = 1, .t = t_ns,
                       .d = SECOND / 2, .net = SECOND / 4, .n = 10));
}

static void put_phase(int phase, int q, int64_t t_ns)
{
    log_maker_annotate(&maker, 1, phase, q, 0, t_ns, "{}");
    log_maker_leave(&maker, 1, phase, q, t_ns, SECOND, "{}");
}

static bool has_note(const char *part)
{
    for (size_t i = 0; i < model.note_count; i++) {
        if (strstr(model.notes[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

Test(report_annotations, a_phase_of_the_program_keeps_its_name_and_its_counts)
{
    log_maker_phase(&maker, 64, "Document Query");
    put_phase(64, 1, SECOND);
    put_query(1, SECOND);
    put_query(2, 2 * SECOND);
    put_query(3, 3 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Document Query.count"), 1));
    cr_assert(eq(dbl, real("phases.Document Query.total_duration"), 1.0));
    cr_assert(eq(str, text_at("phases.Document Query.source"), "annotated"));
    cr_assert(eq(i64, integer("phases.Document Query (recognised).count"), 3));
    cr_assert(eq(str, text_at("phases.Document Query (recognised).source"), "recognised"));
    cr_assert(eq(str, text_at("phase_order.0"), "Document Query"));
    cr_assert(eq(str, text_at("phase_order.1"), "Document Query (recognised)"));
    cr_assert(has_note("'Document Query (recognised)'"));
}

Test(report_annotations, names_stay_different_whatever_a_program_calls_its_phases)
{
    log_maker_phase(&maker, 64, "Document Query");
    log_maker_phase(&maker, 65, "Document Query (recognised)");
    put_phase(64, 1, SECOND);
    put_phase(65, 2, 2 * SECOND);
    put_query(1, 4 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("phases.Document Query (recognised).source"), "annotated"));
    cr_assert(eq(i64, integer("phases.Document Query (recognised) (recognised).count"), 1));
}

Test(report_annotations, a_recognised_phase_alone_keeps_its_name)
{
    put_query(1, SECOND);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Document Query.count"), 1));
    cr_assert(eq(str, text_at("phases.Document Query.source"), "recognised"));
    cr_assert(not(is_there("phases.Document Query (recognised)")));
}

Test(report_annotations, misuse_is_listed_with_a_name_that_comes_later)
{
    log_maker_misuse(&maker, 70, PT_MISUSE_END_WITHOUT_BEGIN);
    log_maker_misuse(&maker, 70, PT_MISUSE_END_WITHOUT_BEGIN);
    log_maker_misuse(&maker, 0, PT_MISUSE_BAD_NAME);
    log_maker_phase(&maker, 70, "Late");
    put_phase(70, 1, SECOND);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("phases.Late.count"), 1));
    cr_assert(eq(i64, integer("annotations.misuses"), 3));
    cr_assert(eq(str, text_at("annotations.misuse.0.phase"), "Late"));
    cr_assert(eq(i64, integer("annotations.misuse.0.count"), 2));
    char *text = print(pt_report_text);
    cr_assert(strstr(text, "misused 3 times:\n  2 x end without begin: Late\n") != NULL);
    free(text);
}

Test(report_annotations, phases_beyond_the_highest_number_are_counted_and_said)
{
    char name[32];
    for (int i = 0; i < PT_PHASES_HIGHEST + 3; i++) {
        snprintf(name, sizeof name, "Phase %d", i);
        log_maker_phase(&maker, 64 + i, name);
        put_phase(64 + i, i + 1, SECOND);
    }
    read_log();
    pt_model_finish(&model);
    cr_assert(eq(sz, model.phase_count, PT_PHASES_HIGHEST));
    cr_assert(has_note("3 entries of phases are not listed"));
}

static void put_system(int64_t t_ns, int64_t busy, int64_t all, int64_t available)
{
    log_maker_put(&maker, 1,
                  MAKE(system, .ncpu = 2, .t = t_ns, .busy = busy, .all = all, .mtot = 1000,
                       .mavl = available, .cmax = -1));
}

Test(report_annotations, use_above_ninety_percent_is_noted)
{
    put_system(SECOND, 0, 1000, 100);
    put_system(2 * SECOND, 95, 1100, 99);
    put_system(3 * SECOND, 185, 1200, 500);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("resource_warnings.0.what"), "cpu"));
    cr_assert(eq(i64, integer("resource_warnings.0.count"), 1));
    cr_assert(eq(i64, integer("resource_warnings.0.of"), 2));
    cr_assert(eq(dbl, real("resource_warnings.0.highest_percent"), 95.0));
    cr_assert(eq(str, text_at("resource_warnings.1.what"), "memory"));
    cr_assert(eq(i64, integer("resource_warnings.1.count"), 1));
    char *text = print(pt_report_text);
    cr_assert(strstr(text, "CPU use was above 90 % in 1 of 2 samples (highest: 95.0 %).") != NULL);
    cr_assert(strstr(text, "memory use was above 90 % in 1 of 3 samples") != NULL);
    free(text);
}

Test(report_annotations, use_of_ninety_percent_is_not)
{
    put_system(SECOND, 0, 1000, 100);
    put_system(2 * SECOND, 90, 1100, 100);
    read_log();
    make_report();
    cr_assert(not(is_there("resource_warnings.0")));
}

Test(report_annotations, samples_of_the_process_count_as_samples_collected)
{
    put_system(SECOND, 0, 1000, 500);
    for (int i = 0; i < 7; i++) {
        log_maker_put(&maker, 1, MAKE(sample, .thr = 1, .t = SECOND + i * SECOND / 10));
    }
    read_log();
    make_report();
    cr_assert(eq(i64, integer("resource_usage.samples_collected"), 7));
}

static void put_failed_query(int q, int64_t t_ns, int code)
{
    log_maker_put(&maker, 1,
                  MAKE(error, .th = 1, .q = q, .w = PT_ERROR_SERVER, .code = code, .n = 1));
    put_query(q, t_ns);
}

static void put_cpu(int64_t t_ns, int64_t cpu_ns)
{
    log_maker_put(&maker, 1,
                  MAKE(sample, .thr = 1, .t = t_ns, .ucpu = cpu_ns, .scpu = 0, .rd = -1));
}

/* Errors have no time: they go with the span that they precede. */
Test(report_annotations, what_began_before_a_moment_is_left_out)
{
    model.since_ns = 4 * SECOND;
    log_maker_thread(&maker, 1, maker.pid, 2 * SECOND, "first");
    put_failed_query(1, 2 * SECOND, 11);
    put_failed_query(2, 4 * SECOND, 12);
    put_cpu(2 * SECOND, 5 * SECOND);
    put_cpu(3 * SECOND, 6 * SECOND);
    put_cpu(5 * SECOND, 7 * SECOND);
    log_maker_phase(&maker, 64, "Mine");
    put_phase(64, 1, 3 * SECOND);
    put_phase(64, 2, 5 * SECOND);
    log_maker_end(&maker, 6 * SECOND);
    read_log();
    make_report();
    cr_assert(eq(dbl, real("total_runtime_seconds"), 2.0));
    cr_assert(eq(i64, integer("phases.Document Query.count"), 1));
    cr_assert(eq(i64, integer("phases.Mine.count"), 1));
    cr_assert(eq(i64, integer("errors.0.code"), 12));
    cr_assert(not(is_there("errors.1")));
    cr_assert(eq(dbl, real("process.user_cpu_seconds"), 1.0));
    cr_assert(eq(i64, integer("resource_usage.samples_collected"), 1));
    cr_assert(eq(dbl, real("partition.threads.0.wall_seconds"), 2.0));
    cr_assert(eq(dbl, real("partition.threads.0.sum_seconds"), 2.0));
}

Test(report_annotations, a_process_that_asks_has_not_ended)
{
    model.asking_pid = maker.pid;
    put_query(1, SECOND);
    read_log();
    make_report();
    cr_assert(eq(str, text_at("run.ended"), "not yet"));
    cr_assert(eq(str, text_at("run.known_from"), "the process itself"));
    cr_assert(not(has_note("did not end")));
    cr_assert(has_note("The run is going on"));
}
