/* SPDX-License-Identifier: Apache-2.0 */
/* The script for fish 3. */
#include "manual/completion_kinds.h"
#include "manual/completion_shells.h"
#include "text/describe.h"

/* Within single quotes. */
static void put_quoted(FILE *out, const char *text)
{
    putc('\'', out);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\') {
            putc('\\', out);
        }
        putc(*text, out);
    }
    putc('\'', out);
}

static void begin(FILE *out, const char *command)
{
    fprintf(out, "complete -c phasetap -n '__phasetap_is %s'", command);
}

static void put_value(FILE *out, const struct pt_flag *flag)
{
    if (flag->words != NULL) {
        fputs(" -x -a '", out);
        pt_completed_put_words(out, flag->words);
        putc('\'', out);
    } else {
        fputs(pt_completed_value(flag) == PT_COMPLETED_FILE ? " -r -F" : " -x", out);
    }
}

static void put_flag(FILE *out, const char *command, const struct pt_flag *flag)
{
    begin(out, command);
    fprintf(out, " -l %s", flag->name);
    if (flag->letter != 0) {
        fprintf(out, " -s %c", flag->letter);
    }
    if (flag->argument != NULL) {
        put_value(out, flag);
    }
    fputs(" -d ", out);
    put_quoted(out, flag->help);
    putc('\n', out);
}

static void put_operands(FILE *out, const struct pt_manual *manual)
{
    begin(out, manual->name);
    switch (pt_completed_operand(manual)) {
    case PT_COMPLETED_LOG:
        fputs(" -k -x -a '(__fish_complete_suffix .bson)'\n", out);
        break;
    case PT_COMPLETED_PROGRAM:
        fputs(" -x -a '(__fish_complete_subcommand --fcs-skip=2)'\n", out);
        break;
    case PT_COMPLETED_COMMAND:
        fputs(" -x -a '", out);
        pt_completed_put_commands(out);
        fputs("'\n", out);
        break;
    case PT_COMPLETED_SHELL:
        fputs(" -x -a '", out);
        pt_completed_put_words(out, PT_COMPLETION_SHELLS);
        fputs("'\n", out);
        break;
    default:
        fputs(" -F\n", out);
    }
}

static void put_command(void *context, const struct pt_tool_command *command,
                        const struct pt_manual *manual, const struct pt_flag *flags)
{
    FILE *out = context;
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        put_flag(out, command->name, flag);
    }
    begin(out, command->name);
    fputs(" -l help -s h -d 'print the help'\n", out);
    begin(out, command->name);
    fputs(" -l version -s V -d 'print the version'\n", out);
    put_operands(out, manual);
}

void pt_completion_fish(FILE *out)
{
    fputs("# Completion of phasetap(1) for fish, made by 'phasetap completion fish'.\n\n"
          "# True when the word behind phasetap is $argv[1].\n"
          "function __phasetap_is\n"
          "    set -l words (commandline -opc)\n"
          "    test (count $words) -ge 2; and test $words[2] = $argv[1]\n"
          "end\n\n"
          "complete -c phasetap -f\n"
          "complete -c phasetap -n __fish_use_subcommand -l help -s h -d 'list the commands'\n"
          "complete -c phasetap -n __fish_use_subcommand -l version -s V"
          " -d 'print the version'\n",
          out);
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        fprintf(out, "complete -c phasetap -n __fish_use_subcommand -a %s -d ", command->name);
        put_quoted(out, command->what);
        putc('\n', out);
        pt_describe(command, put_command, out);
    }
}
