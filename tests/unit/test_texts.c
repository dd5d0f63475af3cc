/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, durations, times and JSON as text: the same characters that Python's repr(), isoformat()
 * and json.dump write. Linked with phasetap_core, libbson and Criterion.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_out.h"
#include "text/number_text.h"
#include "text/time_text.h"

static void check_number(double number, const char *expected)
{
    char text[PT_NUMBER_BYTES];
    size_t length = pt_number_text(text, number);
    cr_assert(eq(str, text, (char *)expected));
    cr_assert(eq(sz, length, strlen(expected)));
}

Test(number, looks_like_repr)
{
    check_number(0.0, "0.0");
    check_number(1.0, "1.0");
    check_number(-2.5, "-2.5");
    check_number(0.1, "0.1");
    check_number(0.1 + 0.2, "0.30000000000000004");
    check_number(2.34, "2.34");
    check_number(0.0001, "0.0001");
    check_number(0.00001, "1e-05");
    check_number(1.2345e-7, "1.2345e-07");
    check_number(100.0, "100.0");
    check_number(1e15, "1000000000000000.0");
    check_number(1e16, "1e+16");
    check_number(123456789012345680.0, "1.2345678901234568e+17");
    check_number(1.7976931348623157e308, "1.7976931348623157e+308");
    check_number(5e-324, "5e-324");
    check_number(1704380445.123456, "1704380445.123456");
}

static void check_scaled(int64_t value, int decimals, const char *expected)
{
    char text[PT_NUMBER_BYTES];
    pt_scaled_text(text, value, decimals);
    cr_assert(eq(str, text, (char *)expected));
}

Test(number, scaled_integers)
{
    check_scaled(0, 9, "0.0");
    check_scaled(1, 9, "1e-09");
    check_scaled(12345, 9, "1.2345e-05");
    check_scaled(100000, 9, "0.0001");
    check_scaled(2340000000, 9, "2.34");
    check_scaled(-1500000000, 9, "-1.5");
    check_scaled(3600000000000, 9, "3600.0");
    check_scaled(1704380445123456, 6, "1704380445.123456");
    check_scaled(1704380445120000, 6, "1704380445.12");
    check_scaled(INT64_MAX, 9, "9223372036.854776");
    check_scaled(INT64_MIN, 9, "-9223372036.854776");
}

/* Without floating point the text must be the one that floating point gives. */
Test(number, scaled_integers_agree_with_doubles)
{
    char direct[PT_NUMBER_BYTES];
    char by_double[PT_NUMBER_BYTES];
    srandom(7);
    for (int i = 0; i < 200000; i++) {
        int64_t value = ((int64_t)random() << 31 ^ random()) >> (random() % 60);
        pt_scaled_text(direct, value, 9);
        pt_number_text(by_double, (double)value / 1e9);
        cr_assert(eq(str, direct, by_double));
        int64_t micros = 1500000000000000 + value % 1000000000000000;
        pt_scaled_text(direct, micros, 6);
        pt_number_text(by_double, (double)micros / 1e6);
        cr_assert(eq(str, direct, by_double));
    }
}

Test(number, integers)
{
    char text[PT_NUMBER_BYTES];
    pt_integer_text(text, INT64_MIN);
    cr_assert(eq(str, text, "-9223372036854775808"));
    pt_integer_text(text, 0);
    cr_assert(eq(str, text, "0"));
}

static void check_duration(int64_t duration_ns, const char *expected)
{
    char text[PT_TIME_BYTES];
    pt_duration_text(text, duration_ns);
    cr_assert(eq(str, text, (char *)expected));
}

Test(duration, has_no_sixty_seconds)
{
    check_duration(0, "0.00s");
    check_duration(-5, "0.00s");
    check_duration(2340000000, "2.34s");
    check_duration(59994999999, "59.99s");
    check_duration(59995000000, "1m 0.00s");
    check_duration(59999000000, "1m 0.00s");
    check_duration(60000000000, "1m 0.00s");
    check_duration(245670000000, "4m 5.67s");
    check_duration(3599994999999, "59m 59.99s");
    check_duration(3599999000000, "1h 0m 0.00s");
    check_duration(8130000000000, "2h 15m 30.00s");
    check_duration(INT64_MAX, "2562047h 47m 16.85s");
}

