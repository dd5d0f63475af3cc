/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion.h: scripts that complete command lines of phasetap in bash, zsh and fish, made from
 * the tables that `--help` is made from (text/command.h). The output depends on the tables alone.
 * Main thread.
 *
 * Commands, options, the words that an option takes, files, and logs (*.bson and folders) are
 * completed; behind the program of `run`, whatever that program's own completion offers.
 */
#ifndef PHASETAP_COMPLETION_H
#define PHASETAP_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/* False: there is no such shell, and nothing was written. */
bool pt_completion_print(FILE *out, const char *shell);

#endif
