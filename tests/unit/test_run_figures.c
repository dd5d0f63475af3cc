/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a run are the same from its log and from its JSON report; what is no report is
 * refused. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate/run_figures.h"
#include "model/model_finish.h"
#include "report_case.h"

#define MS 1000000LL

static struct pt_run_figures of_log, of_report;
static char why[256];

static void end(void)
{
    pt_run_figures_release(&of_log);
    pt_run_figures_release(&of_report);
    report_case_end();
}

TestSuite(run_figures, .init = report_case_start, .fini = end);

static void put_calls(int calls)
{
    log_maker_driver(&maker, "1.30.4", "libmongoc-1.0.so.0");
    log_maker_namespace(&maker, 64, "db", "patients");
    log_maker_thread(&maker, 1, maker.pid, SECOND, "first");
    for (int q = 1; q <= calls; q++) {
        log_maker_put(
            &maker, 1,
            MAKE(write, .th = 1, .q = q, .ph = PT_PHASE_INSERTION, .ns = 64, .ins = 7, .err = 1));
        log_maker_put(&maker, 1,
                      MAKE(span, .th = 1, .q = q, .ph = PT_PHASE_INSERTION, .ns = 64, .c = 1,
                           .f = 7, .st = q == 3, .t = SECOND + q * 20 * MS, .d = q * MS,
                           .net = q * MS, .n = 8, .b = 1000));
    }
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = 3, .w = PT_ERROR_WRITE, .code = 11000, .n = calls, .ns = 64));
    log_maker_end(&maker, 2 * SECOND);
    log_maker_run_end(&maker, 0, 0);
    read_log();
    pt_model_finish(&model);
}

static bool take_report(char *json)
{
    return pt_run_figures_of_report(&of_report, json, strlen(json), "r.json", why, sizeof why);
}

static void check_phases(bool durations)
{
    cr_assert(eq(sz, of_report.phase_count, of_log.phase_count));
    for (size_t i = 0; i < of_log.phase_count; i++) {
        struct pt_phase_figures *one = &of_log.phases[i], *other = &of_report.phases[i];
        cr_assert(eq(str, other->name, one->name));
        cr_assert(eq(int, other->recognised, one->recognised));
        cr_assert(all(eq(long, other->count, one->count), eq(long, other->failed, one->failed)));
        cr_assert(eq(long, other->documents, one->documents));
        cr_assert(eq(long, other->bytes, one->bytes));
        cr_assert(all(eq(long, other->sum_ns, one->sum_ns), eq(long, other->max_ns, one->max_ns)));
        for (int p = 0; p < PT_PERCENTILES; p++) {
            cr_assert(eq(long, other->percentiles_ns[p], one->percentiles_ns[p]));
        }
        cr_assert(eq(long, (long)other->durations.count, durations ? one->count : 0));
    }
}

static void check_run(void)
{
    cr_assert(eq(str, of_report.programs, of_log.programs));
    cr_assert(eq(str, of_report.drivers, of_log.drivers));
    cr_assert(eq(str, of_report.ended, of_log.ended));
    cr_assert(of_report.complete && of_log.complete);
    cr_assert(eq(long, of_report.exit_status, of_log.exit_status));
    cr_assert(eq(long, of_report.runtime_ns, of_log.runtime_ns));
    cr_assert(eq(long, of_report.documents, of_log.documents));
    cr_assert(eq(long, of_report.failed, of_log.failed));
    cr_assert(eq(long, of_report.not_written, of_log.not_written));
    cr_assert(eq(long, of_report.errors, of_log.errors));
    cr_assert(eq(long, of_report.cpu_ns, of_log.cpu_ns));
    cr_assert(eq(long, of_report.memory_bytes, of_log.memory_bytes));
    cr_assert(all(eq(ptr, of_report.missing, NULL), eq(ptr, of_log.missing, NULL)));
}

Test(run_figures, are_those_of_the_report)
{
    put_calls(5); /* as many as the case lists */
    cr_assert(pt_run_figures_of_model(&of_log, &model, "run.bson"));
    char *json = print(pt_report_json);
    cr_assert(take_report(json), "%s", why);
    check_run();
    check_phases(true);
    cr_assert(all(eq(long, of_log.documents, 35), eq(long, of_log.not_written, 5)));
    cr_assert(all(eq(long, of_log.failed, 1), eq(long, of_log.errors, 5)));
    free(json);
}

Test(run_figures, durations_are_not_known_from_a_part_of_the_entries)
{
    put_calls(30);
    cr_assert(pt_run_figures_of_model(&of_log, &model, "run.bson"));
    char *json = print(pt_report_json);
    cr_assert(take_report(json), "%s", why);
    check_run();
    check_phases(false);
    free(json);
}

Test(run_figures, what_is_no_report_is_refused)
{
    put_calls(5);
    char *json = print(pt_report_json);
    json[strlen(json) / 2] = '\0';
    cr_assert(not(take_report(json)));
    cr_assert(eq(str, why, "it is no complete JSON document"));
    free(json);
    static const char *const others[] = {"{}",
                                         "[1]",
                                         "{\"schema_version\": 2, \"phases\": {}}",
                                         "{\"runs\": []}",
                                         "{\"report_timestamp\": \"\"}",
                                         ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        pt_run_figures_release(&of_report);
        cr_assert(not(take_report((char *)others[i])), "%s", others[i]);
    }
}

Test(run_figures, names_are_a_sorted_set)
{
    char *list = NULL;
    static const char *const words[] = {"masker", "b", "masker", "mask", "z", "b", "maskers"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        cr_assert(pt_run_add_word(&list, words[i]));
    }
    cr_assert(eq(str, list, "b, mask, masker, maskers, z"));
    free(list);
}
