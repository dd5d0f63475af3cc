/* SPDX-License-Identifier: Apache-2.0 */
/* The script for zsh: the function _phasetap for a folder of $fpath, or to be sourced. */
#include <string.h>

#include "manual/completion_kinds.h"
#include "manual/completion_shells.h"
#include "text/describe.h"

/* Text within single quotes; brackets, colons and backslashes mean something to _arguments. */
static void put_quoted(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs("'\\''", out);
        } else {
            if (strchr("[]:\\", *text) != NULL) {
                putc('\\', out);
            }
            putc(*text, out);
        }
    }
}

static void put_value(FILE *out, const struct pt_flag *flag)
{
    if (flag->argument == NULL) {
        return;
    }
    putc(':', out);
    put_quoted(out, flag->argument);
    putc(':', out);
    if (flag->words != NULL) {
        putc('(', out);
        pt_completed_put_words(out, flag->words);
        putc(')', out);
    } else {
        fputs(pt_completed_value(flag) == PT_COMPLETED_FILE ? "_files" : " ", out);
    }
}

/* '(-o --output)'{-o+,--output=}'[help]:FILE:_files' */
static void put_flag(FILE *out, const struct pt_flag *flag)
{
    bool takes = flag->argument != NULL;
    fputs("          ", out);
    if (flag->letter != 0) {
        fprintf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", flag->letter, flag->name, flag->letter,
                takes ? "+" : "", flag->name, takes ? "=" : "");
    } else {
        fprintf(out, "'--%s%s[", flag->name, takes ? "=" : "");
    }
    put_quoted(out, flag->help);
    putc(']', out);
    put_value(out, flag);
    fputs("' \\\n", out);
}

static void put_operands(FILE *out, const struct pt_manual *manual)
{
    static const char *const actions[] = {
        [PT_COMPLETED_ANY] = "'*:argument: '",
        [PT_COMPLETED_FILE] = "'*:file:_files'",
        [PT_COMPLETED_LOG] = "'*:log:_files -g \"*.bson(-.)\"'",
        [PT_COMPLETED_PROGRAM] = "'1:program:{ _command_names -e; _files }'",
    };
    enum pt_completed kind = pt_completed_operand(manual);
    fputs("          ", out);
    if (manual->stop_at_operand) {
        fputs("'(-)1:program:{ _command_names -e; _files }' '*::arguments:_normal'", out);
    } else if (kind == PT_COMPLETED_COMMAND) {
        fputs("'1:command:(", out);
        pt_completed_put_commands(out);
        fputs(")'", out);
    } else if (kind == PT_COMPLETED_SHELL) {
        fputs("'1:shell:(", out);
        pt_completed_put_words(out, PT_COMPLETION_SHELLS);
        fputs(")'", out);
    } else {
        fputs(actions[kind], out);
    }
    fputs(" && ret=0\n", out);
}

static void put_command(void *context, const struct pt_tool_command *command,
                        const struct pt_manual *manual, const struct pt_flag *flags)
{
    FILE *out = context;
    fprintf(out, "        %s)\n        _arguments -s -S \\\n", command->name);
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        put_flag(out, flag);
    }
    fputs("          '(- *)'{-h,--help}'[print the help]' \\\n"
          "          '(- *)'{-V,--version}'[print the version]' \\\n",
          out);
    put_operands(out, manual);
    fputs("        ;;\n", out);
}

static void put_commands(FILE *out)
{
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        fprintf(out, "        '%s:", command->name);
        put_quoted(out, command->what);
        fputs("'\n", out);
    }
}

void pt_completion_zsh(FILE *out)
{
    fputs("#compdef phasetap\n"
          "# Completion of phasetap(1) for zsh, made by 'phasetap completion zsh'.\n\n"
          "_phasetap() {\n"
          "  local curcontext=\"$curcontext\" ret=1\n"
          "  local -a state line commands\n"
          "  typeset -A opt_args\n"
          "  _arguments -C \\\n"
          "    '(- *)'{-h,--help}'[list the commands]' \\\n"
          "    '(- *)'{-V,--version}'[print the version]' \\\n"
          "    '1:command:->command' \\\n"
          "    '*::argument:->argument' && ret=0\n"
          "  case $state in\n"
          "    command)\n"
          "      commands=(\n",
          out);
    put_commands(out);
    fputs("      )\n"
          "      _describe -t commands command commands && ret=0\n"
          "      ;;\n"
          "    argument)\n"
          "      case $words[1] in\n",
          out);
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        pt_describe(command, put_command, out);
    }
    fputs("      esac\n"
          "      ;;\n"
          "  esac\n"
          "  return ret\n"
          "}\n\n"
          "if [ \"$funcstack[1]\" = _phasetap ]; then\n"
          "  _phasetap \"$@\"\n"
          "else\n"
          "  compdef _phasetap phasetap\n"
          "fi\n",
          out);
}
