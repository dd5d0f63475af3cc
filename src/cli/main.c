/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, and the one place that checks standard output. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "text/args.h"
#include "text/usage.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    {"run", pt_cmd_run, "run a program and record it"},
    {"report", pt_cmd_report, "write the JSON report of logs"},
    {"summary", pt_cmd_summary, "print a summary of logs"},
    {"watch", pt_cmd_watch, "follow processes while they record"},
    {"export", pt_cmd_export, "write the events of logs for other tools"},
    {"dump", pt_cmd_dump, "print the documents of a log as JSON lines"},
    {"close", pt_cmd_close, "complete the logs of processes that were killed"},
    {"check", pt_cmd_check, "check whether a program can be profiled"},
    {"audit", pt_cmd_audit, "prove that nothing else is in a log"},
    {"names", pt_cmd_names, "translate the tokens of PHASETAP_NAMES=alias"},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(FILE *out)
{
    fputs("Usage: phasetap COMMAND [options]\n"
          "Profile programs that use the MongoDB C driver, without changing them.\n\n"
          "Examples:\n"
          "  phasetap run -o run.bson -- ./masker --config prod.json\n"
          "  phasetap report run.bson -o report.json\n"
          "  phasetap summary run.bson\n\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].what);
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

static int run_command(int argc, char **argv)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[0], commands[i].name) == 0) {
            return commands[i].run(argc, argv);
        }
    }
    return pt_fail(PT_EXIT_USAGE, "unknown command '%s'; 'phasetap --help' lists the commands",
                   argv[0]);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return PT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        pt_print_version();
        return close_output(PT_EXIT_OK);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return close_output(PT_EXIT_OK);
    }
    return close_output(run_command(argc - 1, argv + 1));
}
