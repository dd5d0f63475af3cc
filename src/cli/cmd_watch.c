/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap watch`: follows processes while they record, then prints the summary. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <phasetap/option_value.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "log/log_reader.h"
#include "render/screen.h"
#include "report/report.h"
#include "text/args.h"
#include "text/usage.h"
#include "watch/watch_loop.h"
#include "watch/watch_screen.h"
#include "watch/watch_stop.h"

#define INTERVAL_LEAST_NS  (PT_SECOND_NS / 10)
#define INTERVAL_MOST_NS   (3600 * PT_SECOND_NS)
#define INTERVAL_SCREEN_NS PT_SECOND_NS
#define INTERVAL_LINES_NS  (10 * PT_SECOND_NS)

/* Values of the options as given; NULL: not given. */
struct given {
    const char *interval, *total, *lines;
};

static bool take_interval(const char *text, int64_t *ret_ns)
{
    if (text == NULL) {
        return true;
    }
    if (!pt_option_ns(text, ret_ns) || *ret_ns < INTERVAL_LEAST_NS || *ret_ns > INTERVAL_MOST_NS) {
        pt_fail(PT_EXIT_USAGE,
                "--interval takes a time from 100ms to 1h such as 2s or 500ms, not '%s'", text);
        return false;
    }
    return true;
}

static bool take_total(const char *text, int64_t *ret_total)
{
    struct pt_option_number number;
    if (text == NULL) {
        return true;
    }
    if (!pt_option_split(text, &number) || number.unit[0] != '\0' ||
        number.fraction != number.unit || strchr(text, '.') != NULL || number.whole < 1) {
        pt_fail(PT_EXIT_USAGE, "--total takes a number of documents from 1 on, not '%s'", text);
        return false;
    }
    *ret_total = number.whole;
    return true;
}

static int fail_source(int code, const char *name)
{
    if (code == PT_LOG_VERSION) {
        return pt_fail(PT_EXIT_USAGE,
                       "cannot watch '%s': its format version cannot be followed; 'phasetap "
                       "summary' reads it",
                       name);
    }
    return pt_fail_log(code, name);
}

/* NULL stands for every process that records. */
static int add_sources(struct pt_watch_list *list, int count, char **names)
{
    int code = count == 0 ? pt_watch_list_add(list, NULL) : PT_LOG_OK;
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], "-") == 0) {
            return pt_fail(PT_EXIT_USAGE, "cannot watch standard input: name a process by its "
                                          "number, a log or a folder");
        }
        code = pt_watch_list_add(list, names[i]);
        if (code != PT_LOG_OK) {
            return fail_source(code, names[i]);
        }
    }
    return code == PT_LOG_OK ? PT_EXIT_OK : pt_fail_log(code, "/dev/shm");
}

static void say_waiting(const struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->source_count; i++) {
        const struct pt_watch_source *source = &list->sources[i];
        if (source->found || source->lost) {
            continue;
        }
        if (source->kind == PT_WATCH_PID) {
            pt_say("process %s records nothing yet; waiting for its first call of the driver",
                   source->name);
        } else if (source->kind == PT_WATCH_ALL) {
            pt_say("no process records; waiting for one");
        } else {
            pt_say("waiting for %s '%s'",
                   source->kind == PT_WATCH_LOG ? "the log" : "a process that records into",
                   source->name);
        }
    }
}

static void say_lost(const struct pt_watch_list *list)
{
    for (size_t i = 0; i < list->source_count; i++) {
        if (list->sources[i].lost) {
            pt_say("process %s does not exist, or ended without recording; name its log",
                   list->sources[i].name);
        }
    }
    if (list->passed_over > 0) {
        pt_warn("%zu processes were not watched: there is room for %d", list->passed_over,
                PT_WATCH_PROCESSES);
    }
}

static void put_row(void *context, const struct pt_model *model)
{
    pt_text_runs_row(model, context);
}

static int print_screen(const struct pt_log_list *logs)
{
    struct pt_model model;
    struct pt_page page;
    const struct pt_screen_options options = {.brief = false};
    pt_model_init(&model, 0);
    int status = pt_inputs_read(&model, logs, PT_ALL_RUNS);
    if (status == PT_EXIT_OK) {
        pt_page_init(&page, stdout, PT_COLOURS_AUTO);
        pt_screen_text(&model, &page, &options);
    }
    pt_model_release(&model);
    return status;
}

/* What `phasetap summary` prints of these logs. */
static int summarize(int count, char **paths)
{
    const struct pt_range everything = {0};
    struct pt_log_list logs = {0};
    int status = pt_inputs_find(&logs, count, paths);
    if (status == PT_EXIT_OK && logs.runs > 1) {
        pt_text_runs_heading(stdout, logs.runs);
        status = pt_inputs_each_run(&logs, &everything, put_row, stdout);
    } else if (status == PT_EXIT_OK) {
        status = print_screen(&logs);
    }
    pt_log_list_release(&logs);
    return status;
}

static int summarize_all(const struct pt_watch_list *list)
{
    char **paths = calloc(list->count + 1, sizeof *paths);
    int count = 0;
    for (size_t i = 0; paths != NULL && i < list->count; i++) {
        paths[count] = list->processes[i]->path;
        count += list->processes[i]->read;
    }
    int status = count > 0 ? summarize(count, paths) : PT_EXIT_FAILED;
    free(paths);
    return status;
}

static bool open_screen(const struct given *given)
{
    bool wanted = given->lines == NULL && isatty(STDOUT_FILENO) == 1;
    if (wanted && !pt_watch_screen_is_built()) {
        pt_say("this phasetap was built without ncurses: lines instead of a screen");
    }
    return wanted && pt_watch_screen_open();
}

static int watch(struct pt_watch_list *list, const struct given *given)
{
    struct pt_watch_plan plan = {.total = 0};
    pt_watch_stop_on_signals();
    pt_watch_begin(list);
    bool on_screen = open_screen(given);
    plan.interval_ns = on_screen ? INTERVAL_SCREEN_NS : INTERVAL_LINES_NS;
    (void)take_interval(given->interval, &plan.interval_ns);
    (void)take_total(given->total, &plan.total);
    if (!on_screen) {
        say_waiting(list);
    }
    if (on_screen) {
        pt_watch_on_screen(list, &plan);
        pt_watch_screen_close();
    } else {
        pt_watch_lines(list, &plan, stdout);
    }
    say_lost(list);
    return summarize_all(list);
}

static const struct pt_manual manual = {
    .name = "watch",
    .synopsis = "watch [--interval TIME] [--total N] [--lines] [PID|LOG|FOLDER]...",
    .summary = "Follow processes while they record, then print their summary.",
    .examples = "  phasetap watch 9308\n"
                "  phasetap watch run.bson --total 3300000\n"
                "  phasetap watch /var/log/phasetap --lines --interval 1m >> watch.log\n",
    .details = "Without an operand, every process is watched that records on this machine.\n"
               "PID is a process, LOG its log, which need not exist yet; FOLDER stands for the\n"
               "logs in it whose process runs, and for those that appear later. (A file whose\n"
               "name is digits only is given as ./123.)\n"
               "On a terminal a screen is shown, otherwise a line for each process at each\n"
               "interval, of words KEY=VALUE. A figure that is not known yet is '-'.\n"
               "docs/WATCH.md lists all figures and what they mean. Watching only reads: the\n"
               "process never waits for it.\n"
               "It ends when all processes have ended, and with q or Ctrl-C; then it prints\n"
               "the summary of what is in the logs so far.\n"
               "Exit status: 0 success, 1 nothing was recorded or standard output failed, 2\n"
               "wrong usage or an unreadable log.\n",
    .usage_status = PT_EXIT_USAGE,
};

int pt_cmd_watch(int argc, char **argv)
{
    struct given given = {0};
    struct pt_watch_list list = {0};
    int64_t unused = 0;
    const struct pt_flag flags[] = {
        {.name = "interval",
         .letter = 'i',
         .argument = "TIME",
         .value = &given.interval,
         .help = "between two lines (default 10s) or screens (1s)"},
        {.name = "total",
         .argument = "N",
         .value = &given.total,
         .help = "documents to be done: shows percent and time left"},
        {.name = "lines", .value = &given.lines, .help = "print lines on a terminal too"},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (!take_interval(given.interval, &unused) || !take_total(given.total, &unused)) {
        return PT_EXIT_USAGE;
    }
    status = add_sources(&list, argc, argv);
    if (status == PT_EXIT_OK) {
        status = watch(&list, &given);
    }
    pt_watch_list_release(&list);
    return status;
}
