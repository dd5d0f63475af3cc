/* SPDX-License-Identifier: Apache-2.0 */
/* Headers from the environment and from a file, answers of a collector, and compression. The e2e
 * tests have the requests themselves. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "send/answer.h"
#include "send/gzip.h"
#include "send/header_list.h"

/* ---- headers ---- */

static bool from_environment(struct pt_headers *headers, const char *value)
{
    *headers = (struct pt_headers){.count = 0};
    setenv("OTEL_EXPORTER_OTLP_HEADERS", value, 1);
    return pt_headers_from_environment(headers);
}

Test(headers, of_the_environment)
{
    struct pt_headers headers;
    cr_assert(from_environment(&headers, "authorization=Bearer%20a%2Cb, x-tenant = clinic ,"));
    cr_assert(eq(sz, headers.count, 2));
    cr_assert(eq(str, headers.lines[0], "authorization: Bearer a,b"));
    cr_assert(eq(str, headers.lines[1], "x-tenant: clinic"));
    pt_headers_release(&headers);
    cr_assert(from_environment(&headers, ""));
    cr_assert(eq(sz, headers.count, 0));
    cr_assert(from_environment(&headers, "key=a=b"));
    cr_assert(eq(str, headers.lines[0], "key: a=b"));
    pt_headers_release(&headers);
}

static void check_refused(const char *value)
{
    struct pt_headers headers;
    cr_assert_not(from_environment(&headers, value), "%s", value);
    pt_headers_release(&headers);
}

Test(headers, that_are_none, .init = cr_redirect_stderr)
{
    check_refused("name");
    check_refused("=value");
    check_refused("na me=value");
    check_refused("name:=value");
    check_refused("name=%4");
    check_refused("name=%zz");
    check_refused("name=%00");
    check_refused("name=a%0D%0Ab: c");
    check_refused("a=1,b");
}

Test(headers, more_than_there_is_room_for, .init = cr_redirect_stderr)
{
    char value[8 * PT_HEADERS_HIGHEST] = "";
    for (int i = 0; i <= PT_HEADERS_HIGHEST; i++) {
        strcat(value, "a=1,");
    }
    check_refused(value);
}

static bool from_file(struct pt_headers *headers, const char *content, size_t length)
{
    char path[] = "/tmp/phasetap-headers-XXXXXX";
    int file = mkstemp(path);
    *headers = (struct pt_headers){.count = 0};
    cr_assert(file >= 0 && write(file, content, length) == (ssize_t)length);
    close(file);
    bool good = pt_headers_from_file(headers, path);
    unlink(path);
    return good;
}

Test(headers, of_a_file, .init = cr_redirect_stderr)
{
    struct pt_headers headers;
    const char *good = "X-Key: a: b \r\n\n  \nX-Last:1";
    cr_assert(from_file(&headers, good, strlen(good)));
    cr_assert(eq(sz, headers.count, 2));
    cr_assert(eq(str, headers.lines[0], "X-Key: a: b"));
    cr_assert(eq(str, headers.lines[1], "X-Last: 1"));
    pt_headers_release(&headers);
    cr_assert_not(from_file(&headers, "no header\n", 10));
    pt_headers_release(&headers);
    char *longest = calloc(1, 2 * PT_HEADER_BYTES);
    memset(longest, 'x', 2 * PT_HEADER_BYTES);
    longest[1] = ':';
    cr_assert_not(from_file(&headers, longest, 2 * PT_HEADER_BYTES));
    pt_headers_release(&headers);
    free(longest);
    cr_assert_not(pt_headers_from_file(&headers, "/nonexistent"));
}

/* ---- answers ---- */

Test(answers, by_status)
{
    static const struct {
        long status;
        enum pt_answer_kind kind;
    } rows[] = {{200, PT_ANSWER_TAKEN},   {202, PT_ANSWER_TAKEN},   {301, PT_ANSWER_WRONG},
                {400, PT_ANSWER_REFUSED}, {401, PT_ANSWER_WRONG},   {403, PT_ANSWER_WRONG},
                {404, PT_ANSWER_WRONG},   {413, PT_ANSWER_REFUSED}, {429, PT_ANSWER_AGAIN},
                {500, PT_ANSWER_REFUSED}, {502, PT_ANSWER_AGAIN},   {503, PT_ANSWER_AGAIN},
                {504, PT_ANSWER_AGAIN},   {0, PT_ANSWER_WRONG}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert(eq(int, pt_answer_kind(rows[i].status), rows[i].kind), "%ld", rows[i].status);
    }
}

static int64_t rejected(const char *answer)
{
    return pt_answer_rejected(answer, strlen(answer), 100);
}

Test(answers, partial_success)
{
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{\"rejectedSpans\":\"3\"}}"), 3));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{\"rejectedDataPoints\":4}}"), 4));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{\"rejectedSpans\":\"1000\"}}"), 100));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{\"rejectedSpans\":\"-3\"}}"), 0));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{}}"), 0));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":7}"), 0));
    cr_assert(eq(i64, rejected("{}"), 0));
    cr_assert(eq(i64, rejected(""), 0));
    cr_assert(eq(i64, rejected("<html>"), 0));
    cr_assert(eq(i64, rejected("{\"partialSuccess\":{\"rejectedSpans\":"), 0));
}

/* ---- compression ---- */

Test(compression, can_be_undone)
{
    char text[100000], back[sizeof text];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)(i * i % 251);
    }
    struct pt_gzip body;
    cr_assert(pt_gzip(&body, text, sizeof text));
    z_stream stream = {.next_in = body.bytes, .avail_in = (uInt)body.length};
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof back;
    cr_assert(eq(int, inflateInit2(&stream, 16 + 15), Z_OK));
    cr_assert(eq(int, inflate(&stream, Z_FINISH), Z_STREAM_END));
    inflateEnd(&stream);
    free(body.bytes);
    cr_assert(memcmp(text, back, sizeof text) == 0 && stream.avail_out == 0);
}
