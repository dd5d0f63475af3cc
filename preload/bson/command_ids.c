/* SPDX-License-Identifier: Apache-2.0 */
#include "bson/command_ids.h"

#include <string.h>

#include "phasetap/log_format.h"

static const struct {
    const char *name;
    int32_t phase;
} commands[PT_COMMAND_END] = {[PT_COMMAND_OTHER] = {"other", PT_PHASE_COMMAND},
#define COMMAND(id, name, phase) [id] = {#name, PT_PHASE_##phase},
                              PT_COMMANDS(COMMAND)};

/* The frequent ones stand first in the table. */
int32_t pt_command_id(const char *name)
{
    for (int32_t id = 1; name && id < PT_COMMAND_END; id++) {
        if (strcmp(commands[id].name, name) == 0) {
            return id;
        }
    }
    return PT_COMMAND_OTHER;
}

int32_t pt_command_phase(int32_t id)
{
    return commands[id].phase;
}
