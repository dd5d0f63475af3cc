/* SPDX-License-Identifier: Apache-2.0 */
/* Tables by namespace, server and cause of a retry, and the names of errors. */
#include <criterion/criterion.h>
#include <phasetap/log_format.h>
#include <stdio.h>

#include "log/error_names.h"
#include "model/retries.h"
#include "model/server_use.h"
#include "model/work.h"

static struct pt_works works;

static void start(void)
{
    works = (struct pt_works){0};
}

static void end(void)
{
    pt_works_release(&works);
}

TestSuite(work, .init = start, .fini = end);

static void count(const char *name_space, const char *phase, int64_t duration_ns)
{
    struct pt_work *row = pt_work_of_names(&works, name_space, phase);
    cr_assert_not_null(row);
    pt_work_call(row, duration_ns, false);
}

Test(work, a_pair_of_namespace_and_phase_is_one_row)
{
    count("a.b", "Document Query", 5);
    count("a.b", "Document Insertion", 5);
    count("a.c", "Document Query", 5);
    count(NULL, "Command", 5);
    count("a.b", "Document Query", 7);
    cr_assert_eq(works.count, 4);
    cr_assert_eq(pt_work_of_names(&works, "a.b", "Document Query")->calls, 2);
    cr_assert_eq(pt_work_of_names(&works, NULL, "Command")->calls, 1);
}

Test(work, thousands_of_namespaces_stay_apart)
{
    char name[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20000; i++) {
            snprintf(name, sizeof name, "db.c%d", i);
            count(name, "Document Insertion", i);
        }
    }
    cr_assert_eq(works.count, 20000);
    for (int i = 0; i < 20000; i += 777) {
        snprintf(name, sizeof name, "db.c%d", i);
        struct pt_work *row = pt_work_of_names(&works, name, "Document Insertion");
        cr_assert_eq(row->calls, 2);
        cr_assert_eq(row->sum_ns, 2 * i);
    }
}

Test(work, few_durations_give_exact_percentiles)
{
    for (int i = 16; i >= 1; i--) {
        count("a.b", "Command", i * 1000);
    }
    const struct pt_work *row = pt_work_of_names(&works, "a.b", "Command");
    cr_assert_eq(pt_work_percentile(row, 50), 8000);
    cr_assert_eq(pt_work_percentile(row, 90), 15000);
}

Test(work, many_durations_are_within_the_histograms_error)
{
    for (int i = 1; i <= 10000; i++) {
        count("a.b", "Command", i * 100);
    }
    const struct pt_work *row = pt_work_of_names(&works, "a.b", "Command");
    int64_t p95 = pt_work_percentile(row, 95);
    cr_assert_float_eq((double)p95, 950000.0, 950000.0 * PT_HISTOGRAM_ERROR);
}

Test(work, merging_is_the_same_as_counting_together)
{
    struct pt_works second = {0};
    for (int i = 1; i <= 10; i++) {
        count("a.b", "Command", i);
    }
    for (int calls = 1; calls <= 40; calls++) {
        struct pt_work *row = pt_work_of_names(&second, "a.b", "Command");
        pt_work_call(row, 10 + calls, calls == 1);
    }
    struct pt_work *into = pt_work_of_names(&works, "a.b", "Command");
    pt_work_merge(into, &second.rows[0]);
    cr_assert_eq(into->calls, 50);
    cr_assert_eq(into->durations.count, 50);
    cr_assert_eq(into->failed, 1);
    cr_assert_eq(into->min_ns, 1);
    cr_assert_eq(into->max_ns, 50);
    cr_assert_eq(pt_work_percentile(into, 50), 25);
    pt_works_release(&second);
}

Test(work, a_sample_has_no_percentile)
{
    for (int i = 0; i < 10; i++) {
        count("a.b", "Command", 5);
    }
    struct pt_work *row = pt_work_of_names(&works, "a.b", "Command");
    cr_assert_eq(pt_work_percentile(row, 50), 5);
    row->calls += 10; /* of which the log has only the total */
    cr_assert_eq(pt_work_percentile(row, 50), PT_WORK_NO_DURATION);
}

Test(server, the_floor_is_the_shortest_command_that_was_answered)
{
    struct pt_servers servers = {0};
    struct pt_server_use *one = pt_server_of_address(&servers, "db1:27017");
    pt_server_command(one, 900, false, true);
    pt_server_command(one, 300, false, true);
    pt_server_command(one, 100, true, true);
    pt_server_command(pt_server_of_address(&servers, "db2:27017"), 100, true, true);
    pt_server_command(one, 2, false, false);
    pt_servers_sort(&servers);
    cr_assert_eq(servers.count, 2);
    cr_assert_eq(servers.rows[0].floor_ns, 300);
    cr_assert_eq(servers.rows[0].failed, 1);
    cr_assert_eq(servers.rows[1].floor_ns, 0);
    pt_servers_release(&servers);
}

Test(retries, are_counted_by_cause)
{
    static struct pt_retries retries;
    pt_retries_add(&retries, &(struct pt_retry){PT_ERROR_SERVER, 0, 189, 1, 1});
    pt_retries_add(&retries, &(struct pt_retry){PT_ERROR_DRIVER, 2, 4, 1, 0});
    pt_retries_add(&retries, &(struct pt_retry){PT_ERROR_DRIVER, 2, 4, 1, 1});
    pt_retries_sort(&retries);
    cr_assert_eq(retries.used, 2);
    cr_assert_eq(retries.rows[0].code, 4);
    cr_assert_eq(retries.rows[0].count, 2);
    cr_assert_eq(retries.rows[0].succeeded, 1);
}

Test(error_names, are_those_of_the_server_and_of_the_driver)
{
    cr_assert_str_eq(pt_error_name(PT_ERROR_WRITE, 0, 11000), "DuplicateKey");
    cr_assert_str_eq(pt_error_name(PT_ERROR_SERVER, 0, 189), "PrimarySteppedDown");
    cr_assert_str_eq(pt_error_name(PT_ERROR_WRITE_CONCERN, 0, 64), "WriteConcernTimeout");
    cr_assert_str_eq(pt_error_name(PT_ERROR_DRIVER, 2, 4), "MONGOC_ERROR_STREAM_SOCKET");
    cr_assert_str_eq(pt_error_name(PT_ERROR_DRIVER, 15, 13053),
                     "MONGOC_ERROR_SERVER_SELECTION_FAILURE");
    cr_assert_str_eq(pt_error_name(PT_ERROR_DRIVER, 3, 17), "MONGOC_ERROR_PROTOCOL_ERROR");
    cr_assert_str_eq(pt_error_name(PT_ERROR_DRIVER, 1, 59), "MONGOC_ERROR_CLIENT_API_ALREADY_SET");
    cr_assert_str_eq(pt_error_domain_name(15), "MONGOC_ERROR_SERVER_SELECTION");
    cr_assert_null(pt_error_name(PT_ERROR_SERVER, 0, 999999));
    cr_assert_null(pt_error_name(PT_ERROR_DRIVER, 2, -1));
    cr_assert_null(pt_error_domain_name(0));
}
