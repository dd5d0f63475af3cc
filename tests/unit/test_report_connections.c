/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections before and inside the span of their call, and looks at the servers: in which part of
 * the time, and in which entry, each nanosecond is. docs/FORMAT.md, "Connections and the span of
 * their call".
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "report_case.h"

TestSuite(connections, .init = report_case_start, .fini = report_case_end);

static int64_t part(enum pt_part which)
{
    return model.processes[0]->threads[1]->parts_ns[which];
}

static bool is_noted(const char *words)
{
    for (size_t i = 0; i < model.note_count; i++) {
        if (strstr(model.notes[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

static void put_connection(int q, int client, int64_t t_ns, int64_t d_ns, int status)
{
    log_maker_put(
        &maker, 1,
        MAKE(connection, .th = 1, .q = q, .cl = client, .st = status, .t = t_ns, .d = d_ns));
}

static void put_command(int q, int64_t t_ns, int64_t d_ns, int status)
{
    log_maker_put(&maker, 1,
                  MAKE(command, .th = 1, .q = q, .cmd = PT_COMMAND_insert, .st = status, .t = t_ns,
                       .d = d_ns));
}

static void put_span(int q, int phase, int64_t t_ns, int64_t d_ns, int64_t net_ns)
{
    int commands = phase == PT_PHASE_SERVER_CHECK ? 0 : 1;
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = q, .ph = phase, .cl = 1, .c = commands, .t = t_ns,
                       .d = d_ns, .net = net_ns, .cpu = -1));
}

/* A call [2 s, 3 s) of two commands, between which the driver connected again for 0.5 s. */
static void put_retried_call(void)
{
    put_command(1, 2 * SECOND, SECOND / 10, 1);
    put_connection(1, 1, 2 * SECOND + SECOND / 10, SECOND / 2, 0);
    put_command(1, 2 * SECOND + 6 * (SECOND / 10), SECOND / 5, 0);
    put_span(1, PT_PHASE_INSERTION, 2 * SECOND, SECOND, SECOND / 10 + SECOND / 5);
}

Test(connections, inside_a_span_are_neither_its_phase_nor_the_driver)
{
    log_maker_thread(&maker, 1, maker.pid, 2 * SECOND, "first");
    put_retried_call();
    log_maker_end(&maker, 3 * SECOND);
    read_log();
    cr_assert(eq(i64, part(PT_PART_CONNECTION), SECOND / 2));
    cr_assert(eq(i64, part(PT_PART_SERVER), 3 * (SECOND / 10)));
    cr_assert(eq(i64, part(PT_PART_DRIVER), SECOND / 5));
    cr_assert(eq(i64, part(PT_PART_OUTSIDE), SECOND));
    make_report();
    cr_assert(eq(dbl, real("phases.Document Insertion.total_duration"), 0.5));
    cr_assert(eq(dbl, real("phases.Document Insertion.entries.0.duration_seconds"), 0.5));
    cr_assert(eq(
        dbl, real("phases.Document Insertion.entries.0.result_metadata.connecting_seconds"), 0.5));
    double begin = real("phases.Document Insertion.entries.0.start_time");
    cr_assert(
        epsilon_eq(dbl, real("phases.Document Insertion.entries.0.end_time") - begin, 1.0, 1e-6));
    cr_assert(eq(dbl, real("phases.Database Connection.total_duration"), 0.5));
    cr_assert(eq(i64, integer("connections.established"), 1));
    cr_assert(eq(i64, integer("connections.failed"), 0));
}

Test(connections, before_and_inside_the_same_span)
{
    put_connection(1, 1, 2 * SECOND + 600, 50, 0); /* inside, and written first */
    put_connection(1, 1, 2 * SECOND + 500, 20, 1);
    put_connection(1, 1, 2 * SECOND, 400, 0); /* before */
    put_span(1, PT_PHASE_QUERY, 2 * SECOND + 400, 600, 100);
    put_connection(2, 1, 2 * SECOND + 1000, 10, 0); /* of the next call */
    put_span(2, PT_PHASE_QUERY, 2 * SECOND + 1010, 90, 90);
    read_log();
    cr_assert(eq(i64, part(PT_PART_CONNECTION), 480));
    cr_assert(eq(i64, part(PT_PART_SERVER), 190));
    cr_assert(eq(i64, part(PT_PART_DRIVER), 430));
    make_report();
    cr_assert(eq(dbl, real("phases.Document Query.max_duration"), 5.3e-07));
    cr_assert(eq(dbl, real("phases.Document Query.min_duration"), 9e-08));
    cr_assert(not(is_there("phases.Document Query.entries.1.result_metadata.connecting_seconds")));
    cr_assert(eq(i64, integer("connections.established"), 3));
    cr_assert(eq(i64, integer("connections.failed"), 1));
}

/* More of them than are kept one by one: none is lost. */
Test(connections, many_inside_one_span)
{
    put_connection(1, 1, 2 * SECOND - 7, 7, 0);
    for (int i = 0; i < 100; i++) {
        put_connection(1, 1, 2 * SECOND + i * 10, 5, 0);
    }
    put_span(1, PT_PHASE_INSERTION, 2 * SECOND, 1000, 300);
    put_span(2, PT_PHASE_INSERTION, 2 * SECOND + 1000, 1000, 300);
    read_log();
    cr_assert(eq(i64, part(PT_PART_CONNECTION), 507));
    cr_assert(eq(i64, part(PT_PART_SERVER), 600));
    cr_assert(eq(i64, part(PT_PART_DRIVER), 900));
}

/* A log that contradicts itself: no part becomes negative. */
Test(connections, longer_than_their_span)
{
    put_connection(1, 1, 2 * SECOND, INT64_MAX, 0);
    put_connection(1, 1, 2 * SECOND + 1, INT64_MAX, 0);
    put_span(1, PT_PHASE_INSERTION, 2 * SECOND, 1000, 800);
    read_log();
    cr_assert(eq(i64, part(PT_PART_CONNECTION), INT64_MAX));
    cr_assert(eq(i64, part(PT_PART_SERVER), 0));
    cr_assert(eq(i64, part(PT_PART_DRIVER), 0));
    make_report();
    cr_assert(eq(dbl, real("phases.Document Insertion.total_duration"), 0.0));
}

Test(connections, without_a_span_stand_for_themselves)
{
    put_command(1, 2 * SECOND, 10, 1);
    put_connection(1, 1, 2 * SECOND + 10, 30, 0); /* the process was killed in this call */
    read_log();
    cr_assert(eq(i64, part(PT_PART_CONNECTION), 30));
    make_report();
    cr_assert(eq(i64, integer("connections.established"), 1));
}

/* Of its call, a connection that failed has the errors of the driver, not what a command was
 * answered or wrote. */
Test(connections, failed_ones_have_their_errors)
{
    log_maker_put(&maker, 1, MAKE(write, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ins = 4));
    log_maker_put(&maker, 1,
                  MAKE(error, .th = 1, .q = 1, .w = PT_ERROR_SERVER, .code = 91, .n = 1));
    log_maker_put(
        &maker, 1,
        MAKE(error, .th = 1, .q = 1, .w = PT_ERROR_DRIVER, .dom = 15, .code = 13053, .n = 1));
    put_connection(1, 1, 2 * SECOND + 10, 30, 1);
    put_span(1, PT_PHASE_INSERTION, 2 * SECOND, 50, 10);
    read_log();
    make_report();
    cr_assert(
        eq(i64, integer("phases.Database Connection.entries.0.result_metadata.errors.13053"), 1));
    cr_assert(not(is_there("phases.Database Connection.entries.0.result_metadata.errors.91")));
    cr_assert(not(is_there("phases.Database Connection.writes")));
    cr_assert(eq(i64, integer("phases.Document Insertion.writes.inserted"), 4));
    cr_assert(eq(i64, integer("phases.Document Insertion.entries.0.result_metadata.errors.91"), 1));
}

Test(connections, a_server_check_is_waiting_for_a_server)
{
    put_span(1, PT_PHASE_SERVER_CHECK, 2 * SECOND, 40, 0);
    put_command(2, 2 * SECOND + 40, 5, 0);
    put_span(2, PT_PHASE_INSERTION, 2 * SECOND + 40, 10, 5);
    put_span(3, PT_PHASE_POOL_WAIT, 2 * SECOND + 50, 7, 0);
    put_span(4, PT_PHASE_CONSTRUCTION, 2 * SECOND + 57, 3, 0);
    read_log();
    cr_assert(eq(i64, part(PT_PART_SERVER), 5));
    cr_assert(eq(i64, part(PT_PART_SERVER_WAIT), 40));
    cr_assert(eq(i64, part(PT_PART_POOL_WAIT), 7));
    cr_assert(eq(i64, part(PT_PART_DRIVER), 5));
    make_report();
    cr_assert(not(is_there("phases.Server Check")));
    cr_assert(eq(dbl, real("partition.total.of_which.server_check_seconds"), 4e-08));
    cr_assert(eq(dbl, real("partition.threads.0.of_which.server_check_seconds"), 4e-08));
    cr_assert(eq(dbl, real("partition.total.of_which.pool_wait_seconds"), 7e-09));
    cr_assert(eq(dbl, real("partition.total.of_which.connection_construction_seconds"), 3e-09));
    cr_assert(eq(dbl, real("partition.total.waiting_for_server_seconds"), 4e-08));
}

/* CPU time is the driver's, and what the server held back is told apart. */
Test(connections, the_parts_of_a_call_are_cut_to_its_length)
{
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 1, .ph = PT_PHASE_QUERY, .c = 1, .t = 2 * SECOND,
                       .d = 100, .net = 60, .cpu = 25, .wait = 30, .ev = 20));
    log_maker_put(&maker, 1,
                  MAKE(span, .th = 1, .q = 2, .ph = PT_PHASE_QUERY, .c = 1, .t = 2 * SECOND + 100,
                       .d = 10, .net = 60, .cpu = 25, .wait = 4, .ev = 20));
    read_log();
    cr_assert(eq(i64, part(PT_PART_SERVER_WAIT), 34));
    cr_assert(eq(i64, part(PT_PART_DRIVER), 31));
    cr_assert(eq(i64, part(PT_PART_EVENTS), 20));
    cr_assert(eq(i64, part(PT_PART_SERVER), 25));
    make_report();
    cr_assert(eq(dbl, real("phases.Document Query.total_duration"), 7.6e-08));
}

/* The commands and errors before it may be of the call that it belongs to. */
Test(connections, a_server_check_takes_nothing_from_its_call)
{
    put_command(1, 2 * SECOND + 40, 5, 0);
    log_maker_put(&maker, 1, MAKE(write, .th = 1, .q = 1, .ph = PT_PHASE_INSERTION, .ins = 4));
    put_connection(1, 1, 2 * SECOND + 50, 20, 0);
    put_span(1, PT_PHASE_SERVER_CHECK, 2 * SECOND, 40, 0);
    put_span(1, PT_PHASE_INSERTION, 2 * SECOND + 40, 100, 5);
    read_log();
    cr_assert(eq(i64, part(PT_PART_DRIVER), 75));
    make_report();
    cr_assert(eq(i64, integer("phases.Document Insertion.writes.inserted"), 4));
    cr_assert(eq(str, text_at("phases.Document Insertion.entries.0.metadata.operation"), "insert"));
}

/* Clients 1 to `clients`, each with a connection of 10 ms and so many calls of 10 ms, in 2 s of the
 * thread. */
static void put_clients(int clients, int calls)
{
    int q = 1;
    int64_t now_ns = 2 * SECOND;
    log_maker_thread(&maker, 1, maker.pid, now_ns, "first");
    for (int client = 1; client <= clients; client++) {
        put_connection(q, client, now_ns, SECOND / 100, 0);
        now_ns += SECOND / 100;
        for (int i = 0; i < calls; i++, q++) {
            put_span(q, PT_PHASE_COMMAND, now_ns, SECOND / 100, SECOND / 100);
            now_ns += SECOND / 100;
        }
        put_span(q++, PT_PHASE_TEARDOWN, now_ns, 0, 0);
    }
    log_maker_end(&maker, 3 * SECOND);
    read_log();
    make_report();
}

Test(connections, a_client_for_each_operation)
{
    put_clients(50, 1);
    cr_assert(eq(i64, integer("connections.clients"), 50));
    cr_assert(eq(dbl, real("connections.calls_per_connection"), 1.0));
    cr_assert(eq(dbl, real("connections.total_seconds"), 0.5));
    cr_assert(eq(dbl, real("connections.average_seconds"), 0.01));
    cr_assert(eq(dbl, real("connections.max_seconds"), 0.01));
    cr_assert(eq(dbl, real("connections.percent_of_thread_time"), 25.0));
    cr_assert(eq(dbl, real("connections.percent_of_runtime"), 25.0));
    cr_assert(is_noted("50 clients were connected for 50 calls, 50 connections in 0.500s, 25.0 % "
                       "of the threads' time: "
                       "keep one client per thread, or a pool"));
    char *text = print(pt_report_text);
    const char *line =
        "\nConnections: 50 established, 0 failed, 0.500s in all, 25.0 % of the threads' time\n";
    cr_assert(strstr(text, line) != NULL);
    cr_assert(strstr(text, "\nNote: 50 clients were connected for 50 calls") != NULL);
    free(text);
}

Test(connections, enough_calls_for_each_are_no_fault)
{
    put_clients(20, 3);
    cr_assert(eq(dbl, real("connections.calls_per_connection"), 3.0));
    cr_assert(not(is_noted("keep one client")));
}

Test(connections, a_few_clients_are_no_fault)
{
    put_clients(9, 1);
    cr_assert(eq(i64, integer("connections.clients"), 9));
    cr_assert(not(is_noted("keep one client")));
}

/* A client whose connection is lost again and again is one client; numbers that make no sense are
 * none. */
Test(connections, clients_are_told_apart)
{
    static const int clients[] = {1, 1, 1, 7, 8, 0, -5, 1000, 1000, INT32_MAX};
    for (int i = 0; i < 10; i++) {
        put_connection(i + 1, clients[i], 2 * SECOND + i, 1, 0);
    }
    put_connection(11, 9, 2 * SECOND + 10, 1, 1);
    read_log();
    make_report();
    cr_assert(eq(i64, integer("connections.clients"), 4));
    cr_assert(eq(i64, integer("connections.established"), 10));
    cr_assert(eq(i64, integer("connections.failed"), 1));
}
