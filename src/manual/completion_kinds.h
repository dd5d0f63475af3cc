/* SPDX-License-Identifier: Apache-2.0 */
/* completion_kinds.h: what the value of an option, and the operands of a command, are completed as;
 * read from the names that the tables give them. No state; any thread. */
#ifndef PHASETAP_COMPLETION_KINDS_H
#define PHASETAP_COMPLETION_KINDS_H

#include <stdio.h>

#include "text/command.h"

enum pt_completed {
    PT_COMPLETED_ANY, /* a number or a name: nothing to offer */
    PT_COMPLETED_FILE,
    PT_COMPLETED_LOG,     /* a file that ends in .bson, or a folder */
    PT_COMPLETED_PROGRAM, /* a command of the system, or a file */
    PT_COMPLETED_COMMAND, /* one of phasetap */
    PT_COMPLETED_SHELL,
};

/* Of a flag that takes a value and has no list of words. */
enum pt_completed pt_completed_value(const struct pt_flag *flag);
enum pt_completed pt_completed_operand(const struct pt_manual *manual);

/* The words of "a|b|c", separated by blanks. */
void pt_completed_put_words(FILE *out, const char *words);
/* The names of all commands, separated by blanks. */
void pt_completed_put_commands(FILE *out);

#endif
