/* SPDX-License-Identifier: Apache-2.0 */
/* Ids of spans, attributes by the conventions for databases, and the join of calls with what
 * precedes them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "export/bounds.h"
#include "export/otlp_calls.h"
#include "export/otlp_ids.h"
#include "export/semconv.h"

#define RUN "0123456789abcdef0123456789abcdef"

static const struct pt_otlp_process process = {"boot", 4026531836, 4242, 123456, 1735999200};

/* ---- ids ---- */

static void check_differs(struct pt_otlp_event one, struct pt_otlp_event other)
{
    struct pt_span_id a = pt_otlp_span_id(&process, one), b = pt_otlp_span_id(&process, other);
    cr_assert(ne(str, a.text, b.text));
}

Test(ids, what_tells_events_apart)
{
    struct pt_otlp_event event = {.kind = 1, .thread = 2, .number = 3, .ns = 4};
    struct pt_otlp_event other = event;
    struct pt_span_id a = pt_otlp_span_id(&process, event), b = pt_otlp_span_id(&process, other);
    cr_assert(eq(str, a.text, b.text));
    cr_assert(pt_otlp_is_id(a.text, 16));
    other.kind = 2;
    check_differs(event, other);
    other = event;
    other.thread = 3;
    check_differs(event, other);
    other = event;
    other.number = 2;
    check_differs(event, other);
    other = event;
    other.ns = 5;
    check_differs(event, other);
}

Test(ids, a_program_and_the_one_it_replaced_by_exec)
{
    struct pt_otlp_process later = process;
    struct pt_otlp_event event = {.kind = PT_OTLP_PROCESS};
    later.loaded_ns++;
    struct pt_span_id a = pt_otlp_span_id(&process, event), b = pt_otlp_span_id(&later, event);
    cr_assert(ne(str, a.text, b.text));
}

Test(ids, of_a_trace)
{
    char given[] = "4bf92f3577b34da6a3ce929d0e0e4736";
    struct pt_trace_id id = pt_otlp_trace_id(given, RUN, &process);
    cr_assert(eq(str, id.text, given));
    id = pt_otlp_trace_id("not one", RUN, &process);
    cr_assert(eq(str, id.text, RUN));
    id = pt_otlp_trace_id(NULL, "00000000000000000000000000000000", &process);
    cr_assert(pt_otlp_is_id(id.text, 32));
}

Test(ids, what_is_none)
{
    cr_assert_not(pt_otlp_is_id(NULL, 16));
    cr_assert_not(pt_otlp_is_id("", 16));
    cr_assert_not(pt_otlp_is_id("0000000000000000", 16));
    cr_assert_not(pt_otlp_is_id("00f067aa0ba902b", 16));
    cr_assert_not(pt_otlp_is_id("00f067aa0ba902b77", 16));
    cr_assert_not(pt_otlp_is_id("00F067AA0BA902B7", 16));
}

/* ---- conventions ---- */

static void check_address(const char *server, const char *address, int port)
{
    struct pt_trace_event event = {.server = server};
    struct pt_semconv semconv;
    pt_semconv_of(&semconv, &event, NULL);
    cr_assert(eq(str, semconv.address, (char *)address));
    cr_assert(eq(int, semconv.port, port));
}

Test(semconv, addresses)
{
    check_address("db7.example:27017", "db7.example", 27017);
    check_address("[::1]:27018", "::1", 27018);
    check_address("/run/mongodb-27017.sock", "/run/mongodb-27017.sock", 0);
    check_address("host1", "host1", 0);
    check_address("host:99999", "host:99999", 0);
    check_address("host:1x", "host:1x", 0);
    check_address(":", ":", 0);
}

static void check_name(const char *command, const char *name_space, const char *wanted)
{
    struct pt_trace_event event = {.command = command};
    struct pt_trace_event call = {.name_space = name_space};
    struct pt_semconv semconv;
    char name[PT_SEMCONV_BYTES];
    pt_semconv_of(&semconv, &event, &call);
    pt_semconv_span_name(&semconv, name, sizeof name);
    cr_assert(eq(str, name, (char *)wanted));
}

Test(semconv, names_of_spans)
{
    check_name("insert", "clinic.patients", "insert patients");
    check_name("insert", "clinic.a.b", "insert a.b");
    check_name("dropDatabase", "clinic", "dropDatabase clinic");
    check_name("ping", NULL, "ping");
    check_name("other", NULL, "mongodb");
    check_name("other", "clinic.patients", "patients");
}

Test(semconv, a_name_that_does_not_fit_is_cut)
{
    char longest[3 * PT_SEMCONV_BYTES];
    struct pt_trace_event event = {.command = "insert", .server = longest};
    struct pt_trace_event call = {.name_space = longest};
    struct pt_semconv semconv;
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    longest[4] = '.';
    pt_semconv_of(&semconv, &event, &call);
    cr_assert(eq(str, semconv.database, "xxxx"));
    cr_assert(eq(sz, strlen(semconv.collection), PT_SEMCONV_BYTES - 1));
    cr_assert(eq(sz, strlen(semconv.address), PT_SEMCONV_BYTES - 1));
}

