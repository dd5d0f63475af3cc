/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap export`: the events of logs, and totals of their runs, for other tools. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/export_models.h"
#include "cli/export_send.h"
#include "cli/export_write.h"
#include "cli/inputs.h"
#include "export/format_table.h"
#include "out/output.h"
#include "text/args.h"
#include "text/usage.h"

static int write_logs(const struct pt_export_format *format, struct pt_export *export,
                      const struct pt_log_list *list)
{
    return format->models != NULL ? pt_export_models(format, export, list)
                                  : pt_export_write(format, export, list);
}

static int export_to(const struct pt_export_format *format, const struct pt_log_list *list,
                     const char *path, bool force)
{
    struct pt_output output;
    const char **inputs = pt_inputs_paths(list);
    struct pt_output_rules rules = {
        .mark = format->mark, .force = force, .inputs = inputs, .input_count = list->count};
    if (inputs == NULL) {
        return pt_fail(PT_EXIT_FAILED, "nothing was exported: out of memory");
    }
    int status = pt_output_open(&output, path, &rules);
    free(inputs);
    if (status != PT_EXIT_OK) {
        return status;
    }
    struct pt_export export = {.out = output.stream};
    status = write_logs(format, &export, list);
    if (status == PT_EXIT_OK) {
        return pt_output_close(&output);
    }
    pt_output_abandon(&output);
    return status;
}

#define NAMES_BYTES 256

static const char *join_names(char names[NAMES_BYTES], const char *separator)
{
    names[0] = '\0';
    for (const struct pt_export_format *format = pt_export_formats; format->name; format++) {
        strncat(names, names[0] != '\0' ? separator : "", NAMES_BYTES - strlen(names) - 1);
        strncat(names, format->name, NAMES_BYTES - strlen(names) - 1);
    }
    return names;
}

static int fail_format(const char *given)
{
    char names[NAMES_BYTES];
    join_names(names, ", ");
    return pt_fail(PT_EXIT_USAGE, "--format takes one of %s%s%s%s", names, given ? ", not '" : "",
                   given ? given : "", given ? "'" : "");
}

static const struct pt_manual manual = {
    .name = "export",
    .synopsis = "export --format NAME [-o FILE] [--force] LOG... | export --otlp URL LOG...",
    .summary = "Write the events or totals of one or more logs in the format of another tool.",
    .examples = "  phasetap export --format csv run.bson -o run.csv\n"
                "  phasetap export --format perfetto run.bson -o run.pftrace\n"
                "  phasetap export --format jsonl run.bson | jq -c 'select(.failed)'\n"
                "  phasetap export --otlp http://127.0.0.1:4318 run.bson\n",
    .details = "NAME is one of:\n"
               "  csv           a line for each event, for spreadsheets and data frames\n"
               "  jsonl         a JSON object for each event and sample, for jq\n"
               "  folded        collapsed stacks with their own time, for flame graphs\n"
               "  speedscope    a profile for each thread, for speedscope.app\n"
               "  perfetto      threads and counters on one time axis, for ui.perfetto.dev\n"
               "  otlp          spans for OpenTelemetry, a request of OTLP on each line\n"
               "  otlp-metrics  durations of commands for OpenTelemetry, likewise\n"
               "  prometheus    totals by program, for node_exporter's textfile collector\n"
               "LOG is a file, or a folder, which stands for all files in it that end in\n"
               ".bson. docs/EXPORT.md describes each format. Events that a log holds only as\n"
               "totals are in prometheus, and not in the others.\n"
               "--otlp sends otlp and otlp-metrics over HTTP. Headers with credentials come\n"
               "from OTEL_EXPORTER_OTLP_HEADERS or a file. It says what was refused.\n"
               "Exit status: 0 success, 1 the export was not written, or not everything was\n"
               "accepted, 2 wrong usage or an unreadable log.\n",
    .usage_status = PT_EXIT_USAGE,
};

/* Values of the options as given; NULL: not given. */
struct given {
    const char *format, *output, *force;
    struct pt_send_given send;
};

/* The chosen format; NULL: it is sent, or *ret_status says what is wrong. */
static const struct pt_export_format *choose(const struct given *given, int *ret_status)
{
    const struct pt_export_format *format = NULL;
    *ret_status = PT_EXIT_OK;
    if (given->send.url == NULL) {
        format = given->format != NULL ? pt_export_format(given->format) : NULL;
        *ret_status = format != NULL ? PT_EXIT_OK : fail_format(given->format);
    } else if (given->format != NULL || given->output != NULL || given->force != NULL) {
        *ret_status = pt_fail(PT_EXIT_USAGE, "--otlp sends to a collector; it excludes --format, "
                                             "-o and --force");
    } else {
        *ret_status = pt_export_send_check(&given->send);
    }
    return format;
}

static int export_logs(const struct given *given, int count, char **paths)
{
    struct pt_log_list list = {0};
    int status = PT_EXIT_OK;
    const struct pt_export_format *format = choose(given, &status);
    if (status != PT_EXIT_OK) {
        return status;
    }
    if (count == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "export needs at least one log; see 'phasetap export --help'");
    }
    status = pt_inputs_find(&list, count, paths);
    if (status == PT_EXIT_OK) {
        status = format != NULL ? export_to(format, &list, given->output, given->force != NULL)
                                : pt_export_send(&list, &given->send);
    }
    pt_log_list_release(&list);
    return status;
}

int pt_cmd_export(int argc, char **argv)
{
    static char words[NAMES_BYTES];
    struct given given = {.format = NULL};
    const struct pt_flag flags[] = {
        {.name = "format",
         .argument = "NAME",
         .words = join_names(words, "|"),
         .value = &given.format,
         .help = "the format, see below"},
        {.name = "output",
         .letter = 'o',
         .argument = "FILE",
         .value = &given.output,
         .help = "write to FILE instead of standard output; create missing folders"},
        {.name = "force",
         .value = &given.force,
         .help = "replace FILE even if it is no such export"},
        {.name = "otlp",
         .argument = "URL",
         .value = &given.send.url,
         .help = "send spans and metrics to an OpenTelemetry collector instead"},
        {.name = "headers",
         .argument = "FILE",
         .value = &given.send.headers,
         .help = "with --otlp: lines 'Name: value' that each request gets"},
        {.name = "retry-for",
         .argument = "TIME",
         .value = &given.send.retry,
         .help = "with --otlp: how long a request is repeated (default: 60s)"},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    return status == PT_ARGS_GO ? export_logs(&given, argc, argv) : status;
}
