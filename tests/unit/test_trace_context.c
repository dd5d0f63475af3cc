/* SPDX-License-Identifier: Apache-2.0 */
/* What of TRACEPARENT is taken: a valid value by the grammar of W3C Trace Context, and nothing
 * else.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "host/trace_context.h"

#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00f067aa0ba902b7"

/* In memory that ends with the text, so that the sanitizers see a look behind it. */
static bool parse(struct pt_trace_context *context, const char *text)
{
    char *copy = strdup(text);
    bool valid = pt_trace_context_parse(context, copy);
    free(copy);
    return valid;
}

static void check_taken(const char *text)
{
    struct pt_trace_context context;
    cr_assert(parse(&context, text), "%s", text);
    cr_assert(eq(str, context.trace_id, TRACE));
    cr_assert(eq(str, context.parent_id, PARENT));
}

static void check_refused(const char *text)
{
    struct pt_trace_context context;
    cr_assert_not(parse(&context, text), "%s", text);
    cr_assert(eq(str, context.trace_id, ""));
    cr_assert(eq(str, context.parent_id, ""));
}

Test(trace_context, valid)
{
    check_taken("00-" TRACE "-" PARENT "-01");
    check_taken("00-" TRACE "-" PARENT "-00");
    check_taken("00-" TRACE "-" PARENT "-ff");
    check_taken("01-" TRACE "-" PARENT "-01");
    check_taken("cc-" TRACE "-" PARENT "-01-what the future will be like");
}

Test(trace_context, a_version_and_its_length)
{
    check_refused("ff-" TRACE "-" PARENT "-01");
    check_refused("0-" TRACE "-" PARENT "-01");
    check_refused("000-" TRACE "-" PARENT "-01");
    check_refused("0G-" TRACE "-" PARENT "-01");
    check_refused("00-" TRACE "-" PARENT "-01-more");
    check_refused("00-" TRACE "-" PARENT "-01 ");
    check_refused("01-" TRACE "-" PARENT "-01more");
}

Test(trace_context, ids)
{
    check_refused("00-00000000000000000000000000000000-" PARENT "-01");
    check_refused("00-" TRACE "-0000000000000000-01");
    check_refused("00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01");
    check_refused("00-4bf92f3577b34da6a3ce929d0e0e473g-" PARENT "-01");
    check_refused("00-" TRACE "-00F067AA0BA902B7-01");
    check_refused("00-" TRACE "-" PARENT "-0x");
    check_refused("00_" TRACE "-" PARENT "-01");
    check_refused("00-" TRACE "_" PARENT "-01");
    check_refused("00-" TRACE "-" PARENT "_01");
}

Test(trace_context, every_beginning_of_a_valid_one)
{
    const char *whole = "00-" TRACE "-" PARENT "-01";
    for (size_t length = 0; length < strlen(whole); length++) {
        char *begin = strndup(whole, length);
        check_refused(begin);
        free(begin);
    }
}

Test(trace_context, a_secret_is_not_taken)
{
    check_refused("patient=Maria Muster; ssn=123-45-6789");
}
