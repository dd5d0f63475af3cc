/* SPDX-License-Identifier: Apache-2.0 */
/* The filter between texts that others wrote and a terminal. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/safe_text.h"

static void check(const char *from, const char *expected)
{
    char to[256];
    char *stream_text = NULL;
    size_t length = 0;
    cr_assert(eq(str, pt_safe_text(to, sizeof to, from), (char *)expected));
    FILE *stream = open_memstream(&stream_text, &length);
    pt_put_safe(stream, from);
    fclose(stream);
    cr_assert(eq(str, stream_text, (char *)expected));
    free(stream_text);
}

Test(safe_text, passes_ordinary_text_on)
{
    check("", "");
    check("Document Query \\ ~", "Document Query \\ ~");
    check("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xe6\xbc\xa2", "\xc3\xa4 \xe2\x82\xac "
                                                                 "\xf0\x9f\x98\x80 \xe6\xbc\xa2");
}

Test(safe_text, escapes_what_a_terminal_obeys)
{
    check("\x1b[2J\n\t\x7f", "\\u001b[2J\\u000a\\u0009\\u007f");
    check("\xc2\x9b"
          "2J",
          "\\u009b2J"); /* CSI as UTF-8 */
    check("\x9b"
          "2J",
          "\\x9b2J"); /* and as a byte */
}

Test(safe_text, escapes_what_hides_or_reorders)
{
    check("a\xe2\x80\xae"
          "b\xe2\x81\xa6",
          "a\\u202eb\\u2066");                                          /* overrides and isolates */
    check("\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", "\\u200b\\ufeff\\u00ad"); /* zero width */
    check("\xe3\x85\xa4\xef\xb8\x8f", "\\u3164\\ufe0f");
    check("\xf3\xa0\x81\x81", "\\U000e0041"); /* a tag character */
    check("\xe2\x80\xa8", "\\u2028");
}

Test(safe_text, shows_bytes_that_are_not_utf8)
{
    check("\xff\xc3(", "\\xff\\xc3(");
    check("\xc0\xaf\xed\xa0\x80", "\\xc0\\xaf\\xed\\xa0\\x80");
    check("\xf4\x90\x80\x80\xe2\x82", "\\xf4\\x90\\x80\\x80\\xe2\\x82");
}

Test(safe_text, cuts_between_characters)
{
    char to[8];
    cr_assert(eq(str, pt_safe_text(to, 1, "abc"), ""));
    cr_assert(eq(str, pt_safe_text(to, 4, "abcd"), "abc"));
    cr_assert(eq(str, pt_safe_text(to, 4, "ab\xe2\x82\xac"), "ab"));
    cr_assert(eq(str, pt_safe_text(to, 8, "ab\x1b"), "ab"));
    cr_assert(eq(str, pt_safe_text(to, 8, "a\x1b"), "a\\u001b"));
}

/* Every character: the ranges are in order, so the search may end at the first that begins later.
 */
Test(safe_text, no_control_passes)
{
    for (uint32_t point = 0; point < 0xA0; point++) {
        bool printable = point >= 0x20 && point < 0x7F;
        cr_assert(eq(int, pt_point_is_hidden(point), !printable), "%x", point);
    }
    for (uint32_t point = 0x202A; point <= 0x202E; point++) {
        cr_assert(pt_point_is_hidden(point));
    }
    cr_assert(pt_point_is_hidden(0xE007F));
    cr_assert(not(pt_point_is_hidden(0x1F600)));
}
