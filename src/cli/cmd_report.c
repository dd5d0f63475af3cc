/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap report`: the JSON report. */
#include <errno.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "out/output.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"

#define ENTRIES_HIGHEST 100000000L

static bool parse_entries(const char *text, size_t *ret_limit)
{
    if (text == NULL) {
        return true;
    }
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > ENTRIES_HIGHEST) {
        return false;
    }
    *ret_limit = (size_t)number;
    return true;
}

/* Each log that was read, also those found in a folder. */
static const char **input_paths(const struct pt_model *model)
{
    const char **paths = calloc(model->process_count + 1, sizeof *paths);
    for (size_t i = 0; i < model->process_count && paths != NULL; i++) {
        paths[i] = model->processes[i]->log_path;
    }
    return paths;
}

static int write_report(const struct pt_model *model, const char *path, bool force)
{
    struct pt_output output;
    const char **inputs = input_paths(model);
    struct pt_output_rules rules = {.mark = PT_REPORT_MARK,
                                    .force = force,
                                    .inputs = inputs,
                                    .input_count = model->process_count};
    if (inputs == NULL) {
        return pt_fail(PT_EXIT_FAILED, "the report was not written: out of memory");
    }
    int status = pt_output_open(&output, path, &rules);
    free(inputs);
    if (status == PT_EXIT_OK) {
        pt_report_json(model, output.stream);
        status = pt_output_close(&output);
    }
    return status;
}

static int report(size_t entries_limit, const struct pt_range *range, int count, char **paths,
                  const char *output, bool force)
{
    struct pt_model model;
    pt_model_init(&model, entries_limit);
    int status =
        pt_take_range(&model, range) ? pt_read_inputs(&model, count, paths) : PT_EXIT_USAGE;
    if (status == PT_EXIT_OK) {
        status = write_report(&model, output, force);
    }
    pt_model_release(&model);
    return status;
}

static const struct pt_manual manual = {
    .name = "report",
    .synopsis = "report [-o FILE] [--force] [--entries N] LOG...",
    .summary = "Write the JSON report of one or more logs.",
    .examples = "  phasetap report run.bson -o report.json\n"
                "  phasetap report run.bson | jq .total_runtime_formatted\n"
                "  phasetap report ~/.local/state/phasetap -o all.json\n",
    .details = "LOG is a file, or a folder, which stands for all files in it that end in\n"
               ".bson (files that are not logs are skipped with a warning). Several logs are\n"
               "merged into one report. Counts, sums and percentiles always cover all\n"
               "entries; --entries limits only the entries that are listed.\n"
               "FILE is replaced as a whole, with mode 0600, once the report is complete. A\n"
               "file that is no phasetap report is replaced only with --force; a log that was\n"
               "read and a symbolic link never are.\n"
               "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"
               "1 the report was not written (FILE could not be written or may not be\n"
               "replaced), 2 wrong usage or an unreadable log (then nothing is written).\n",
    .usage_status = PT_EXIT_USAGE,
};

int pt_cmd_report(int argc, char **argv)
{
    const char *output = NULL;
    const char *entries = NULL;
    struct pt_range range = {NULL, NULL};
    const char *force = NULL;
    size_t entries_limit = PT_ENTRIES_DEFAULT;
    const struct pt_flag flags[] = {
        {.name = "output",
         .letter = 'o',
         .argument = "FILE",
         .value = &output,
         .help = "write to FILE instead of standard output; create missing folders"},
        {.name = "force", .value = &force, .help = "replace FILE even if it is no phasetap report"},
        {.name = "entries",
         .argument = "N",
         .value = &entries,
         .help = "list at most the first N entries of each phase (default 10000)"},
        PT_RANGE_FLAGS(range),
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (!parse_entries(entries, &entries_limit)) {
        return pt_fail(PT_EXIT_USAGE, "--entries takes a whole number from 0 to %ld, not '%s'",
                       ENTRIES_HIGHEST, entries);
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "report needs at least one log; see 'phasetap report --help'");
    }
    return report(entries_limit, &range, argc, argv, output, force != NULL);
}
