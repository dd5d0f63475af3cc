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
        .summary = "Prints how often and how long each phase ran, and where the time went.",
        .examples = "  phasetap summary run.bson\n  phasetap summary ~/.local/state/phasetap\n",
        .details = "A LOG is a file, or a folder: all files in it that end in .bson. Several logs "
                   "are merged.\n"
                   "Exit status: 0 done (also when parts of a log were damaged: standard error "
                   "says so), 1 standard\n"
                   "output could not be written, 2 wrong usage or not a readable log.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    static const struct pt_flag flags[] = {{.name = NULL}};
    struct pt_model model;
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE, "summary needs a log; 'phasetap summary --help' shows how");
    }
    pt_model_init(&model, 0);
    status = pt_read_inputs(&model, argc, argv);
    if (status == PT_EXIT_OK) {
        pt_report_text(&model, stdout);
    }
    pt_model_release(&model);
    return status;
}
