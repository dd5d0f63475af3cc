/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same texts through both readers of options: what `phasetap run` passes on is what the preload
 * object uses, and what one refuses the other refuses too.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/options.h"
#include "run/run.h"

#define NOT_VALID (-1)

struct given {
    const char *text;
    int64_t value; /* NOT_VALID: refused */
};

static struct pt_flag flags[PT_RUN_FLAGS_HIGHEST];

static void start(void)
{
    static const struct pt_flag own[] = {{.name = NULL}};
    pt_run_flags(flags, own);
    unsetenv("PHASETAP_LIMIT");
    unsetenv("PHASETAP_INTERVAL");
    unsetenv("PHASETAP_FOLLOW");
}

TestSuite(option_users, .init = start);

static void give(const char *name, const char *text)
{
    for (size_t i = 0; flags[i].name != NULL; i++) {
        if (strcmp(flags[i].name, name) == 0) {
            *flags[i].value = text;
            return;
        }
    }
    cr_assert(false, "run has no flag --%s", name);
}

/* What the preload object uses when `run` is given the text; NOT_VALID when `run` refuses it. */
static int64_t through_run(const char *flag, const char *variable, const char *text,
                           const int64_t *used)
{
    give(flag, text);
    unsetenv(variable);
    int status = pt_run_options_check();
    give(flag, NULL);
    if (status != 0) {
        cr_assert(eq(int, status, 125));
        return NOT_VALID;
    }
    pt_run_options_export();
    pt_options_read();
    cr_assert(eq(u32, pt_options.invalid, 0), "%s is passed on as %s", text, getenv(variable));
    return *used;
}

static int64_t through_environment(const char *variable, const char *text, const int64_t *used)
{
    setenv(variable, text, 1);
    pt_options_read();
    return pt_options.invalid != 0 ? NOT_VALID : *used;
}

static void check_both(const char *flag, const char *variable, const struct given *list,
                       size_t count, const int64_t *used)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = list[i].text;
        cr_assert(eq(i64, through_run(flag, variable, text, used), list[i].value), "'%s'", text);
        cr_assert(eq(i64, through_environment(variable, text, used), list[i].value), "'%s'", text);
    }
}

Test(option_users, sizes)
{
    static const struct given list[] = {
        {"1.5G", 1536 * PT_MIB},
        {"0.5G", 512 * PT_MIB},
        {".5g", 512 * PT_MIB},
        {"0.05t", 54975581388},
        {"0.0009765625T", 1024 * PT_MIB},
        {"1048576", PT_MIB},
        {"1048576.99", PT_MIB},
        {"2MiB", 2 * PT_MIB},
        {"2048kib", 2 * PT_MIB},
        {"64G", 65536 * PT_MIB},
        {"00000000000000000000000000001G", 1024 * PT_MIB},
        {"1.50000000000000000000000000G", 1536 * PT_MIB},
        {"1e9", NOT_VALID},
        {"1E9", NOT_VALID},
        {"0x100000", NOT_VALID},
        {"1,5G", NOT_VALID},
        {"+1G", NOT_VALID},
        {"-1G", NOT_VALID},
        {" 1G", NOT_VALID},
        {"1G ", NOT_VALID},
        {"1 G", NOT_VALID},
        {"1.G", NOT_VALID},
        {"1.5.5G", NOT_VALID},
        {".", NOT_VALID},
        {"G", NOT_VALID},
        {"1GB", NOT_VALID},
        {"1P", NOT_VALID},
        {"1s", NOT_VALID},
        {"inf", NOT_VALID},
        {"nan", NOT_VALID},
        {"1048575", NOT_VALID},
        {"64.000001G", NOT_VALID},
        {"9223372036854775807", NOT_VALID},
        {"9223372036854775808", NOT_VALID},
        {"8388608T", NOT_VALID},
        {"18446744073709551617M", NOT_VALID},
        {"99999999999999999999999999999G", NOT_VALID},
    };
    check_both("limit", "PHASETAP_LIMIT", list, sizeof list / sizeof list[0], &pt_options.LIMIT);
}

Test(option_users, times)
{
    static const struct given list[] = {
        {"2S", 2 * PT_SECOND_NS},
        {"500MS", PT_SECOND_NS / 2},
        {"1.5", PT_SECOND_NS * 3 / 2},
        {"10000us", PT_SECOND_NS / 100},
        {"10ms", PT_SECOND_NS / 100},
        {"0.010000001s", PT_SECOND_NS / 100 + 1},
        {"0.0100000019s", PT_SECOND_NS / 100 + 1},
        {"1.25m", 75 * PT_SECOND_NS},
        {"0.5H", 1800 * PT_SECOND_NS},
        {"1h", 3600 * PT_SECOND_NS},
        {"9.999999999ms", NOT_VALID},
        {"1.0000000000003h", NOT_VALID},
        {"61m", NOT_VALID},
        {"1d", NOT_VALID},
        {"1sec", NOT_VALID},
        {"1e1", NOT_VALID},
        {"0", NOT_VALID},
        {"9223372036854775807h", NOT_VALID},
    };
    check_both("interval", "PHASETAP_INTERVAL", list, sizeof list / sizeof list[0],
               &pt_options.INTERVAL);
}

Test(option_users, switches)
{
    static const struct given list[] = {
        {"0", 0},           {"No", 0},
        {"OFF", 0},         {"false", 0},
        {"1", 1},           {"yes", 1},
        {"On", 1},          {"TRUE", 1},
        {"2", NOT_VALID},   {"00", NOT_VALID},
        {"y", NOT_VALID},   {"true ", NOT_VALID},
        {"0|1", NOT_VALID}, {"yesno", NOT_VALID},
    };
    check_both("follow", "PHASETAP_FOLLOW", list, sizeof list / sizeof list[0], &pt_options.FOLLOW);
}

Test(option_users, the_negative_form_of_a_switch)
{
    static const struct pt_manual manual = {.name = "run", .usage_status = 125};
    char *words[] = {(char *)"run", (char *)"--follow", (char *)"--no-follow", NULL};
    int count = 3;
    cr_assert(eq(int, pt_args_parse(&manual, flags, &count, words), PT_ARGS_GO));
    cr_assert(eq(int, pt_run_options_check(), 0));
    pt_run_options_export();
    cr_assert(eq(str, getenv("PHASETAP_FOLLOW"), "0"));
}

Test(option_users, an_option_that_is_not_given_leaves_the_environment_alone)
{
    setenv("PHASETAP_LIMIT", "3M", 1);
    cr_assert(eq(int, pt_run_options_check(), 0));
    pt_run_options_export();
    cr_assert(eq(str, getenv("PHASETAP_LIMIT"), "3M"));
}
