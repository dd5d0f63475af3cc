/* SPDX-License-Identifier: Apache-2.0 */
#include "manual/man_page.h"

#include <ctype.h>
#include <string.h>

#include "manual/roff.h"
#include "text/describe.h"
#include "text/version.h"

#define STATUS_MARK "Exit status: "

static void put_title(FILE *out, const char *command)
{
    fputs(".TH PHASETAP", out);
    if (command != NULL) {
        fputs("\\-", out);
    }
    for (; command != NULL && *command != '\0'; command++) {
        putc(toupper((unsigned char)*command), out);
    }
    fprintf(out, " 1 \"%s\" \"phasetap %s\" \"phasetap manual\"\n", pt_version_date(),
            pt_version());
}

static void put_section(FILE *out, const char *name)
{
    fprintf(out, ".SH %s\n", name);
}

/* The line of apropos. */
static void put_name(FILE *out, const char *command, const char *what)
{
    put_section(out, "NAME");
    fprintf(out, "phasetap%s%s \\- ", command != NULL ? "\\-" : "", command != NULL ? command : "");
    pt_roff_text(out, what);
    putc('\n', out);
}

/* Words in capitals are what the user fills in. */
static void put_usage_words(FILE *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t word = 0;
        while (at + word < length && isupper((unsigned char)text[at + word])) {
            word++;
        }
        if (word > 0) {
            fprintf(out, "\\fI%.*s\\fR", (int)word, text + at);
        } else {
            word = 1;
            pt_roff_put(out, text + at, 1);
        }
        at += word;
    }
}

/* "check PROGRAM | check --environment [PROGRAM]": each alternative begins with the name. */
static void put_synopsis(FILE *out, const struct pt_manual *manual)
{
    size_t name = strlen(manual->name);
    put_section(out, "SYNOPSIS");
    for (const char *at = manual->synopsis; at != NULL;) {
        const char *bar = strstr(at, " | ");
        size_t length = bar != NULL ? (size_t)(bar - at) : strlen(at);
        size_t skipped = strncmp(at, manual->name, name) == 0 ? name : 0;
        fprintf(out, "\\fBphasetap %s\\fR", manual->name);
        put_usage_words(out, at + skipped, length - skipped);
        putc('\n', out);
        if (bar != NULL) {
            fputs(".br\n", out);
        }
        at = bar != NULL ? bar + 3 : NULL;
    }
}

/* The last part of `details`, which says the exit statuses; its end when there is none. */
static const char *find_status(const char *details)
{
    const char *at = strstr(details, STATUS_MARK);
    while (at != NULL && at != details && at[-1] != '\n') {
        at = strstr(at + 1, STATUS_MARK);
    }
    return at != NULL ? at : details + strlen(details);
}

static void put_description(FILE *out, const struct pt_manual *manual)
{
    put_section(out, "DESCRIPTION");
    pt_roff_text(out, manual->summary);
    putc('\n', out);
    const char *status = find_status(manual->details);
    if (status != manual->details) {
        if (manual->details[0] != ' ') {
            fputs(".PP\n", out);
        }
        pt_roff_lines(out, manual->details, (size_t)(status - manual->details));
    }
}

static void put_option(FILE *out, char letter, const char *name, const char *argument,
                       const char *help)
{
    fputs(".TP\n", out);
    if (letter != 0) {
        fprintf(out, "\\fB\\-%c\\fR, ", letter);
    }
    fputs("\\fB\\-\\-", out);
    pt_roff_text(out, name);
    fputs("\\fR", out);
    if (argument != NULL) {
        fputs(" \\fI", out);
        pt_roff_text(out, argument);
        fputs("\\fR", out);
    }
    putc('\n', out);
    pt_roff_text(out, help);
    putc('\n', out);
}

static void put_words(FILE *out, const char *words)
{
    fputs("Values: ", out);
    for (; *words != '\0'; words++) {
        if (*words == '|') {
            fputs(", ", out);
        } else {
            pt_roff_put(out, words, 1);
        }
    }
    fputs(".\n", out);
}

