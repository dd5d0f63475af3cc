/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap summary`: one screen, the original's console summary, or the screen's facts as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <phasetap/option_value.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "model/model_view.h"
#include "render/screen.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"

/* Values of the options as given; NULL: not given. */
struct given {
    const char *format, *brief, *all, *checks, *json, *sort, *top, *color;
    const char *merge, *thread, *name_space;
    struct pt_range range;
};

#define FORMATS "screen|classic"
#define ORDERS  "time|calls|documents|max|name"
#define COLOURS "auto|always|never"

/* The index of `text` among the words, `otherwise` when it is NULL; -1 after an error message. */
static int choose(const char *option, const char *text, int otherwise, const char *words)
{
    int index = text != NULL ? pt_option_word(text, words) : otherwise;
    if (index < 0) {
        pt_fail(PT_EXIT_USAGE, "--%s does not know '%s'; see 'phasetap summary --help'", option,
                text);
    }
    return index;
}

static bool take_top(const char *text, size_t *ret_top)
{
    char *end = NULL;
    if (text == NULL) {
        return true;
    }
    long top = strtol(text, &end, 10);
    if (end == text || *end != '\0' || top < 1 || top > 1000000) {
        pt_fail(PT_EXIT_USAGE, "--top takes a number of rows from 1 to 1000000, not '%s'", text);
        return false;
    }
    *ret_top = (size_t)top;
    return true;
}

static bool take_options(const struct given *given, struct pt_screen_options *options)
{
    int order = choose("sort", given->sort, PT_ORDER_TIME, ORDERS);
    *options = (struct pt_screen_options){.brief = given->brief != NULL,
                                          .all = given->all != NULL,
                                          .checks = given->checks != NULL,
                                          .thread = given->thread,
                                          .since = given->range.since,
                                          .until = given->range.until,
                                          .name_space = given->name_space,
                                          .order = (enum pt_screen_order)(order < 0 ? 0 : order)};
    return order >= 0 && take_top(given->top, &options->top);
}

/* What was chosen, from the texts given. */
struct chosen {
    const struct given *given;
    struct pt_screen_options options;
    int colours;
    bool classic;
};

static void print(const struct pt_model *model, const struct chosen *chosen)
{
    struct pt_page page;
    if (chosen->classic) {
        pt_report_text(model, stdout);
    } else if (chosen->given->json != NULL) {
        pt_screen_json(model, stdout, &chosen->options);
    } else {
        pt_page_init(&page, stdout, (enum pt_colours)chosen->colours);
        pt_screen_text(model, &page, &chosen->options);
    }
}

static bool take_thread(struct pt_model *model, const char *text)
{
    char *end = NULL;
    if (text == NULL) {
        return true;
    }
    long number = strtol(text, &end, 10);
    bool is_number = end != text && *end == '\0' && number >= 1 && number <= PT_THREADS_HIGHEST;
    if (!is_number && strcmp(text, "main") != 0) {
        pt_fail(PT_EXIT_USAGE,
                "--thread takes 'main' or the number of a thread, as --long lists them, not '%s'",
                text);
        return false;
    }
    model->selection.thread = is_number ? (int32_t)number : PT_SELECT_MAIN;
    return true;
}

static bool has_threads(const struct pt_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        for (size_t at = 0; at < model->processes[i]->thread_slots; at++) {
            if (model->processes[i]->threads[at] != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* What was chosen is in the logs, or an error message says that it is not. */
static int find_chosen(const struct pt_model *model, const struct given *given)
{
    if (given->thread != NULL && !has_threads(model)) {
        return pt_fail(PT_EXIT_USAGE,
                       "no thread '%s' called the driver in these logs; 'phasetap summary --long' "
                       "lists the threads",
                       given->thread);
    }
    if (given->name_space != NULL && !pt_model_has_namespace(model, given->name_space)) {
        return pt_fail(PT_EXIT_USAGE,
                       "no call in these logs names the collection '%s'; 'phasetap summary --long' "
                       "lists the collections",
                       given->name_space);
    }
    return PT_EXIT_OK;
}

static int print_merged(const struct chosen *chosen, const struct pt_log_list *list)
{
    struct pt_model model;
    pt_model_init(&model, 0);
    bool taken = pt_take_range(&model, &chosen->given->range, list, PT_ALL_RUNS) &&
                 take_thread(&model, chosen->given->thread);
    int status = taken ? pt_inputs_read(&model, list, PT_ALL_RUNS) : PT_EXIT_USAGE;
    status = status == PT_EXIT_OK ? find_chosen(&model, chosen->given) : status;
    if (status == PT_EXIT_OK) {
        print(&model, chosen);
    }
    pt_model_release(&model);
    return status;
}

static void put_row(void *context, const struct pt_model *model)
{
    pt_text_runs_row(model, context);
}

static int list_runs(const struct chosen *chosen, const struct pt_log_list *list)
{
    if (chosen->given->json != NULL) {
        return pt_fail(PT_EXIT_USAGE,
                       "--json describes one run, and these are logs of several; name the logs of "
                       "one, or add up all of them with --merge");
    }
    if (chosen->given->thread != NULL || chosen->given->name_space != NULL) {
        return pt_fail(PT_EXIT_USAGE, "--thread and --namespace choose from one run, and these are "
                                      "logs of several; name the logs of one");
    }
    pt_text_runs_heading(stdout, list->runs);
    return pt_inputs_each_run(list, &chosen->given->range, put_row, stdout);
}

static int run(const struct chosen *chosen, int count, char **paths)
{
    struct pt_log_list list = {0};
    int status = pt_inputs_find(&list, count, paths);
    if (status == PT_EXIT_OK) {
        status = pt_inputs_are_apart(&list, chosen->given->merge != NULL)
                     ? list_runs(chosen, &list)
                     : print_merged(chosen, &list);
    }
    pt_log_list_release(&list);
    return status;
}

static int decide(struct chosen *chosen, const struct given *given)
{
    int format = choose("format", given->format, 0, FORMATS);
    chosen->given = given;
    chosen->colours = choose("color", given->color, PT_COLOURS_AUTO, COLOURS);
    chosen->classic = format == 1;
    if (format < 0 || chosen->colours < 0 || !take_options(given, &chosen->options)) {
        return PT_EXIT_USAGE;
    }
    if (chosen->classic && given->json != NULL) {
        return pt_fail(PT_EXIT_USAGE, "--format classic and --json exclude each other; "
                                      "'phasetap report' writes the whole report as JSON");
    }
    if (chosen->classic && given->name_space != NULL) {
        return pt_fail(PT_EXIT_USAGE, "--format classic shows all collections; leave out "
                                      "--namespace or --format classic");
    }
    return PT_EXIT_OK;
}

#define DETAILS                                                                                    \
    "LOG is a file, or a folder, which stands for all files in it that end in\n"                   \
    ".bson. The logs of one run are merged, each once; several runs are listed,\n"                 \
    "unless --merge adds them up.\n"                                                               \
    "The width is that of the terminal, or COLUMNS; a pipe gets 100 columns, plain\n"              \
    "ASCII but for names, and the same bytes for the same log. Rows come by time;\n"               \
    "what is below 0.1 % of it is one row. docs/REPORT.md explains each figure.\n"                 \
    "Colours are off with NO_COLOR, TERM=dumb or in a pipe; for 'less -R' give\n"                  \
    "--color=always.\n"                                                                            \
    "Exit status: 0 success (damaged parts of a log are skipped with a warning),\n"                \
    "1 standard output could not be written, 2 wrong usage or an unreadable log.\n"

int pt_cmd_summary(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "summary",
        .synopsis = "summary [--merge] LOG...",
        .summary = "Say on one screen what to do about a run, and where its time went.",
        .examples = "  phasetap summary run.bson\n"
                    "  phasetap summary --long ~/.local/state/phasetap | less\n"
                    "  phasetap summary --format classic run.bson\n"
                    "  phasetap summary --json run.bson | jq '.insights[0].sentence'\n",
        .details = DETAILS,
        .usage_status = PT_EXIT_USAGE,
    };
    struct given given = {.format = NULL};
    struct chosen chosen = {.given = NULL};
    const struct pt_flag flags[] = {
        {.name = "format",
         .argument = "FORMAT",
         .words = FORMATS,
         .value = &given.format,
         .help = "'screen' (default), or 'classic': the original's layout"},
        {.name = "json", .value = &given.json, .help = "the same facts as JSON"},
        {.name = "brief",
         .value = &given.brief,
         .help = "the run, alarms and one line for each verdict"},
        {.name = "long",
         .value = &given.all,
         .help = "every row and section, each thread by itself"},
        {.name = "verbose",
         .letter = 'v',
         .value = &given.checks,
         .help = "also notes, and the checks that found nothing"},
        {.name = "sort",
         .argument = "ORDER",
         .words = ORDERS,
         .value = &given.sort,
         .help = "time (default), calls, documents, max or name"},
        {.name = "top",
         .argument = "N",
         .value = &given.top,
         .help = "rows of a table; the others are one row"},
        {.name = "thread",
         .argument = "NAME",
         .value = &given.thread,
         .help = "one thread: 'main', or its number in --long"},
        {.name = "namespace",
         .argument = "NS",
         .value = &given.name_space,
         .help = "calls on one collection, DATABASE.COLLECTION"},
        {.name = "color",
         .argument = "WHEN",
         .words = COLOURS,
         .value = &given.color,
         .help = "auto (default), always or never"},
        PT_RANGE_FLAGS(given.range),
        PT_MERGE_FLAG(given.merge),
        {.name = NULL}};
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc == 0) {
        return pt_fail(PT_EXIT_USAGE,
                       "summary needs at least one log; see 'phasetap summary --help'");
    }
    status = decide(&chosen, &given);
    return status == PT_EXIT_OK ? run(&chosen, argc, argv) : status;
}
