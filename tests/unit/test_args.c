/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines and the configuration file over one table of options. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/args.h"
#include "text/near_word.h"
#include "text/settings.h"

static const char *quiet, *verbose, *output, *top, *sampler;

static const struct pt_manual manual = {
    .name = "work", .synopsis = "work LOG...", .details = "", .examples = "", .usage_status = 2};

static const struct pt_flag flags[] = {
    {.name = "quiet", .letter = 'q', .value = &quiet, .help = ""},
    {.name = "verbose", .letter = 'v', .value = &verbose, .help = ""},
    {.name = "output", .letter = 'o', .argument = "FILE", .value = &output, .help = ""},
    {.name = "top", .argument = "N", .variable = "TEST_ARGS_TOP", .value = &top, .help = ""},
    {.name = "sampler", .value = &sampler, .help = ""},
    {.name = "no-sampler", .sets = "0", .value = &sampler, .help = ""},
    {.name = NULL}};

/* Parses words separated by blanks; the operands are left in `words`. */
static char *words[16];
static int parse(const char *line)
{
    static char text[256];
    int count = 1;
    words[0] = (char *)"work";
    quiet = verbose = output = top = sampler = NULL;
    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    words[count] = NULL;
    int status = pt_args_parse(&manual, flags, &count, words);
    return status == PT_ARGS_GO ? -count - 1 : status;
}

/* What parse() returns for so many operands. */
#define OPERANDS(count) (-(count) - 1)

Test(args, letters_may_stand_together)
{
    cr_assert_eq(parse("-qv a"), OPERANDS(1));
    cr_assert(quiet != NULL && verbose != NULL && output == NULL);
    cr_assert_eq(parse("-qofile -v"), OPERANDS(0));
    cr_assert_str_eq(output, "file");
    cr_assert(quiet != NULL && verbose != NULL);
    cr_assert_eq(parse("-vo file b c"), OPERANDS(2));
    cr_assert_str_eq(output, "file");
    cr_assert_str_eq(words[1], "c");
}

Test(args, a_dash_is_an_operand_and_the_last_value_counts)
{
    cr_assert_eq(parse("- --top 1 --top=2 -- -q"), OPERANDS(2));
    cr_assert_str_eq(words[0], "-");
    cr_assert_str_eq(words[1], "-q");
    cr_assert_str_eq(top, "2");
    cr_assert_eq(parse("--no-sampler --sampler"), OPERANDS(0));
    cr_assert_str_eq(sampler, "1");
    cr_assert_eq(parse("--sampler --no-sampler"), OPERANDS(0));
    cr_assert_str_eq(sampler, "0");
}

Test(args, mistakes, .init = cr_redirect_stderr)
{
    static const char *const lines[] = {"--quite",   "-x",        "-qx", "--top", "-o",
                                        "--quiet=1", "-outputs=", "--=", "--",    "-qo"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        bool good = strcmp(lines[i], "--") == 0 || strcmp(lines[i], "-outputs=") == 0;
        cr_assert_eq(parse(lines[i]), good ? OPERANDS(0) : 2, "%s", lines[i]);
    }
}

static const char *nearest(const char *given)
{
    static const char *const known[] = {"report", "run", "summary", "export", "no-sampler"};
    struct pt_near_word near;
    pt_near_begin(&near, given);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        pt_near_offer(&near, known[i]);
    }
    return near.best != NULL ? near.best : "";
}

Test(near_word, nearest)
{
    cr_assert_str_eq(nearest("reprot"), "report");
    cr_assert_str_eq(nearest("summray"), "summary");
    cr_assert_str_eq(nearest("sum"), "summary");
    cr_assert_str_eq(nearest("exprot"), "export");
    cr_assert_str_eq(nearest("nosampler"), "no-sampler");
    cr_assert_str_eq(nearest("rn"), "run");
    cr_assert_str_eq(nearest("frobnicate"), "");
    cr_assert_str_eq(nearest("r"), "");
    cr_assert_str_eq(nearest(""), "");
    cr_assert_str_eq(nearest("a-word-that-is-longer-than-any-option-is"), "");
}

static int no_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

/* Applies a file over what the command line `line` set. */
static bool apply(const char *line, const char *file)
{
    static const struct pt_tool_command commands[] = {
        {"work", no_command, ""}, {"other", no_command, ""}, {.name = NULL}};
    static char text[512];
    struct pt_args_given given = {.count = 0};
    const char **values[] = {&quiet, &verbose, &output, &top, &sampler};
    (void)parse(line);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (*values[i] != NULL) {
            pt_args_given_add(&given, values[i]);
        }
    }
    pt_tool_commands_set(commands);
    snprintf(text, sizeof text, "%s", file);
    return pt_settings_apply_text("config", text, &manual, flags, &given);
}

Test(settings, values_that_were_not_given)
{
    cr_assert(apply("--top 3", "# mine\n\n[other]\nwhatever = 1\n [work] \n top = 9\r\n"
                               "output=a b # no comment\nverbose\nquiet = no\nno-sampler = yes"));
    cr_assert_str_eq(top, "3");
    cr_assert_str_eq(output, "a b # no comment");
    cr_assert(verbose != NULL && quiet == NULL);
    cr_assert_str_eq(sampler, "0");
}

Test(settings, the_command_line_has_the_last_word_of_a_pair)
{
    cr_assert(apply("--sampler", "[work]\nsampler = off\n"));
    cr_assert_str_eq(sampler, "1");
    cr_assert(apply("", "[work]\nsampler = off\n"));
    cr_assert_str_eq(sampler, "0");
    cr_assert(apply("", "[work]\nsampler = off\nsampler = on\n"));
    cr_assert_str_eq(sampler, "1");
}

Test(settings, the_environment_comes_before_the_file)
{
    setenv("TEST_ARGS_TOP", "5", 1);
    cr_assert(apply("", "[work]\ntop = 9\n"));
    cr_assert_null(top);
    setenv("TEST_ARGS_TOP", "", 1);
    cr_assert(apply("", "[work]\ntop = 9\n"));
    cr_assert_str_eq(top, "9");
}

Test(settings, mistakes, .init = cr_redirect_stderr)
{
    static const char *const files[] = {"top = 1\n",
                                        "[work\n",
                                        "[wrok]\n",
                                        "[work] top\n",
                                        "[work]\n= 1\n",
                                        "[work]\n--top = 1\n",
                                        "[work]\ntop\n",
                                        "[work]\ntop =\n",
                                        "[]\n",
                                        "[work]\ntpo = 1\n",
                                        "[work]\nquiet = x\n",
                                        "[work]\na b = 1\n"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        cr_assert(!apply("", files[i]), "%s", files[i]);
    }
    cr_assert(apply("", ""));
    cr_assert(apply("", "[other]\ntpo = 1\n"));
}