static void put_options(FILE *out, const struct pt_flag *flags)
{
    put_section(out, "OPTIONS");
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        put_option(out, flag->letter, flag->name, flag->argument, flag->help);
        if (flag->words != NULL || flag->variable != NULL) {
            fputs(".br\n", out);
        }
        if (flag->words != NULL) {
            put_words(out, flag->words);
        }
        if (flag->variable != NULL) {
            fprintf(out, "Overrides the environment variable %s.\n", flag->variable);
        }
    }
    put_option(out, 'h', "help", NULL, "print this text");
    put_option(out, 'V', "version", NULL, "print the version");
}

static void put_status(FILE *out, const char *details)
{
    const char *status = find_status(details);
    if (*status != '\0') {
        status += strlen(STATUS_MARK);
        put_section(out, "EXIT STATUS");
        pt_roff_lines(out, status, strlen(status));
    }
}

static void put_files(FILE *out)
{
    put_section(out, "FILES");
    fputs(".TP\n"
          "$XDG_CONFIG_HOME/phasetap/config, ~/.config/phasetap/config\n"
          "Values of options that are neither on the command line nor in the environment;\n"
          "PHASETAP_CONFIG names another file. A section [COMMAND] for each command holds\n"
          "lines \\(lqoption = value\\(rq, with options as on the command line, but\n"
          "without dashes.\n"
          ".TP\n"
          "$XDG_STATE_HOME/phasetap/, ~/.local/state/phasetap/\n"
          "Where logs are made that have no other place.\n",
          out);
}

static void put_see_also(FILE *out, const char *but)
{
    const char *separator = "";
    put_section(out, "SEE ALSO");
    if (but != NULL) {
        fputs(".BR phasetap (1)", out);
        separator = ",\n";
    }
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        if (but == NULL || strcmp(command->name, but) != 0) {
            fprintf(out, "%s.BR phasetap\\-%s (1)", separator, command->name);
            separator = ",\n";
        }
    }
    putc('\n', out);
}

static void put_examples(FILE *out, const char *examples)
{
    put_section(out, "EXAMPLES");
    pt_roff_lines(out, examples, strlen(examples));
}

static void put_command(void *context, const struct pt_tool_command *command,
                        const struct pt_manual *manual, const struct pt_flag *flags)
{
    FILE *out = context;
    put_title(out, command->name);
    put_name(out, command->name, command->what);
    put_synopsis(out, manual);
    put_description(out, manual);
    put_options(out, flags);
    put_status(out, manual->details);
    put_files(out);
    put_examples(out, manual->examples);
    put_see_also(out, command->name);
}

void pt_man_page_command(FILE *out, const struct pt_tool_command *command)
{
    pt_describe(command, put_command, out);
}

static void put_commands(FILE *out)
{
    put_section(out, "COMMANDS");
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", command->name);
        pt_roff_text(out, command->what);
        putc('\n', out);
    }
}

void pt_man_page_tool(FILE *out)
{
    put_title(out, NULL);
    put_name(out, NULL, "profile programs that use the MongoDB C driver");
    put_section(out, "SYNOPSIS");
    fputs("\\fBphasetap\\fR \\fICOMMAND\\fR [options]\n"
          ".br\n"
          "\\fBLD_PRELOAD=libphasetap.so\\fR \\fIPROGRAM\\fR [\\fIARGUMENT\\fR...]\n",
          out);
    put_section(out, "DESCRIPTION");
    fputs(PT_TOOL_SUMMARY
          "\n"
          "The preload object records the calls of a program into libmongoc in a log; the\n"
          "commands start programs with it, and read logs.\n",
          out);
    put_commands(out);
    put_section(out, "OPTIONS");
    put_option(out, 'h', "help", NULL, "list the commands");
    put_option(out, 'V', "version", NULL, "print the version");
    put_files(out);
    put_examples(out, PT_TOOL_EXAMPLES);
    put_see_also(out, NULL);
}
