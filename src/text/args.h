/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args.h: command lines. A command describes itself once (struct pt_manual and its flags); parsing
 * and --help come from that. Accepted: `--name value`, `--name=value`, `-x value`, `-xvalue`, flags
 * and operands in any order, `--` before operands only.
 */
#ifndef PHASETAP_ARGS_H
#define PHASETAP_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct pt_flag {
    const char *name;     /* without dashes; NULL ends a list */
    const char *argument; /* what its value is called in the help; NULL: the flag takes no value */
    const char *help;
    const char **value; /* receives the value, or "1" for a flag without one; stays as it is when
                           the flag is not given */
    char letter;        /* one-letter form, 0: none */
};

struct pt_manual {
    const char *name;     /* of the command */
    const char *synopsis; /* what follows "phasetap" */
    const char *summary;  /* one line */
    const char *examples; /* lines, indented by two */
    const char *details;  /* text behind the flags, exit statuses included */
    int usage_status;     /* exit status of wrong usage */
    bool stop_at_operand; /* the first operand ends the flags (`run`) */
};

#define PT_ARGS_GO (-1)

/*
 * Parses argv[1..]; argv[0] is the command's name. Returns PT_ARGS_GO with the operands moved to
 * argv[0..*argc-1], or the exit status the command must end with: 0 after --help and --version,
 * usage_status after an error message.
 */
int pt_args_parse(const struct pt_manual *manual, const struct pt_flag *flags, int *argc,
                  char **argv);

/* Prints the version line on standard output. */
void pt_print_version(void);

#endif
