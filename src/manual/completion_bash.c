/* SPDX-License-Identifier: Apache-2.0 */
/* The script for bash 4.4 or newer, with or without the package bash-completion. */
#include "manual/completion_kinds.h"
#include "manual/completion_shells.h"
#include "text/describe.h"

/* Options and operands of one command. */
static void put_command(void *context, const struct pt_tool_command *command,
                        const struct pt_manual *manual, const struct pt_flag *flags)
{
    static const char *const operands[] = {
        [PT_COMPLETED_ANY] = ":any",         [PT_COMPLETED_FILE] = ":file",
        [PT_COMPLETED_LOG] = ":log",         [PT_COMPLETED_PROGRAM] = ":program",
        [PT_COMPLETED_COMMAND] = ":command", [PT_COMPLETED_SHELL] = ":shell"};
    FILE *out = context;
    fprintf(out, "        %s)\n            options='--help --version", command->name);
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        fprintf(out, " --%s", flag->name);
    }
    fprintf(out, "'\n            operands=%s stops=%s\n            ;;\n",
            operands[pt_completed_operand(manual)], manual->stop_at_operand ? "1" : "''");
}

static void put_pattern(FILE *out, const char *command, const struct pt_flag *flag)
{
    fprintf(out, "        %s,--%s", command, flag->name);
    if (flag->letter != 0) {
        fprintf(out, " | %s,-%c", command, flag->letter);
    }
    fputs(") values=", out);
}

/* The values of the options of one command that take one. */
static void put_values(void *context, const struct pt_tool_command *command,
                       const struct pt_manual *manual, const struct pt_flag *flags)
{
    FILE *out = context;
    (void)manual;
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        if (flag->argument == NULL) {
            continue;
        }
        put_pattern(out, command->name, flag);
        if (flag->words != NULL) {
            putc('\'', out);
            pt_completed_put_words(out, flag->words);
            fputs("' ;;\n", out);
        } else {
            fputs(pt_completed_value(flag) == PT_COMPLETED_FILE ? ":file ;;\n" : ":any ;;\n", out);
        }
    }
}

static void put_each(FILE *out, pt_description_reader reader)
{
    for (const struct pt_tool_command *command = pt_tool_commands(); command->name != NULL;
         command++) {
        pt_describe(command, reader, out);
    }
}

static void put_offer(FILE *out)
{
    fputs("# Offers what stands for the kind $1, or is one of the words in $1.\n"
          "_phasetap_offer()\n"
          "{\n"
          "    case $1 in\n"
          "        '' | :any) ;;\n"
          "        :file) compopt -o default ;;\n"
          "        :log)\n"
          "            compopt -o filenames\n"
          "            mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"\n"
          "                compgen -f -X '!*.bson' -- \"$cur\")\n"
          "            ;;\n"
          "        :program)\n"
          "            compopt -o default\n"
          "            mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
          "            ;;\n"
          "        :command) _phasetap_offer \"$commands\" ;;\n"
          "        :shell) _phasetap_offer '",
          out);
    pt_completed_put_words(out, PT_COMPLETION_SHELLS);
    fputs("' ;;\n"
          "        *) mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\") ;;\n"
          "    esac\n"
          "}\n\n",
          out);
}

static void put_typed(FILE *out)
{
    fputs(
        "# Sets `values` for an option as it was typed: '-qo' takes what '-o' does, '-ofile' has\n"
        "# its value.\n"
        "_phasetap_typed()\n"
        "{\n"
        "    case $2 in\n"
        "        -[!-]?*)\n"
        "            _phasetap_values \"$1\" \"${2:0:2}\"\n"
        "            if [ -n \"$values\" ]; then\n"
        "                values=''\n"
        "            else\n"
        "                _phasetap_values \"$1\" \"-${2: -1}\"\n"
        "            fi\n"
        "            ;;\n"
        "        *) _phasetap_values \"$1\" \"$2\" ;;\n"
        "    esac\n"
        "}\n\n",
        out);
}

static void put_program(FILE *out)
{
    fputs("# Sets `at` to the first word that is no option: the program of `run`.\n"
          "_phasetap_find_program()\n"
          "{\n"
          "    local values\n"
          "    for ((at = 2; at < COMP_CWORD; at++)); do\n"
          "        case ${COMP_WORDS[at]} in\n"
          "            --) at=$((at + 1)) && return ;;\n"
          "            -*)\n"
          "                _phasetap_typed \"$command\" \"${COMP_WORDS[at]}\"\n"
          "                [ \"${COMP_WORDS[at + 1]}\" != = ] || at=$((at + 1))\n"
          "                [ -z \"$values\" ] || at=$((at + 1))\n"
          "                ;;\n"
          "            *) return ;;\n"
          "        esac\n"
          "    done\n"
          "}\n\n"
          "# Completes as for the program that begins at word $1.\n"
          "_phasetap_as_program()\n"
          "{\n"
          "    if declare -F _comp_command_offset > /dev/null; then\n"
          "        _comp_command_offset \"$1\"\n"
          "    elif declare -F _command_offset > /dev/null; then\n"
          "        _command_offset \"$1\"\n"
          "    else\n"
          "        compopt -o default\n"
          "    fi\n"
          "}\n\n",
          out);
}

static void put_main(FILE *out)
{
    fputs(
        "_phasetap()\n"
        "{\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
        "    local command=${COMP_WORDS[1]} commands options='' operands='' stops='' values='' at\n"
        "    COMPREPLY=()\n"
        "    commands='",
        out);
    pt_completed_put_commands(out);
    fputs("'\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        _phasetap_offer \"$commands --help --version\"\n"
          "        return\n"
          "    fi\n"
          "    # '--name=value' is three words.\n"
          "    [ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    [ \"$cur\" != = ] || cur=''\n"
          "    _phasetap_command \"$command\"\n"
          "    if [ -n \"$stops\" ]; then\n"
          "        _phasetap_find_program\n"
          "        if [ \"$at\" -lt \"$COMP_CWORD\" ]; then\n"
          "            _phasetap_as_program \"$at\"\n"
          "            return\n"
          "        fi\n"
          "    fi\n"
          "    _phasetap_typed \"$command\" \"$prev\"\n"
          "    if [ -n \"$values\" ]; then\n"
          "        _phasetap_offer \"$values\"\n"
          "    elif [ \"${cur:0:1}\" = - ]; then\n"
          "        _phasetap_offer \"$options\"\n"
          "    else\n"
          "        _phasetap_offer \"$operands\"\n"
          "    fi\n"
          "}\n\n"
          "complete -F _phasetap phasetap\n",
          out);
}

void pt_completion_bash(FILE *out)
{
    fputs("# shellcheck shell=bash\n"
          "# Completion of phasetap(1) for bash, made by 'phasetap completion bash'.\n\n"
          "# Sets options, operands and stops of the command $1.\n"
          "_phasetap_command()\n"
          "{\n"
          "    case $1 in\n",
          out);
    put_each(out, put_command);
    fputs("    esac\n"
          "}\n\n"
          "# Sets `values`: what the option $2 of the command $1 takes; empty: no value.\n"
          "_phasetap_values()\n"
          "{\n"
          "    values=''\n"
          "    case $1,$2 in\n",
          out);
    put_each(out, put_values);
    fputs("    esac\n"
          "}\n\n",
          out);
    put_offer(out);
    put_typed(out);
    put_program(out);
    put_main(out);
}
