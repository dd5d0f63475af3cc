/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as the preload object reads them from the environment: units, bounds, invalid values that
 * count as unset and are noted, and unknown variables. test_option_users.c has the whole grammar.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/options.h"

static void clear(void)
{
    static const char *const names[] = {
        "PHASETAP_INTERVAL", "PHASETAP_LIMIT", "PHASETAP_ENABLE",    "PHASETAP_OUTPUT",
        "XDG_STATE_HOME",    "HOME",           "PHASETAP_HANDSHAKE", "PHASETAP_LIMITS",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsetenv(names[i]);
    }
}

TestSuite(options, .init = clear);

static void set_and_read(const char *name, const char *value)
{
    setenv(name, value, 1);
    pt_options_read();
}

Test(options, defaults)
{
    pt_options_read();
    cr_assert(eq(i64, pt_options.ENABLE, 1));
    cr_assert(eq(i64, pt_options.INTERVAL, 5 * PT_SECOND_NS));
    cr_assert(eq(i64, pt_options.LIMIT, 256 * PT_MIB));
    cr_assert(eq(str, pt_options.OUTPUT, ""));
    cr_assert(eq(str, pt_options.state_folder, ""));
    cr_assert(eq(str, pt_options.handshake, ""));
}

static void check_interval(const char *text, int64_t wanted_ns)
{
    set_and_read("PHASETAP_INTERVAL", text);
    cr_assert(eq(i64, pt_options.INTERVAL, wanted_ns), "%s", text);
}

Test(options, seconds)
{
    check_interval("1", PT_SECOND_NS);
    check_interval("2s", 2 * PT_SECOND_NS);
    check_interval("1.5", PT_SECOND_NS * 3 / 2);
    check_interval(".25s", PT_SECOND_NS / 4);
    check_interval("10ms", PT_SECOND_NS / 100);
    check_interval("10.5ms", 10500000);
    check_interval("3600", 3600 * PT_SECOND_NS);
    check_interval("1m", 60 * PT_SECOND_NS);
    cr_assert(eq(u32, pt_options.invalid, 0));
}

Test(options, seconds_that_count_as_unset)
{
    static const char *const texts[] = {
        "", ".", "x", "9ms", "3601", "-1", "1 s", "2h", "99999999999999999999", "1.5.5", "0", "ms",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_interval(texts[i], 5 * PT_SECOND_NS);
        cr_assert(eq(u32, pt_options.invalid, texts[i][0] ? 1u << PT_OPTION_INTERVAL : 0));
    }
}

static void check_limit(const char *text, int64_t wanted_bytes)
{
    set_and_read("PHASETAP_LIMIT", text);
    cr_assert(eq(i64, pt_options.LIMIT, wanted_bytes), "%s", text);
}

Test(options, bytes)
{
    check_limit("1048576", PT_MIB);
    check_limit("2048K", 2 * PT_MIB);
    check_limit("3m", 3 * PT_MIB);
    check_limit("64G", 64 * 1024 * PT_MIB);
    check_limit("1.5G", 1536 * PT_MIB);
}

Test(options, bytes_that_count_as_unset)
{
    static const char *const texts[] = {
        "", "K", "1", "65G", "1M ", "1 ", "1MB", "1e9", "-1M", "99999999999999999999G",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_limit(texts[i], 256 * PT_MIB);
        cr_assert(eq(u32, pt_options.invalid, texts[i][0] ? 1u << PT_OPTION_LIMIT : 0));
    }
}

Test(options, switches)
{
    static const char *const off[] = {"0", "no", "OFF", "false"};
    static const char *const on[] = {"1", "YES", "on", "true", "", "2", "maybe"};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        set_and_read("PHASETAP_ENABLE", off[i]);
        cr_assert(eq(i64, pt_options.ENABLE, 0), "%s", off[i]);
    }
    for (size_t i = 0; i < sizeof on / sizeof on[0]; i++) {
        set_and_read("PHASETAP_ENABLE", on[i]);
        cr_assert(eq(i64, pt_options.ENABLE, 1), "%s", on[i]);
    }
}

Test(options, a_relative_output_is_taken_from_where_the_program_began)
{
    char here[PT_PATH_BYTES];
    cr_assert(ne(ptr, getcwd(here, sizeof here), NULL));
    set_and_read("PHASETAP_OUTPUT", "run.bson");
    cr_assert(eq(str, pt_options.OUTPUT, "run.bson"));
    cr_assert(eq(str, pt_options.folder, here));
}

Test(options, a_path_that_does_not_fit_is_no_path)
{
    char text[PT_PATH_BYTES + 1];
    memset(text, 'a', sizeof text - 1);
    text[0] = '/';
    text[sizeof text - 1] = '\0';
    set_and_read("PHASETAP_OUTPUT", text);
    cr_assert(eq(str, pt_options.OUTPUT, ""));
    cr_assert(eq(u32, pt_options.invalid, 1u << PT_OPTION_OUTPUT));
    text[sizeof text - 2] = '\0';
    set_and_read("PHASETAP_OUTPUT", text);
    cr_assert(eq(sz, strlen(pt_options.OUTPUT), (size_t)PT_PATH_BYTES - 1));
}

Test(options, the_state_folder)
{
    set_and_read("HOME", "/home/somebody");
    cr_assert(eq(str, pt_options.state_folder, "/home/somebody/.local/state"));
    set_and_read("XDG_STATE_HOME", "relative");
    cr_assert(eq(str, pt_options.state_folder, "/home/somebody/.local/state"));
    set_and_read("XDG_STATE_HOME", "/state");
    cr_assert(eq(str, pt_options.state_folder, "/state"));
    unsetenv("XDG_STATE_HOME");
    set_and_read("HOME", "not/absolute");
    cr_assert(eq(str, pt_options.state_folder, ""));
}

Test(options, an_unknown_variable_is_noted_by_its_name)
{
    set_and_read("PHASETAP_LIMITS", "secret");
    cr_assert(eq(u32, pt_options.unknown_count, 1));
    cr_assert(eq(str, pt_options.unknown[0], "PHASETAP_LIMITS"));
    cr_assert(eq(ptr, memmem(&pt_options, sizeof pt_options, "secret", 6), NULL));
}

Test(options, variables_of_the_tool_and_of_the_tests_are_known)
{
    static const char *const names[] = {"PHASETAP_HANDSHAKE", "PHASETAP_PRELOAD", "PHASETAP_BUILD",
                                        "PHASETAP_TEST_URI"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        set_and_read(names[i], "1");
        cr_assert(eq(u32, pt_options.unknown_count, 0), "%s", names[i]);
    }
}

Test(options, unknown_variables_beyond_the_kept_ones_are_counted)
{
    char name[2 * PT_VARIABLE_BYTES] = "PHASETAP_X";
    for (char last = 'A'; last < 'A' + PT_UNKNOWN_KEPT + 3; last++) {
        name[10] = last;
        setenv(name, "", 1);
    }
    memset(name + 10, 'Y', sizeof name - 11);
    setenv(name, "longer than any name of ours", 1);
    pt_options_read();
    cr_assert(eq(u32, pt_options.unknown_count, PT_UNKNOWN_KEPT + 3));
    for (size_t i = 0; i < PT_UNKNOWN_KEPT; i++) {
        cr_assert(eq(sz, strlen(pt_options.unknown[i]), 11));
    }
}

Test(options, a_program_without_an_environment)
{
    clearenv();
    pt_options_read();
    cr_assert(eq(i64, pt_options.LIMIT, 256 * PT_MIB));
    cr_assert(eq(u32, pt_options.unknown_count, 0));
}
