/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args.h: command lines. A command describes itself once (command.h); parsing, --help and the
 * configuration file come from that. Accepted: `--name value`, `--name=value`, `-x value`,
 * `-xvalue`, letters together (`-vq`, the last with its value), flags and operands in any order,
 * `--` before operands only. A flag that is given twice has its last value,
 * unless it collects all of them.
 *
 * Values that are not on the command line come from the configuration file (settings.h), unless an
 * environment variable sets the same.
 */
#ifndef PHASETAP_ARGS_H
#define PHASETAP_ARGS_H

#include "text/command.h"

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
