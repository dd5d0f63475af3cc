/* SPDX-License-Identifier: Apache-2.0 */
#include "text/command.h"

#include <string.h>

#include "text/near_word.h"
#include "text/usage.h"

static const struct pt_tool_command none[] = {{.name = NULL}};
static const struct pt_tool_command *table = none;

const struct pt_flag *pt_flag_find(const struct pt_flag *flags, const char *name, size_t length)
{
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        if (strlen(flag->name) == length && memcmp(flag->name, name, length) == 0) {
            return flag;
        }
    }
    return NULL;
}

void pt_flags_offer(struct pt_near_word *near, const struct pt_flag *flags)
{
    for (const struct pt_flag *flag = flags; flag->name != NULL; flag++) {
        pt_near_offer(near, flag->name);
    }
    pt_near_offer(near, "help");
    pt_near_offer(near, "version");
}

void pt_tool_commands_set(const struct pt_tool_command *commands)
{
    table = commands;
}

const struct pt_tool_command *pt_tool_commands(void)
{
    return table;
}

const struct pt_tool_command *pt_tool_command_find(const char *name)
{
    for (const struct pt_tool_command *command = table; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

int pt_tool_command_unknown(const char *name)
{
    struct pt_near_word near;
    char hint[PT_NEAR_HINT_BYTES];
    pt_near_begin(&near, name);
    for (const struct pt_tool_command *command = table; command->name != NULL; command++) {
        pt_near_offer(&near, command->name);
    }
    return pt_fail(PT_EXIT_USAGE, "unknown command '%s';%s 'phasetap --help' lists the commands",
                   name, pt_near_hint(&near, "", hint));
}
