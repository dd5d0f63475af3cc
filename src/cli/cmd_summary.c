/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap summary`: the console summary. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"

int pt_cmd_summary(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "summary",
        .synopsis = "summary LOG...",
        .summary = "Print how often and how long each phase ran, and where the time went.",
        .examples = "  phasetap summary run.bson\n"
                    "  phasetap summary ~/.local/state/phasetap\n",
        .details = "LOG is a file, or a folder, which stands for all files in it that end in\n"
                   ".bson. Several logs are merged.\n"
                   "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"
                   "1 standard output could not be written, 2 wrong usage or an unreadable log.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    struct pt_range range = {NULL, NULL};
    const struct pt_flag flags[] = {PT_RANGE_FLAGS(range), {.name = NULL}};
    struct pt_model model;
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "summary needs at least one log; see 'phasetap summary --help'");
    }
    pt_model_init(&model, 0);
    status = pt_take_range(&model, &range) ? pt_read_inputs(&model, argc, argv) : PT_EXIT_USAGE;
    if (status == PT_EXIT_OK) {
        pt_report_text(&model, stdout);
    }
    pt_model_release(&model);
    return status;
}
