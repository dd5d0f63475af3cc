/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of `phasetap run`, made from the table that the preload object reads its environment
 * by. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/option_value.h>

#include "model/ignored_options.h"
#include "run/run.h"
#include "text/option_text.h"
#include "text/usage.h"

/* What the command line says about one row of the table. */
struct flag {
    char name[32];                        /* "cpu-clock" */
    char no_name[36];                     /* "no-cpu-clock", of switches */
    const char *value;                    /* given, "0" by the "no-" form; NULL: not */
    char canonical[PT_OPTION_TEXT_BYTES]; /* passed on; empty: nothing is */
};

static struct flag given[PT_OPTION_COUNT];

/* `run` has its own flag for the output. */
static bool is_own(enum pt_option_id id)
{
    return id == PT_OPTION_OUTPUT;
}

/* CPU_CLOCK becomes cpu-clock. */
static void make_flag_names(struct flag *flag, const char *variable)
{
    const char *from = variable + sizeof PT_VARIABLE_PREFIX - 1;
    size_t at = 0;
    for (; from[at] != '\0' && at < sizeof flag->name - 1; at++) {
        flag->name[at] = (char)(from[at] == '_' ? '-' : tolower((unsigned char)from[at]));
    }
    flag->name[at] = '\0';
    snprintf(flag->no_name, sizeof flag->no_name, "no-%.31s", flag->name);
}

static void add_flag(struct pt_flag *flags, size_t *count, struct pt_flag flag)
{
    if (*count < PT_RUN_FLAGS_HIGHEST - 1) {
        flags[(*count)++] = flag;
    }
}

/* The last of the two forms that was given counts. */
static void add_switch(struct pt_flag *flags, size_t *count, struct flag *flag,
                       const struct pt_option *option)
{
    const char *help = option->help;
    add_flag(flags, count,
             (struct pt_flag){.name = flag->no_name,
                              .help = strncmp(help, "0 ", 2) == 0 ? help + 2 : help,
                              .value = &flag->value,
                              .sets = "0",
                              .variable = option->variable});
    add_flag(flags, count,
             (struct pt_flag){.name = flag->name,
                              .value = &flag->value,
                              .variable = option->variable,
                              .help = "the opposite, also when the environment says otherwise"});
}

static void add_option(struct pt_flag *flags, size_t *count, enum pt_option_id id)
{
    static const char *const arguments[] = {[PT_VALUE_PATH] = "PATH",
                                            [PT_VALUE_SECONDS] = "TIME",
                                            [PT_VALUE_BYTES] = "SIZE",
                                            [PT_VALUE_ROTATION] = "SIZE:COUNT",
                                            [PT_VALUE_CHOICE] = "WORD"};
    const struct pt_option *option = &pt_option_table[id];
    struct flag *flag = &given[id];
    make_flag_names(flag, option->variable);
    if (option->kind == PT_VALUE_SWITCH) {
        add_switch(flags, count, flag, option);
        return;
    }
    add_flag(flags, count,
             (struct pt_flag){.name = flag->name,
                              .argument = arguments[option->kind],
                              .help = option->help,
                              .words = option->words[0] != '\0' ? option->words : NULL,
                              .variable = option->variable,
                              .value = &flag->value});
}

void pt_run_flags(struct pt_flag flags[PT_RUN_FLAGS_HIGHEST], const struct pt_flag *own)
{
    size_t count = 0;
    for (; own->name != NULL; own++) {
        add_flag(flags, &count, *own);
    }
    for (enum pt_option_id id = 0; id < PT_OPTION_COUNT; id++) {
        if (!is_own(id)) {
            add_option(flags, &count, id);
        }
    }
    flags[count] = (struct pt_flag){.name = NULL};
}

/* The preload object notes an invalid variable in the log; here somebody can still be told. */
static void warn_of_environment(const struct pt_option *option)
{
    char sentence[PT_IGNORED_BYTES];
    int64_t number;
    const char *value = getenv(option->variable);
    if (value != NULL && value[0] != '\0' && !pt_option_parse(option, value, &number)) {
        pt_ignored_invalid_sentence(sentence, option->variable, pt_option_fallback(option));
        pt_warn("%s", sentence);
    }
}

/* Makes the text that is passed on. 0, or 125 after an error message. */
static int check(const struct pt_option *option, struct flag *flag)
{
    char accepted[PT_OPTION_TEXT_BYTES];
    const char *value = flag->value;
    int64_t number;
    flag->canonical[0] = '\0';
    if (value == NULL) {
        warn_of_environment(option);
        return 0;
    }
    if (!pt_option_parse(option, value, &number)) {
        return pt_fail(PT_EXIT_RUN_TOOL, "--%s needs %s, not '%s'", flag->name,
                       pt_option_accepts(option, accepted), value);
    }
    pt_option_canonical(option, number, flag->canonical);
    return 0;
}

int pt_run_options_check(void)
{
    int status = 0;
    for (enum pt_option_id id = 0; id < PT_OPTION_COUNT && status == 0; id++) {
        if (!is_own(id)) {
            status = check(&pt_option_table[id], &given[id]);
        }
    }
    return status;
}

void pt_run_options_export(void)
{
    for (enum pt_option_id id = 0; id < PT_OPTION_COUNT; id++) {
        if (given[id].canonical[0] != '\0') {
            setenv(pt_option_table[id].variable, given[id].canonical, 1);
        }
    }
}

bool pt_run_options_enabled(void)
{
    const struct pt_option *option = &pt_option_table[PT_OPTION_ENABLE];
    const char *value = given[PT_OPTION_ENABLE].canonical[0] != '\0'
                            ? given[PT_OPTION_ENABLE].canonical
                            : getenv(option->variable);
    int64_t number;
    return value == NULL || !pt_option_parse(option, value, &number) || number != 0;
}
