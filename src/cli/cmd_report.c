/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap report`: the JSON report. */
#include <errno.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/html_output.h"
#include "cli/inputs.h"
#include "cli/report_check.h"
#include "cli/rule_inputs.h"
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

/* What `report` was asked for. */
struct request {
    size_t entries_limit;
    struct pt_range range;
    const char *output;
    const char *html; /* NULL: no page */
    bool force, merge;
    struct pt_texts checks;
    struct pt_rules rules; /* of --check */
};

static int open_output(struct pt_output *output, const struct request *request,
                       const struct pt_log_list *list)
{
    const char **inputs = pt_inputs_paths(list);
    struct pt_output_rules rules = {.mark = PT_REPORT_MARK,
                                    .force = request->force,
                                    .inputs = inputs,
                                    .input_count = list->count};
    if (inputs == NULL) {
        return pt_fail(PT_EXIT_FAILED, "the report was not written: out of memory");
    }
    int status = pt_output_open(output, request->output, &rules);
    free(inputs);
    return status;
}

static int write_json(const struct pt_model *model, const struct request *request,
                      const struct pt_log_list *list)
{
    struct pt_output output;
    int status = open_output(&output, request, list);
    if (status != PT_EXIT_OK) {
        return status;
    }
    pt_report_json(model, output.stream);
    return pt_output_close(&output);
}

static int report_one(const struct request *request, const struct pt_log_list *list)
{
    struct pt_model model;
    pt_model_init(&model, request->entries_limit);
    int status = pt_take_range(&model, &request->range, list, PT_ALL_RUNS)
                     ? pt_inputs_read(&model, list, PT_ALL_RUNS)
                     : PT_EXIT_USAGE;
    int gate = status == PT_EXIT_OK ? pt_check_model(&request->rules, &model) : status;
    if (gate == PT_EXIT_USAGE) {
        status = PT_EXIT_USAGE;
    }
    if (status == PT_EXIT_OK && request->html != NULL) {
        status = pt_write_html(&model, list, request->html, request->force);
    }
    if (status == PT_EXIT_OK && (request->output != NULL || request->html == NULL)) {
        status = write_json(&model, request, list);
    }
    pt_model_release(&model);
    return status == PT_EXIT_OK ? gate : status;
}

static void put_row(void *context, const struct pt_model *model)
{
    pt_report_runs_row(context, model);
}

static int list_runs(const struct request *request, const struct pt_log_list *list)
{
    struct pt_output output;
    struct pt_json json;
    if (request->rules.count > 0) {
        return pt_fail(PT_EXIT_USAGE, "--check gates one run, and these are logs of several; name "
                                      "the logs of one, or add up all of them with --merge");
    }
    int status = open_output(&output, request, list);
    if (status != PT_EXIT_OK) {
        return status;
    }
    pt_report_runs_begin(&json, output.stream);
    status = pt_inputs_each_run(list, &request->range, put_row, &json);
    if (status != PT_EXIT_OK) {
        pt_output_abandon(&output);
        return status;
    }
    pt_report_runs_end(&json, output.stream);
    return pt_output_close(&output);
}

static int report(const struct request *request, int count, char **paths)
{
    struct pt_log_list list = {0};
    int status = pt_inputs_find(&list, count, paths);
    if (status == PT_EXIT_OK && request->html != NULL && list.runs > 1 && !request->merge) {
        status = pt_fail(PT_EXIT_USAGE,
                         "--html shows one run, and these logs are of %d; name the logs of one, or "
                         "add all up with --merge",
                         list.runs);
    } else if (status == PT_EXIT_OK) {
        status = pt_inputs_are_apart(&list, request->merge) ? list_runs(request, &list)
                                                            : report_one(request, &list);
    }
    pt_log_list_release(&list);
    return status;
}

static const struct pt_manual manual = {
    .name = "report",
    .synopsis = "report [-o FILE] [--html FILE] [--check RULES] [--force] [--merge] LOG...",
    .summary = "Write the JSON report of one or more logs, or a page that shows it.",
    .examples = "  phasetap report run.bson -o report.json\n"
                "  phasetap report run.bson | jq .total_runtime_formatted\n"
                "  phasetap report run.bson --html run.html\n"
                "  phasetap report ~/.local/state/phasetap -o all.json\n"
                "  phasetap report --check 'failed == 0; throughput >= 2000' -o r.json run.bson\n",
    .details = "LOG is a file, or a folder, which stands for all files in it that end in\n"
               ".bson (files that are not logs are skipped with a warning). The logs of one\n"
               "run, a program and the processes that it started, are merged into one report;\n"
               "a log that is given twice counts once. Of several runs the output is a list\n"
               "of them, or with --merge one report of all. Counts, sums and percentiles\n"
               "always cover all entries; --entries limits only those that are listed.\n"
               "FILE is replaced as a whole, with mode 0600, once the report is complete. A\n"
               "file that is no phasetap report is replaced only with --force; a log that was\n"
               "read and a symbolic link never are.\n"
               "RULES are divided by ';' or given one by one, or stand in a file (@FILE):\n"
               "'failed == 0', 'throughput >= 2000', 'Document Insertion.p95 <= 20ms'. What\n"
               "became of each is said on standard error; docs/DIFF.md lists the figures.\n"
               "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"
               "1 the report was not written (FILE could not be written or may not be\n"
               "replaced), 2 wrong usage or an unreadable log (then nothing is written),\n"
               "4 the report was written, but a rule of --check failed or cannot be told.\n",
    .usage_status = PT_EXIT_USAGE,
};

int pt_cmd_report(int argc, char **argv)
{
    struct request request = {.entries_limit = PT_ENTRIES_DEFAULT};
    const char *entries = NULL, *force = NULL, *merge = NULL, *check = NULL;
    const struct pt_flag flags[] = {
        {.name = "output",
         .letter = 'o',
         .argument = "FILE",
         .value = &request.output,
         .help = "write to FILE instead of standard output; create missing folders"},
        {.name = "html",
         .argument = "FILE",
         .value = &request.html,
         .help = "write a page for a browser to FILE; the JSON report only with -o"},
        {.name = "force", .value = &force, .help = "replace FILE even if it is no phasetap report"},
        {.name = "entries",
         .argument = "N",
         .value = &entries,
         .help = "list at most the first N entries of each phase (default 10000)"},
        {.name = "check",
         .argument = "RULES",
         .value = &check,
         .all = &request.checks,
         .help = "exit with 4 unless each rule holds"},
        PT_RANGE_FLAGS(request.range),
        PT_MERGE_FLAG(merge),
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (check != NULL && request.checks.count == 0) {
        pt_texts_keep(&request.checks, check); /* of the configuration file */
    }
    if (status == PT_ARGS_GO) {
        status = pt_take_rules(&request.rules, PT_RULES_CHECK, &request.checks, "check");
        status = status == PT_EXIT_OK ? PT_ARGS_GO : status;
    }
    pt_texts_release(&request.checks);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (!parse_entries(entries, &request.entries_limit)) {
        return pt_fail(PT_EXIT_USAGE, "--entries takes a whole number from 0 to %ld, not '%s'",
                       ENTRIES_HIGHEST, entries);
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "report needs at least one log; see 'phasetap report --help'");
    }
    request.force = force != NULL;
    request.merge = merge != NULL;
    return report(&request, argc, argv);
}
