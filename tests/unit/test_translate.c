/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key files and the filter that puts names in place of tokens.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/key_file.h"
#include "names/translate.h"

#define DB   "db-0123456789abcdef"
#define COLL "coll-fedcba9876543210"

static struct pt_keys keys;
static char path[] = "/tmp/phasetap-keys-XXXXXX";

static void write_keys(const char *text)
{
    int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    cr_assert(eq(long, write(fd, text, strlen(text)), (long)strlen(text)));
    close(fd);
}

static void end(void)
{
    pt_keys_release(&keys);
    unlink(path);
}

TestSuite(translate, .fini = end);

static void read_good(const char *text)
{
    write_keys(text);
    cr_assert(pt_keys_read(&keys, path));
    pt_keys_sort(&keys);
}

static enum pt_translated translated(const char *text, size_t length, char **out)
{
    size_t bytes;
    FILE *in = fmemopen((void *)(uintptr_t)text, length, "r");
    FILE *to = open_memstream(out, &bytes);
    enum pt_translated done = pt_translate(&keys, in, to);
    fclose(in);
    fclose(to);
    return done;
}

static void check(const char *text, const char *expected)
{
    char *out;
    cr_assert(eq(int, (int)translated(text, strlen(text), &out), PT_TRANSLATED_ALL));
    cr_assert(eq(str, out, (char *)(uintptr_t)expected));
    free(out);
}

Test(translate, lines_that_are_none_are_ignored)
{
    read_good("phasetap names 1\n" COLL "\tpatients\n\nnonsense\nx-1\ty\n" DB
              "\ta\\tb\\\\\\nc\n" COLL "\tpatients\n" DB "1\tlonger\ndb-0000000000000000\tno end");
    cr_assert(eq(sz, keys.count, 2));
    cr_assert(eq(str, (char *)(uintptr_t)pt_keys_find(&keys, COLL), "patients"));
    cr_assert(eq(str, (char *)(uintptr_t)pt_keys_find(&keys, DB), "a\tb\\\nc"));
    cr_assert(eq(ptr, (void *)(uintptr_t)pt_keys_find(&keys, "db-0000000000000000"), NULL));
}

Test(translate, another_file_is_no_key_file)
{
    write_keys("phasetap names 2\n");
    cr_assert(not(pt_key_file_is(path)));
    cr_assert(not(pt_keys_read(&keys, path)));
    cr_assert(not(pt_key_file_is("/tmp")));
    cr_assert(not(pt_key_file_is("/dev/null")));
}

Test(translate, tokens_become_names_and_the_rest_stays)
{
    read_good("phasetap names 1\n" DB "\tclinic\n" COLL "\tpatients\n");
    check("", "");
    check(DB "." COLL, "clinic.patients");
    check("a " DB DB " db-", "a clinicclinic db-");
    check("ddb-db-012" DB, "ddb-db-012clinic");
    check("db-0123456789abcdee " COLL "0 collcoll-", "db-0123456789abcdee patients0 collcoll-");
    check("coll-fedcba987654321", "coll-fedcba987654321");
}

Test(translate, a_name_cannot_end_what_it_stands_in)
{
    read_good("phasetap names 1\n" DB "\ta\"b\\\\c,d;e<f>\\n%\x1b\xff\xc3\xa9\n");
    check("{\"x\":\"" DB "\"}", "{\"x\":\"a%22b%5Cc%2Cd%3Be%3Cf%3E%0A%25%1B%FF\xc3\xa9\"}");
}

Test(translate, a_binary_stream_is_refused)
{
    char *out;
    read_good("phasetap names 1\n" DB "\tclinic\n");
    cr_assert(eq(int, (int)translated("ab\0c", 4, &out), PT_TRANSLATED_BINARY));
    free(out);
    cr_assert(
        eq(int, (int)translated("\n\x12\x08" DB, 3 + strlen(DB), &out), PT_TRANSLATED_BINARY));
    free(out);
    check("\x1b[1m" DB "\t\r\n", "\x1b[1mclinic\t\r\n");
}
