/* SPDX-License-Identifier: Apache-2.0 */
#include "text/args.h"

#include <stdio.h>
#include <string.h>

#include "text/usage.h"
#include "text/version.h"

#define HELP_COLUMN 28

struct parser {
    const struct pt_manual *manual;
    const struct pt_flag *flags;
    char **argv;
    int argc;
    int at;
    int operands;
};

static const struct pt_flag *find_long(const struct pt_flag *flags, const char *name, size_t length)
{
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        if (strlen(flag->name) == length && memcmp(flag->name, name, length) == 0) {
            return flag;
        }
    }
    return NULL;
}

static const struct pt_flag *find_letter(const struct pt_flag *flags, char letter)
{
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        if (flag->letter == letter) {
            return flag;
        }
    }
    return NULL;
}

static void print_flag(const struct pt_flag *flag)
{
    char left[96];
    char letter[8] = "";
    if (flag->letter != 0) {
        snprintf(letter, sizeof letter, "-%c, ", flag->letter);
    }
    snprintf(left, sizeof left, "%s--%s%s%s", letter, flag->name, flag->argument != NULL ? " " : "",
             flag->argument != NULL ? flag->argument : "");
    printf("  %-*s %s\n", HELP_COLUMN, left, flag->help);
}

static void print_help(const struct pt_manual *manual, const struct pt_flag *flags)
{
    printf("Usage: phasetap %s\n%s\n\nExamples:\n%s\nOptions:\n", manual->synopsis, manual->summary,
           manual->examples);
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        print_flag(flag);
    }
    printf("  %-*s %s\n", HELP_COLUMN, "--help", "print this text");
    printf("  %-*s %s\n\n%s", HELP_COLUMN, "--version", "print the version", manual->details);
}

void pt_print_version(void)
{
    printf("phasetap %s\n", pt_version());
}

static int wrong(const struct parser *parser, const char *what, const char *name)
{
    return pt_fail(parser->manual->usage_status, "%s '%s'; see 'phasetap %s --help'", what, name,
                   parser->manual->name);
}

/* `inline_value` is what stood behind '=' or behind the letter, or NULL. */
static int take(struct parser *parser, const struct pt_flag *flag, const char *given,
                const char *inline_value)
{
    if (flag->argument == NULL) {
        if (inline_value != NULL) {
            return wrong(parser, "this option takes no value:", given);
        }
        *flag->value = "1";
        return PT_ARGS_GO;
    }
    if (inline_value == NULL) {
        if (parser->at + 1 >= parser->argc) {
            return wrong(parser, "missing value for the option", given);
        }
        inline_value = parser->argv[++parser->at];
    }
    *flag->value = inline_value;
    return PT_ARGS_GO;
}

static int take_long(struct parser *parser, const char *argument)
{
    const char *name = argument + 2;
    if (strcmp(name, "help") == 0) {
        print_help(parser->manual, parser->flags);
        return 0;
    }
    if (strcmp(name, "version") == 0) {
        pt_print_version();
        return 0;
    }
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct pt_flag *flag = find_long(parser->flags, name, length);
    if (flag == NULL) {
        return wrong(parser, "unknown option", argument);
    }
    return take(parser, flag, argument, equals != NULL ? equals + 1 : NULL);
}

static int take_letter(struct parser *parser, const char *argument)
{
    if (strcmp(argument, "-h") == 0) {
        return take_long(parser, "--help");
    }
    const struct pt_flag *flag = find_letter(parser->flags, argument[1]);
    if (flag == NULL) {
        return wrong(parser, "unknown option", argument);
    }
    return take(parser, flag, argument, argument[2] != '\0' ? argument + 2 : NULL);
}

static void take_operands(struct parser *parser)
{
    while (parser->at < parser->argc) {
        parser->argv[parser->operands++] = parser->argv[parser->at++];
    }
}

static int parse_one(struct parser *parser)
{
    char *argument = parser->argv[parser->at];
    if (strcmp(argument, "--") == 0) {
        parser->at++;
        take_operands(parser);
        return PT_ARGS_GO;
    }
    if (argument[0] == '-' && argument[1] != '\0') {
        return argument[1] == '-' ? take_long(parser, argument) : take_letter(parser, argument);
    }
    if (parser->manual->stop_at_operand) {
        take_operands(parser);
    } else {
        parser->argv[parser->operands++] = argument;
    }
    return PT_ARGS_GO;
}

int pt_args_parse(const struct pt_manual *manual, const struct pt_flag *flags, int *argc,
                  char **argv)
{
    struct parser parser = {.manual = manual, .flags = flags, .argv = argv, .argc = *argc, .at = 1};
    for (; parser.at < parser.argc; parser.at++) {
        int status = parse_one(&parser);
        if (status != PT_ARGS_GO) {
            return status;
        }
    }
    *argc = parser.operands;
    argv[parser.operands] = NULL;
    return PT_ARGS_GO;
}