Test(bounds, a_value_on_a_bound_is_below_it)
{
    const struct pt_bounds *bounds = &pt_bounds_opentelemetry;
    cr_assert(eq(sz, bounds->count, 9));
    cr_assert(eq(sz, pt_bounds_of(bounds, 0), 0));
    cr_assert(eq(sz, pt_bounds_of(bounds, 1000000), 0));
    cr_assert(eq(sz, pt_bounds_of(bounds, 1000001), 1));
    cr_assert(eq(sz, pt_bounds_of(bounds, 10000000000), 8));
    cr_assert(eq(sz, pt_bounds_of(bounds, 10000000001), 9));
}

/* ---- calls ---- */

struct seen {
    int commands, without_call, calls;
    const char *error, *name_space;
    char last_error[64];
};

static bool see(void *context, const struct pt_trace_event *event,
                const struct pt_trace_event *call, const char *error)
{
    struct seen *seen = context;
    seen->calls += event->kind == PT_TRACE_CALL;
    seen->commands += event->kind == PT_TRACE_COMMAND;
    seen->without_call += call == NULL;
    seen->name_space = call != NULL ? call->name_space : NULL;
    snprintf(seen->last_error, sizeof seen->last_error, "%s", error != NULL ? error : "none");
    return true;
}

static void give(struct pt_otlp_calls *calls, enum pt_trace_kind kind, int32_t thread, int32_t call,
                 int32_t code)
{
    struct pt_trace_event event = {.kind = kind,
                                   .thread = thread,
                                   .call = call,
                                   .code = code,
                                   .where = PT_ERROR_SERVER,
                                   .failed = code != 0,
                                   .name_space = kind == PT_TRACE_CALL ? "a.b" : NULL};
    cr_assert(pt_otlp_calls_take(calls, &event));
}

Test(calls, threads_are_mixed)
{
    struct seen seen = {.calls = 0};
    struct pt_otlp_calls calls = {.joined = see, .context = &seen};
    give(&calls, PT_TRACE_COMMAND, 1, 7, 0);
    give(&calls, PT_TRACE_COMMAND, 2, 7, 0);
    cr_assert(eq(int, seen.commands, 0));
    give(&calls, PT_TRACE_CALL, 2, 7, 0);
    cr_assert(eq(int, seen.commands, 1));
    cr_assert(eq(str, (char *)seen.name_space, "a.b"));
    give(&calls, PT_TRACE_CALL, 1, 7, 0);
    cr_assert(eq(int, seen.commands, 2));
    cr_assert(eq(int, seen.calls, 2));
    cr_assert(eq(int, seen.without_call, 0));
    pt_otlp_calls_release(&calls);
}

Test(calls, one_that_never_ended)
{
    struct seen seen = {.calls = 0};
    struct pt_otlp_calls calls = {.joined = see, .context = &seen};
    give(&calls, PT_TRACE_COMMAND, 1, 7, 0);
    give(&calls, PT_TRACE_COMMAND, 1, 8, 0);
    cr_assert(eq(int, seen.without_call, 1));
    cr_assert(pt_otlp_calls_flush(&calls));
    cr_assert(eq(int, seen.without_call, 2));
    cr_assert(eq(int, seen.commands, 2));
    pt_otlp_calls_release(&calls);
}

Test(calls, more_commands_than_are_kept)
{
    struct seen seen = {.calls = 0};
    struct pt_otlp_calls calls = {.joined = see, .context = &seen};
    for (int i = 0; i < PT_OTLP_PENDING + 10; i++) {
        give(&calls, PT_TRACE_COMMAND, 1, 7, 0);
    }
    cr_assert(eq(int, seen.without_call, 10));
    give(&calls, PT_TRACE_CALL, 1, 7, 0);
    cr_assert(eq(int, seen.commands, PT_OTLP_PENDING + 10));
    cr_assert(eq(int, seen.without_call, 10));
    pt_otlp_calls_release(&calls);
}

Test(calls, errors_by_name)
{
    struct seen seen = {.calls = 0};
    struct pt_otlp_calls calls = {.joined = see, .context = &seen};
    give(&calls, PT_TRACE_COMMAND, 1, 7, 11000);
    give(&calls, PT_TRACE_CALL, 1, 7, 0);
    cr_assert(eq(str, seen.last_error, "none"));
    give(&calls, PT_TRACE_ERROR, 1, 8, 11000);
    give(&calls, PT_TRACE_CONNECTION, 1, 8, 0);
    struct pt_trace_event call = {.kind = PT_TRACE_CALL, .thread = 1, .call = 8, .failed = true};
    cr_assert(pt_otlp_calls_take(&calls, &call));
    cr_assert(eq(str, seen.last_error, "DuplicateKey"));
    give(&calls, PT_TRACE_COMMAND, 1, 9, 424242);
    cr_assert(pt_otlp_calls_flush(&calls));
    cr_assert(eq(str, seen.last_error, "424242"));
    pt_otlp_calls_release(&calls);
}
