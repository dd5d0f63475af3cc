/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, and the one place that checks standard output. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "manual/man_page.h"
#include "text/args.h"
#include "text/usage.h"

static const struct pt_tool_command commands[] = {
    {"run", pt_cmd_run, "run a program and record it"},
    {"report", pt_cmd_report, "write the JSON report of logs"},
    {"summary", pt_cmd_summary, "print a summary of logs"},
    {"watch", pt_cmd_watch, "follow processes while they record"},
    {"diff", pt_cmd_diff, "compare runs, and gate a build on the difference"},
    {"export", pt_cmd_export, "write the events of logs for other tools"},
    {"dump", pt_cmd_dump, "print the documents of a log as JSON lines"},
    {"close", pt_cmd_close, "complete the logs of processes that were killed"},
    {"check", pt_cmd_check, "check whether a program can be profiled"},
    {"audit", pt_cmd_audit, "print what a log holds, and prove that it is all"},
    {"names", pt_cmd_names, "translate the tokens of PHASETAP_NAMES=alias"},
    {"completion", pt_cmd_completion, "print the completion of a shell"},
    {"help", pt_cmd_help, "describe a command, or print its manual page"},
    {.name = NULL},
};

static void print_help(FILE *out)
{
    fputs("Usage: phasetap COMMAND [options]\n" PT_TOOL_SUMMARY "\n\nExamples:\n" PT_TOOL_EXAMPLES
          "\nCommands:\n",
          out);
    for (const struct pt_tool_command *command = commands; command->name != NULL; command++) {
        fprintf(out, "  %-10s %s\n", command->name, command->what);
    }
    fputs("\n'phasetap COMMAND --help' describes a command; --version prints the version.\n", out);
}

/* A report cut short by a full disk must not look like a good one. Whoever closed a pipe knows it.
 */
static int close_output(int status)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed) {
        return status;
    }
    if (errno == EPIPE) {
        return status != PT_EXIT_OK ? status : PT_EXIT_FAILED;
    }
    return pt_fail(PT_EXIT_FAILED,
                   "cannot write to standard output: %s; free some space or write elsewhere",
                   errno != 0 ? strerror(errno) : "an earlier write failed");
}

static bool is(const char *argument, const char *name, const char *letter)
{
    return strcmp(argument, name) == 0 || strcmp(argument, letter) == 0;
}

static int run_command(int argc, char **argv)
{
    if (is(argv[0], "--version", "-V")) {
        pt_print_version();
        return PT_EXIT_OK;
    }
    if (is(argv[0], "--help", "-h") || (argc == 1 && strcmp(argv[0], "help") == 0)) {
        print_help(stdout);
        return PT_EXIT_OK;
    }
    const struct pt_tool_command *command = pt_tool_command_find(argv[0]);
    return command != NULL ? command->run(argc, argv) : pt_tool_command_unknown(argv[0]);
}

int main(int argc, char **argv)
{
    pt_tool_commands_set(commands);
    if (argc < 2) {
        print_help(stderr);
        return PT_EXIT_USAGE;
    }
    return close_output(run_command(argc - 1, argv + 1));
}
