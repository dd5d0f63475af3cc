/* SPDX-License-Identifier: Apache-2.0 */
/* args_help.h: the text of `phasetap COMMAND --help`, on standard output. */
#ifndef PHASETAP_ARGS_HELP_H
#define PHASETAP_ARGS_HELP_H

#include "text/command.h"

void pt_args_help(const struct pt_manual *manual, const struct pt_flag *flags);

#endif
