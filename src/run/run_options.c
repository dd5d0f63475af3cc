/* SPDX-License-Identifier: Apache-2.0 */
/* The flags of `phasetap run`, made from the table that the preload object reads its environment
 * by. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <phasetap/options.h>

#include "run/run.h"
#include "text/usage.h"

enum kind { KIND_PATH, KIND_SECONDS, KIND_BYTES, KIND_SWITCH };

struct option {
    const char *variable; /* PHASETAP_NAME */
    const char *variable_name;
    enum kind kind;
    int64_t minimum, maximum;
    const char *help;
    char flag[32];     /* "name" */
    char no_flag[36];  /* "no-name", of switches */
    const char *value; /* given, NULL: not */
    const char *off;   /* "no-name" was given */
};

static struct option options[] = {
#define OPTION_ROW(name, kind_, default_, minimum_, maximum_, help_)                               \
    {.variable = "PHASETAP_" #name,                                                                \
     .variable_name = #name,                                                                       \
     .kind = KIND_##kind_,                                                                         \
     .minimum = minimum_,                                                                          \
     .maximum = maximum_,                                                                          \
     .help = help_},
    PT_OPTIONS(OPTION_ROW)};

#define OPTION_COUNT (sizeof options / sizeof options[0])

/* `run` has its own flag for the output. */
static bool is_own(const struct option *option)
{
    return strcmp(option->variable_name, "OUTPUT") == 0;
}

/* CPU_CLOCK becomes cpu-clock. */
static void make_flag_names(struct option *option)
{
    size_t at = 0;
    for (; option->variable_name[at] != '\0' && at < sizeof option->flag - 1; at++) {
        char c = option->variable_name[at];
        option->flag[at] = c == '_' ? '-' : (char)tolower((unsigned char)c);
    }
    option->flag[at] = '\0';
    snprintf(option->no_flag, sizeof option->no_flag, "no-%s", option->flag);
}

static void add_flag(struct pt_flag *flags, size_t *count, struct pt_flag flag)
{
    if (*count < PT_RUN_FLAGS_HIGHEST - 1) {
        flags[(*count)++] = flag;
    }
}

static void add_option(struct pt_flag *flags, size_t *count, struct option *option)
{
    static const char *const arguments[] = {
        [KIND_PATH] = "PATH", [KIND_SECONDS] = "TIME", [KIND_BYTES] = "SIZE"};
    make_flag_names(option);
    if (option->kind != KIND_SWITCH) {
        add_flag(flags, count,
                 (struct pt_flag){.name = option->flag,
                                  .argument = arguments[option->kind],
                                  .help = option->help,
                                  .value = &option->value});
        return;
    }
    const char *help = strncmp(option->help, "0 ", 2) == 0 ? option->help + 2 : option->help;
    add_flag(flags, count,
             (struct pt_flag){.name = option->no_flag, .help = help, .value = &option->off});
    add_flag(flags, count,
             (struct pt_flag){.name = option->flag,
                              .value = &option->value,
                              .help = "the opposite, also when the environment says otherwise"});
}

void pt_run_flags(struct pt_flag flags[PT_RUN_FLAGS_HIGHEST], const struct pt_flag *own)
{
    size_t count = 0;
    for (; own->name != NULL; own++) {
        add_flag(flags, &count, *own);
    }
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!is_own(&options[i])) {
            add_option(flags, &count, &options[i]);
        }
    }
    flags[count] = (struct pt_flag){.name = NULL};
}

/* Scale of a suffix; 0 for one that is not known. */
static double scale_of(enum kind kind, const char *suffix)
{
    static const struct {
        enum kind kind;
        const char *suffix;
        double scale;
    } scales[] = {
        {KIND_SECONDS, "", 1e9},         {KIND_SECONDS, "s", 1e9},  {KIND_SECONDS, "ms", 1e6},
        {KIND_BYTES, "", 1.0},           {KIND_BYTES, "K", 1024.0}, {KIND_BYTES, "M", 1048576.0},
        {KIND_BYTES, "G", 1073741824.0},
    };
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        if (scales[i].kind == kind && strcasecmp(scales[i].suffix, suffix) == 0) {
            return scales[i].scale;
        }
    }
    return 0.0;
}

static bool in_bounds(const struct option *option)
{
    char *end = NULL;
    errno = 0;
    double number = strtod(option->value, &end);
    if (end == option->value || errno != 0 || !isfinite(number) ||
        !isdigit((unsigned char)option->value[0])) {
        return false;
    }
    double kept = number * scale_of(option->kind, end);
    return kept >= (double)option->minimum && kept <= (double)option->maximum;
}

static int wrong(const struct option *option)
{
    if (option->kind == KIND_SECONDS) {
        return pt_fail(PT_EXIT_RUN_TOOL,
                       "--%s needs a time from %gs to %gs such as 500ms or 5s, not '%s'",
                       option->flag, (double)option->minimum / 1e9, (double)option->maximum / 1e9,
                       option->value);
    }
    return pt_fail(PT_EXIT_RUN_TOOL,
                   "--%s needs a size from %lldM to %lldM such as 64M or 1G, not '%s'",
                   option->flag, (long long)(option->minimum / PT_MIB),
                   (long long)(option->maximum / PT_MIB), option->value);
}

int pt_run_options_check(void)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &options[i];
        bool measured = option->kind == KIND_SECONDS || option->kind == KIND_BYTES;
        if (option->value != NULL && measured && !in_bounds(option)) {
            return wrong(option);
        }
    }
    return 0;
}

void pt_run_options_export(void)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const char *value = options[i].off != NULL ? "0" : options[i].value;
        if (value != NULL) {
            setenv(options[i].variable, value, 1);
        }
    }
}
