/* SPDX-License-Identifier: Apache-2.0 */
#include "text/describe.h"

static struct {
    const struct pt_tool_command *command;
    pt_description_reader reader;
    void *context;
} waiting;

void pt_describe(const struct pt_tool_command *command, pt_description_reader reader, void *context)
{
    char name[] = "";
    char *arguments[] = {name, NULL};
    waiting.command = command;
    waiting.reader = reader;
    waiting.context = context;
    (void)command->run(1, arguments);
    waiting.reader = NULL;
}

bool pt_describe_hand_over(const struct pt_manual *manual, const struct pt_flag *flags)
{
    if (waiting.reader == NULL) {
        return false;
    }
    waiting.reader(waiting.context, waiting.command, manual, flags);
    return true;
}
