/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_ids.h: maps the name of a server command to its id in the log and to the phase of a call
 * that consists of it. (phasetap/log_format.h, PT_COMMANDS)
 *
 * The log holds ids, never names that a program made up. No state; any layer, any thread.
 */
#ifndef PT_COMMAND_IDS_H
#define PT_COMMAND_IDS_H

#include <stdint.h>

/* Id of a command; PT_COMMAND_OTHER (0) for NULL and for names that are not in the table. */
int32_t pt_command_id(const char *name);
/* Phase of a call that consists of this command. */
int32_t pt_command_phase(int32_t id);

#endif
