/* SPDX-License-Identifier: Apache-2.0 */
/*
 * man_page.h: manual pages in man(7), made from the tables that `--help` is made from
 * (text/command.h): phasetap.1 for the tool, phasetap-COMMAND.1 for each command. The output
 * depends on the tables and the version alone. Main thread.
 */
#ifndef PHASETAP_MAN_PAGE_H
#define PHASETAP_MAN_PAGE_H

#include <stdio.h>

#include "text/command.h"

/* What the page of the tool and its --help have in common. */
#define PT_TOOL_SUMMARY "Profile programs that use the MongoDB C driver, without changing them."
#define PT_TOOL_EXAMPLES                                                                           \
    "  phasetap run -o run.bson -- ./masker --config prod.json\n"                                  \
    "  phasetap report run.bson -o report.json\n"                                                  \
    "  phasetap summary run.bson\n"

void pt_man_page_tool(FILE *out);
void pt_man_page_command(FILE *out, const struct pt_tool_command *command);

#endif
