/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe.h: what a command says of itself, without running it. Its function is called as always;
 * pt_args_parse() then hands manual and flags to the reader in place of parsing, and ends the
 * command with status 0. So a command has nothing to do for manual pages and completion. Main
 * thread.
 */
#ifndef PHASETAP_DESCRIBE_H
#define PHASETAP_DESCRIBE_H

#include "text/command.h"

/* `flags` are valid during the call only, the texts in them until the next description. */
typedef void (*pt_description_reader)(void *context, const struct pt_tool_command *command,
                                      const struct pt_manual *manual, const struct pt_flag *flags);

/* Calls the reader once. */
void pt_describe(const struct pt_tool_command *command, pt_description_reader reader,
                 void *context);

/* For pt_args_parse(): true when a reader waited and was called. */
bool pt_describe_hand_over(const struct pt_manual *manual, const struct pt_flag *flags);

#endif
