/* SPDX-License-Identifier: Apache-2.0 */
#include "text/args.h"

#include <stdio.h>
#include <string.h>

#include "text/args_help.h"
#include "text/describe.h"
#include "text/near_word.h"
#include "text/settings.h"
#include "text/usage.h"
#include "text/version.h"

struct parser {
    const struct pt_manual *manual;
    const struct pt_flag *flags;
    char **argv;
    int argc;
    int at;
    int operands;
    bool asked; /* by a program: no settings */
    struct pt_args_given given;
};

static const struct pt_flag *find_letter(const struct pt_flag *flags, char letter)
{
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        if (flag->letter == letter) {
            return flag;
        }
    }
    return NULL;
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

/* `name` is `argument` without dashes and value. */
static int unknown(const struct parser *parser, const char *argument, const char *name)
{
    struct pt_near_word near;
    char hint[PT_NEAR_HINT_BYTES];
    pt_near_begin(&near, name);
    pt_flags_offer(&near, parser->flags);
    return pt_fail(parser->manual->usage_status,
                   "unknown option '%s';%s 'phasetap %s --help' lists the options", argument,
                   pt_near_hint(&near, "--", hint), parser->manual->name);
}

static int store(struct parser *parser, const struct pt_flag *flag, const char *value)
{
    *flag->value = value;
    if (flag->all != NULL && pt_texts_keep(flag->all, value) == NULL) {
        return wrong(parser, "out of memory at the option", flag->name);
    }
    parser->asked = parser->asked || flag->ignores_settings;
    pt_args_given_add(&parser->given, flag->value);
    return PT_ARGS_GO;
}

static int store_set(struct parser *parser, const struct pt_flag *flag)
{
    return store(parser, flag, flag->sets != NULL ? flag->sets : "1");
}

/* `inline_value` is what stood behind '=' or behind the letter, or NULL: the next argument is the
 * value. */
static int take_value(struct parser *parser, const struct pt_flag *flag, const char *given,
                      const char *inline_value)
{
    if (inline_value == NULL) {
        if (parser->at + 1 >= parser->argc) {
            return wrong(parser, "missing value for the option", given);
        }
        inline_value = parser->argv[++parser->at];
    }
    return store(parser, flag, inline_value);
}

static int help(const struct parser *parser)
{
    pt_args_help(parser->manual, parser->flags);
    return 0;
}

static int version(void)
{
    pt_print_version();
    return 0;
}

static int take_long(struct parser *parser, const char *argument)
{
    const char *name = argument + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct pt_flag *flag = pt_flag_find(parser->flags, name, length);
    if (strcmp(name, "help") == 0) {
        return help(parser);
    }
    if (strcmp(name, "version") == 0) {
        return version();
    }
    if (flag == NULL) {
        char word[64];
        snprintf(word, sizeof word, "%.*s", length < sizeof word ? (int)length : 0, name);
        return unknown(parser, argument, word);
    }
    if (flag->argument == NULL) {
        return equals == NULL ? store_set(parser, flag)
                              : wrong(parser, "this option takes no value:", argument);
    }
    return take_value(parser, flag, argument, equals != NULL ? equals + 1 : NULL);
}

/* "-vqo FILE": letters without a value, then perhaps one with it. */
static int take_letters(struct parser *parser, const char *argument)
{
    int status = PT_ARGS_GO;
    for (const char *letter = argument + 1; *letter != '\0' && status == PT_ARGS_GO; letter++) {
        char name[] = {'-', *letter, '\0'};
        const struct pt_flag *flag = find_letter(parser->flags, *letter);
        if (flag != NULL && flag->argument != NULL) {
            return take_value(parser, flag, name, letter[1] != '\0' ? letter + 1 : NULL);
        }
        if (flag != NULL) {
            status = store_set(parser, flag);
        } else if (*letter == 'h') {
            status = help(parser);
        } else if (*letter == 'V') {
            status = version();
        } else {
            /* "-output" was meant to be long; a letter that is no text must not be cut out. */
            status = unknown(parser, argument[2] != '\0' ? argument : name, argument + 1);
        }
    }
    return status;
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
        return argument[1] == '-' ? take_long(parser, argument) : take_letters(parser, argument);
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
    if (pt_describe_hand_over(manual, flags)) {
        return 0;
    }
    for (; parser.at < parser.argc; parser.at++) {
        int status = parse_one(&parser);
        if (status != PT_ARGS_GO) {
            return status;
        }
    }
    *argc = parser.operands;
    argv[parser.operands] = NULL;
    return parser.asked || pt_settings_apply(manual, flags, &parser.given) ? PT_ARGS_GO
                                                                           : manual->usage_status;
}
