/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h: from a command's name to its id and phase. (phasetap/log_format.h, PT_COMMANDS) Any
 * thread. */
#ifndef PT_COMMANDS_H
#define PT_COMMANDS_H

#include <stdint.h>

/* Id of a command; 0 for names that are not in the table, which are not kept. */
int32_t pt_command_id(const char *name);
/* Phase of a call that consists of this command. */
int32_t pt_command_phase(int32_t id);

#endif
