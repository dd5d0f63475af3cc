/* SPDX-License-Identifier: Apache-2.0 */
/* Small kernel files, opened each time or kept open. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/proc_file.h"

static char path[64];

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(ne(ptr, file, NULL));
    fputs(text, file);
    fclose(file);
}

static void make_name(void)
{
    strcpy(path, "/tmp/phasetap-proc-file-XXXXXX");
    int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    close(fd);
}

static void remove_file(void)
{
    unlink(path);
}

Test(proc_file, kept_open_is_read_anew_each_time, .init = make_name, .fini = remove_file)
{
    struct pt_proc_kept file = {path, -1};
    char text[16];
    write_file("one");
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 3));
    cr_assert(eq(str, text, "one"));
    int fd = file.fd;
    write_file("three");
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 5));
    cr_assert(eq(str, text, "three"));
    cr_assert(eq(int, file.fd, fd));
    write_file("longer than the buffer");
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), sizeof text - 1));
    close(file.fd);
}

Test(proc_file, kept_open_recovers, .init = make_name, .fini = remove_file)
{
    struct pt_proc_kept file = {path, -1};
    char text[16] = "old";
    unlink(path);
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 0));
    cr_assert(eq(str, text, ""));
    write_file("back");
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 4));
    close(file.fd); /* a descriptor that is of no use any more */
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 0));
    cr_assert(eq(int, file.fd, -1));
    cr_assert(eq(sz, pt_proc_read_kept(&file, text, sizeof text), 4));
    cr_assert(eq(str, text, "back"));
    close(file.fd);
}

Test(proc_file, counts_the_fields_of_stat_behind_the_name)
{
    const char *text = "77 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 20 18 9001 20";
    cr_assert(eq(i64, pt_proc_stat_field_of(text, PT_STAT_THREADS), 20));
    cr_assert(eq(i64, pt_proc_stat_field_of(text, PT_STAT_START_TICKS), 9001));
    cr_assert(eq(i64, pt_proc_stat_field_of("", PT_STAT_THREADS), -1));
    cr_assert(eq(i64, pt_proc_stat_field(PT_STAT_THREADS) >= 1, 1));
}