Test(timestamp, local_and_utc)
{
    char text[PT_TIME_BYTES];
    setenv("TZ", "UTC-2", 1);
    pt_local_time_text(text, 1736002800123456789);
    cr_assert(eq(str, text, "2025-01-04T17:00:00.123456"));
    pt_local_time_text(text, 1736002800000000000);
    cr_assert(eq(str, text, "2025-01-04T17:00:00.000000"));
    pt_local_time_text(text, -1);
    cr_assert(eq(str, text, "1970-01-01T01:59:59.999999"));
    pt_utc_time_text(text, 1736002800123);
    cr_assert(eq(str, text, "2025-01-04T15:00:00.123Z"));
    pt_utc_time_text(text, INT64_MAX);
    cr_assert(eq(chr, text[strlen(text) - 1], 'Z'));
}

static char *written;
static size_t written_bytes;

static FILE *open_text(struct pt_json *json, bool pretty)
{
    FILE *out = open_memstream(&written, &written_bytes);
    pt_json_init(json, out, pretty);
    return out;
}

static void check_written(FILE *out, const char *expected)
{
    fclose(out);
    cr_assert(eq(str, written, (char *)expected));
    free(written);
}

Test(json, is_laid_out_as_json_dump_does)
{
    struct pt_json json;
    FILE *out = open_text(&json, true);
    pt_json_open_object(&json, NULL);
    pt_json_int(&json, "a", 1);
    pt_json_open_array(&json, "empty");
    pt_json_close_array(&json);
    pt_json_open_object(&json, "none");
    pt_json_close_object(&json);
    pt_json_open_array(&json, "list");
    pt_json_double(&json, NULL, 2.0);
    pt_json_bool(&json, NULL, true);
    pt_json_null(&json, NULL);
    pt_json_close_array(&json);
    pt_json_seconds(&json, "s", 2340000000);
    pt_json_close_object(&json);
    check_written(out, "{\n  \"a\": 1,\n  \"empty\": [],\n  \"none\": {},\n  \"list\": [\n    "
                       "2.0,\n    true,\n    null\n  ],\n"
                       "  \"s\": 2.34\n}");
}

Test(json, writes_one_line_per_value_when_not_pretty)
{
    struct pt_json json;
    FILE *out = open_text(&json, false);
    for (int i = 0; i < 2; i++) {
        pt_json_open_object(&json, NULL);
        pt_json_int(&json, "a", i);
        pt_json_string(&json, "b", "x");
        pt_json_close_object(&json);
    }
    check_written(out, "{\"a\": 0, \"b\": \"x\"}\n{\"a\": 1, \"b\": \"x\"}\n");
}

Test(json, escapes_text)
{
    struct pt_json json;
    FILE *out = open_text(&json, false);
    pt_json_open_array(&json, NULL);
    pt_json_string(&json, NULL, "\"\\\n\t\x01/\x7f");
    pt_json_string(&json, NULL, "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    pt_json_string(&json, NULL, "a\xff\xc3(\xe2\x82");
    pt_json_string(&json, NULL, "\xed\xa0\x80 \xc0\xaf");
    pt_json_bytes(&json, NULL, "a\0b", 3);
    pt_json_close_array(&json);
    check_written(out, "[\"\\\"\\\\\\n\\t\\u0001/\\u007f\", \"\\u00e4 \\u20ac \\ud83d\\ude00\", "
                       "\"a\\ufffd\\ufffd(\\ufffd\\ufffd\", "
                       "\"\\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\", \"a\\u0000b\"]\n");
}

Test(json, has_only_finite_numbers)
{
    struct pt_json json;
    FILE *out = open_text(&json, false);
    pt_json_open_array(&json, NULL);
    pt_json_double(&json, NULL, NAN);
    pt_json_double(&json, NULL, INFINITY);
    pt_json_percent(&json, NULL, 1.0, 0.0);
    pt_json_percent(&json, NULL, 1.0, 3.0);
    pt_json_average(&json, NULL, 10, 0);
    pt_json_close_array(&json);
    check_written(out, "[null, null, null, 33.33, 0.0]\n");
}
