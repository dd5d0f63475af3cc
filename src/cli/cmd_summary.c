/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap summary`: the console summary. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"

static int summarise(const struct pt_range *range, const struct pt_log_list *list)
{
    struct pt_model model;
    pt_model_init(&model, 0);
    int status =
        pt_take_range(&model, range) ? pt_inputs_read(&model, list, PT_ALL_RUNS) : PT_EXIT_USAGE;
    if (status == PT_EXIT_OK) {
        pt_report_text(&model, stdout);
    }
    pt_model_release(&model);
    return status;
}

static void put_row(void *context, const struct pt_model *model)
{
    pt_text_runs_row(model, context);
}

static int list_runs(const struct pt_range *range, const struct pt_log_list *list)
{
    pt_text_runs_heading(stdout, list->runs);
    return pt_inputs_each_run(list, range, put_row, stdout);
}

int pt_cmd_summary(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "summary",
        .synopsis = "summary [--merge] LOG...",
        .summary = "Print how often and how long each phase ran, and where the time went.",
        .examples = "  phasetap summary run.bson\n"
                    "  phasetap summary ~/.local/state/phasetap\n",
        .details = "LOG is a file, or a folder, which stands for all files in it that end in\n"
                   ".bson. The logs of one run are merged, each once; several runs are listed,\n"
                   "unless --merge adds them up.\n"
                   "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"
                   "1 standard output could not be written, 2 wrong usage or an unreadable log.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    struct pt_range range = {NULL, NULL};
    const char *merge = NULL;
    const struct pt_flag flags[] = {PT_RANGE_FLAGS(range), PT_MERGE_FLAG(merge), {.name = NULL}};
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "summary needs at least one log; see 'phasetap summary --help'");
    }
    struct pt_log_list list = {0};
    status = pt_inputs_find(&list, argc, argv);
    if (status == PT_EXIT_OK) {
        status = pt_inputs_are_apart(&list, merge != NULL) ? list_runs(&range, &list)
                                                           : summarise(&range, &list);
    }
    pt_log_list_release(&list);
    return status;
}
