/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: how a command of the tool describes itself, once. Parsing, `--help`, the manual pages,
 * the completion of shells and the configuration file all come from these tables; no command has
 * code for any of them.
 *
 * A command's function calls pt_args_parse() before it does anything else; that is all that the
 * generators need (describe.h).
 */
#ifndef PHASETAP_COMMAND_H
#define PHASETAP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/texts.h"

/* One option. Only `name`, `help` and `value` are always set. */
struct pt_flag {
    const char *name;     /* without dashes; NULL ends a list */
    const char *argument; /* what its value is called in the help; NULL: the flag takes no value.
                             FILE, LOG, PATH, FOLDER and RULES are completed as files */
    const char *help;
    const char **value;    /* receives the value, or `sets` for a flag without one; stays as it is
                              when the flag is not given */
    char letter;           /* one-letter form, 0: none */
    const char *words;     /* the values it takes, separated by '|', for completion and manual;
                              NULL: any. The command itself checks the value. */
    const char *variable;  /* the environment variable that the flag overrides; NULL: none */
    const char *sets;      /* what a flag without a value stores; NULL: "1" */
    struct pt_texts *all;  /* NULL, or receives each value of a flag that may be given again */
    bool ignores_settings; /* a program asks, not a user: the configuration file does not count */
};

struct pt_manual {
    const char *name;     /* of the command */
    const char *synopsis; /* what follows "phasetap"; alternatives are separated by " | " and begin
                             with the command's name. PROGRAM, LOG, SHELL and COMMAND are completed
                             as such */
    const char *summary;  /* one line */
    const char *examples; /* lines, indented by two */
    const char *details;  /* text behind the flags. Lines indented by two are shown as they are; the
                             last part begins with "Exit status: " */
    int usage_status;     /* exit status of wrong usage */
    bool stop_at_operand; /* the first operand ends the flags (`run`) */
};

/* A row of the table of commands. argv[0] is the command's name. `run` returns the exit status of
 * the tool; what it wrote to standard output is flushed and checked by main. */
struct pt_tool_command {
    const char *name; /* NULL ends the table */
    int (*run)(int argc, char **argv);
    const char *what; /* one line for the list of commands */
};

/* The flag of this name, of which `length` characters count; NULL: there is none. */
const struct pt_flag *pt_flag_find(const struct pt_flag *flags, const char *name, size_t length);
/* Offers the names of all flags, `help` and `version` included, for a hint. */
struct pt_near_word;
void pt_flags_offer(struct pt_near_word *near, const struct pt_flag *flags);

/* The table of this tool, set once by main() before anything else; empty until then, as in unit
 * tests. */
void pt_tool_commands_set(const struct pt_tool_command *commands);
const struct pt_tool_command *pt_tool_commands(void);
/* NULL: there is none of that name. */
const struct pt_tool_command *pt_tool_command_find(const char *name);

/* "unknown command 'x'; did you mean 'y'? ..." on standard error. Returns PT_EXIT_USAGE. */
int pt_tool_command_unknown(const char *name);

#endif
