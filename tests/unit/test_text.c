/* SPDX-License-Identifier: Apache-2.0 */
/* Text without stdio, and the removal of user and password from URIs in it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/text.h"
#include "base/uri_text.h"

Test(text, decimal)
{
    char out[24];
    cr_assert(eq(sz, pt_text_decimal(out, 0), 1));
    cr_assert(eq(str, out, "0"));
    cr_assert(eq(sz, pt_text_decimal(out, 18446744073709551615u), 20));
    cr_assert(eq(str, out, "18446744073709551615"));
}

Test(text, number)
{
    const char *end;
    const char *text = "0042x";
    cr_assert(eq(u64, pt_text_number(text, &end), 42));
    cr_assert(eq(ptr, (void *)end, (void *)(text + 4)));
    text = "x";
    cr_assert(eq(u64, pt_text_number(text, &end), 0));
    cr_assert(eq(ptr, (void *)end, (void *)text));
    cr_assert(eq(u64, pt_text_number("18446744073709551615", &end), UINT64_MAX));
    cr_assert(eq(u64, pt_text_number("99999999999999999999999", &end), UINT64_MAX));
}

Test(text, prefix_ends_between_characters)
{
    const char *text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"; /* 1 + 2 + 3 + 4 bytes */
    static const size_t wanted[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t most = 0; most < sizeof wanted / sizeof wanted[0]; most++) {
        cr_assert(eq(sz, pt_text_prefix_bytes(text, most), wanted[most]), "at most %zu bytes",
                  most);
    }
}

static void check_copy(const char *text, const char *wanted)
{
    char out[32] = {0};
    pt_text_copy_utf8(out, text, strlen(text));
    cr_assert(eq(str, out, (char *)wanted));
}

Test(text, only_well_formed_characters_are_copied)
{
    check_copy("plain", "plain");
    check_copy("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    check_copy("\xFF\xFE", "??");
    check_copy("\xC0\xAF", "??");           /* overlong */
    check_copy("\xE0\x80\xAF", "???");      /* overlong */
    check_copy("\xED\xA0\x80", "???");      /* a surrogate */
    check_copy("\xF4\x90\x80\x80", "????"); /* beyond U+10FFFF */
    check_copy("\xE2\x82", "??");           /* cut */
    check_copy("\xE2\x82x", "??x");
    check_copy("\x80y", "?y");
}

Test(text, append_keeps_what_fits)
{
    char out[8];
    size_t at = 0;
    cr_assert(pt_text_append(out, sizeof out, &at, "abc"));
    cr_assert(pt_text_append(out, sizeof out, &at, ""));
    cr_assert(pt_text_append(out, sizeof out, &at, "defg"));
    cr_assert(not(pt_text_append(out, sizeof out, &at, "h")));
    cr_assert(eq(str, out, "abcdefg"));
    cr_assert(eq(sz, at, 7));
}

static void check_uri(const char *text, const char *wanted)
{
    char out[128];
    pt_uri_text_without_user(out, sizeof out, text);
    cr_assert(eq(str, out, (char *)wanted), "from %s", text);
}

Test(uri_text, without_uri)
{
    check_uri("", "");
    check_uri("a@b and c:d", "a@b and c:d");
    check_uri("mongodb://host:27017/db", "mongodb://host:27017/db");
}

Test(uri_text, user_and_password_are_removed)
{
    check_uri("mongodb://user:word@host/db", "mongodb://host/db");
    check_uri("mongodb://user@host", "mongodb://host");
    check_uri("from mongodb+srv://u:p@h/a to mongodb://u:p@h/b.", "from mongodb+srv://h/b.");
    check_uri("mongodb://user:w/o@r@d@host/db",
              "mongodb://host/db"); /* not escaped as it should be */
}

Test(uri_text, a_password_of_any_characters)
{
    check_uri("mongodb://user:it's@host/db", "mongodb://host/db");
    check_uri("mongodb://user:a\"b<c>d@host/db", "mongodb://host/db");
    check_uri("mongodb://user:p?q@host/db", "mongodb://host/db");
}

Test(uri_text, options_are_removed)
{
    check_uri("mongodb://h/d?authMechanismProperties=AWS_SESSION_TOKEN:secret", "mongodb://h/d");
    check_uri("mongodb://u:p@h/d?appName=a@b x", "mongodb://b x");
}

Test(uri_text, small_buffers)
{
    const char *text = "mongodb://user:word@host/db";
    for (size_t size = 1; size < 40; size++) {
        char out[40];
        memset(out, '#', sizeof out);
        pt_uri_text_without_user(out, size, text);
        cr_assert(lt(sz, strlen(out), size));
        cr_assert(eq(ptr, strstr(out, "word"), NULL));
    }
}
