/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap help`: the help of a command, or manual pages. Alone it is `phasetap --help`, which
 * main prints. */
#include <stdio.h>

#include "cli/commands.h"
#include "manual/man_page.h"
#include "text/args.h"
#include "text/usage.h"

static const struct pt_manual manual = {
    .name = "help",
    .synopsis = "help [COMMAND] | help --man [COMMAND]",
    .summary = "Describe a command, as 'phasetap COMMAND --help' does, or print manual pages.",
    .examples = "  phasetap help run\n"
                "  phasetap help --man run | man -l -\n",
    .details = "With --man the output is the manual page of COMMAND, or of the tool, in the\n"
               "language of man(7). The pages are installed, too: man phasetap-run.\n"
               "Exit status: 0 success, 1 standard output could not be written, 2 wrong usage.\n",
    .usage_status = PT_EXIT_USAGE,
};

static int describe(const struct pt_tool_command *command)
{
    char option[] = "--help";
    char *arguments[] = {(char[]){""}, option, NULL};
    return command->run(2, arguments);
}

int pt_cmd_help(int argc, char **argv)
{
    const char *man = NULL;
    const struct pt_flag flags[] = {
        {.name = "man", .value = &man, .help = "print the manual page instead"},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc > 1 || (argc == 0 && man == NULL)) {
        return pt_fail(PT_EXIT_USAGE, "help takes one command; 'phasetap --help' lists them");
    }
    const struct pt_tool_command *command = argc == 1 ? pt_tool_command_find(argv[0]) : NULL;
    if (argc == 1 && command == NULL) {
        return pt_tool_command_unknown(argv[0]);
    }
    if (man == NULL) {
        return describe(command);
    }
    if (command != NULL) {
        pt_man_page_command(stdout, command);
    } else {
        pt_man_page_tool(stdout);
    }
    return PT_EXIT_OK;
}
