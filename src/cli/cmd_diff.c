/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap diff`: compares two runs, or two sets of runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/diff_sides.h"
#include "cli/rule_inputs.h"
#include "diff/diff_check.h"
#include "diff/diff_views.h"
#include "gate/rule_text.h"
#include "text/args.h"
#include "text/usage.h"

#define WHY_BYTES 512

/* Values of the options as given; NULL: not given. */
struct given {
    const char *floor, *floor_time, *allow, *fail_on, *json, *markdown, *color;
    struct pt_texts rules;
};

struct request {
    struct pt_diff_floors floors;
    int allowed; /* enum pt_unlike */
    int colours;
    bool json, markdown;
    struct pt_rules rules;
};

static bool take_floor(const char *text, struct pt_diff_floors *floors)
{
    const char *at = text;
    double number = -100.0;
    if (text != NULL) {
        bool good = pt_rule_take_number(&at, &number);
        at += good && *at == '%';
        if (!good || *at != '\0' || number > 100.0) {
            pt_fail(PT_EXIT_USAGE, "--floor takes a percentage from 0 to 100 such as 2%%, not '%s'",
                    text);
            return false;
        }
    }
    floors->ratio = number / 100.0;
    return true;
}

static bool take_floor_time(const char *text, struct pt_diff_floors *floors)
{
    const char *at = text;
    double number;
    double factor;
    floors->ns = PT_FLOOR_TIME_DEFAULT;
    if (text == NULL) {
        return true;
    }
    if (!pt_rule_take_number(&at, &number) || !pt_rule_take_unit(&at, PT_UNIT_TIME, &factor) ||
        *at != '\0') {
        pt_fail(PT_EXIT_USAGE,
                "--floor-time takes a time such as 50ms (ns, us, ms, s, m or h), "
                "not '%s'",
                text);
        return false;
    }
    floors->ns = number * factor;
    return true;
}

/* The bit of a word; 0 when there is no such word. */
static int unlike_of(const char *word, size_t length)
{
    if (length == 3 && strncmp(word, "all", 3) == 0) {
        return PT_UNLIKE_ALL;
    }
    for (int i = 0; PT_UNLIKE_NAMES[i] != NULL; i++) {
        if (strlen(PT_UNLIKE_NAMES[i]) == length &&
            strncmp(PT_UNLIKE_NAMES[i], word, length) == 0) {
            return 1 << i;
        }
    }
    return 0;
}

static bool take_allowed(const char *text, int *ret_allowed)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        int bit = unlike_of(text, length);
        if (bit == 0) {
            pt_fail(PT_EXIT_USAGE,
                    "--allow takes program, driver, documents, incomplete or all, with commas "
                    "between, not '%s'",
                    text);
            return false;
        }
        *ret_allowed |= bit;
        text += length + (text[length] == ',');
    }
    return true;
}

static bool take_colours(const char *text, int *ret_colours)
{
    static const char *const words[] = {"auto", "always", "never"};
    *ret_colours = PT_COLOURS_AUTO;
    for (int i = 0; text != NULL && i < 3; i++) {
        if (strcmp(words[i], text) == 0) {
            *ret_colours = i;
            return true;
        }
    }
    if (text != NULL) {
        pt_fail(PT_EXIT_USAGE, "--color takes auto, always or never, not '%s'", text);
    }
    return text == NULL;
}

static int take_options(struct request *request, const struct given *given)
{
    request->json = given->json != NULL;
    request->markdown = given->markdown != NULL;
    if (request->json && request->markdown) {
        return pt_fail(PT_EXIT_USAGE, "--json and --markdown exclude each other");
    }
    if (!take_floor(given->floor, &request->floors) ||
        !take_floor_time(given->floor_time, &request->floors) ||
        !take_allowed(given->allow, &request->allowed) ||
        !take_colours(given->color, &request->colours)) {
        return PT_EXIT_USAGE;
    }
    return pt_take_rules(&request->rules, PT_RULES_FAIL_ON, &given->rules, "fail-on");
}

/* That the rules name phases which exist: only the runs can say. */
static int know_rules(const struct pt_rules *rules, const struct pt_side *a,
                      const struct pt_side *b)
{
    char wrong[PT_RULE_WRONG_BYTES];
    const struct pt_run_list lists[] = {{a->runs, a->count}, {b->runs, b->count}};
    if (pt_rules_know(rules, lists, 2, wrong)) {
        return PT_EXIT_OK;
    }
    return pt_fail(PT_EXIT_USAGE, "--fail-on: %s", wrong);
}

static void show(const struct request *request, const struct pt_diff_view *view)
{
    struct pt_page page;
    if (request->json) {
        pt_diff_json(view, stdout);
    } else if (request->markdown) {
        pt_diff_markdown(view, stdout);
    } else {
        pt_page_init(&page, stdout, (enum pt_colours)request->colours);
        pt_diff_text(view, &page);
    }
}

static int compare(const struct request *request, const struct pt_side *a, const struct pt_side *b)
{
    struct pt_diff diff;
    int status = PT_EXIT_OK;
    struct pt_check *checks = calloc(request->rules.count + 1, sizeof *checks);
    if (!pt_diff_make(&diff, a, b, &request->floors) || checks == NULL) {
        status = pt_fail(PT_EXIT_USAGE, "not compared: out of memory");
    } else {
        size_t failed = pt_diff_check_all(checks, &request->rules, &diff);
        struct pt_diff_view view = {&diff, checks, request->rules.count};
        show(request, &view);
        if (failed > 0) {
            status = pt_fail(PT_EXIT_FAILED, "%zu of %zu rules of --fail-on did not pass", failed,
                             request->rules.count);
        }
    }
    free(checks);
    pt_diff_release(&diff);
    return status;
}

static int diff_sides(const struct request *request, char **paths)
{
    struct pt_side a = {0};
    struct pt_side b = {0};
    char why[WHY_BYTES];
    int status = pt_side_read(&a, paths[0]);
    if (status == PT_EXIT_OK) {
        status = pt_side_read(&b, paths[1]);
    }
    if (status == PT_EXIT_OK && !pt_sides_are_alike(&a, &b, request->allowed, why, sizeof why)) {
        status = pt_fail(PT_EXIT_USAGE, "not compared: %s", why);
    }
    if (status == PT_EXIT_OK) {
        status = know_rules(&request->rules, &a, &b);
    }
    if (status == PT_EXIT_OK) {
        status = compare(request, &a, &b);
    }
    pt_side_release(&a);
    pt_side_release(&b);
    return status;
}

#define DETAILS                                                                                    \
    "A and B are each a log, a JSON report of 'phasetap report', or a folder of\n"                 \
    "runs. With enough runs on both sides (4 of each) the runs are compared, by a\n"               \
    "rank test; with fewer only the calls of each phase, and nothing is said of the\n"             \
    "whole run. A row is 'same' or 'slower' only if the whole range of its change\n"               \
    "lies within or beyond the floors. Runs of another program or driver, of another\n"            \
    "number of documents, or incomplete ones are not compared unless --allow names\n"              \
    "the difference. docs/DIFF.md explains everything.\n"                                          \
    "RULE is 'slower', 'unclear' or a change that fails: 'throughput < -5%',\n"                    \
    "'Document Insertion.p95 > +10%', 'memory > +64MiB'. Several are divided by ';',\n"            \
    "or the option is given again; @FILE reads them from a file. What cannot be told\n"            \
    "does not pass.\n"                                                                             \
    "Exit status: 0 compared, and every rule passed, 1 a rule did not pass, 2 wrong\n"             \
    "usage, an unreadable input, or runs that are not compared.\n"

static const struct pt_manual manual = {
    .name = "diff",
    .synopsis = "diff [options] A B",
    .summary = "Compare two runs, or better two folders of runs: what became slower or faster.",
    .examples = "  phasetap diff before/ after/\n"
                "  phasetap diff --fail-on 'Document Insertion.p95 > +10%' before/ after/\n"
                "  phasetap diff --markdown main.json branch.json >> \"$GITHUB_STEP_SUMMARY\"\n",
    .details = DETAILS,
    .usage_status = PT_EXIT_USAGE,
};

int pt_cmd_diff(int argc, char **argv)
{
    struct given given = {.floor = NULL};
    struct request request = {.allowed = 0};
    const struct pt_flag flags[] = {
        {.name = "fail-on",
         .argument = "RULE",
         .value = &given.fail_on,
         .all = &given.rules,
         .help = "exit with 1 if RULE applies, or cannot be told"},
        {.name = "floor",
         .argument = "PERCENT",
         .value = &given.floor,
         .help = "smaller changes are none (2%, 5% by calls)"},
        {.name = "floor-time",
         .argument = "TIME",
         .value = &given.floor_time,
         .help = "smaller differences are none (50ms)"},
        {.name = "allow",
         .argument = "WHAT",
         .value = &given.allow,
         .help = "program, driver, documents, incomplete, all"},
        {.name = "json", .value = &given.json, .help = "print JSON, as hyperfine does"},
        {.name = "markdown", .value = &given.markdown, .help = "print Markdown"},
        {.name = "color",
         .argument = "WHEN",
         .words = "auto|always|never",
         .value = &given.color,
         .help = "auto (default), always or never"},
        {.name = NULL}};
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status == PT_ARGS_GO && argc != 2) {
        status = pt_fail(PT_EXIT_USAGE, "diff compares two: A and B; see 'phasetap diff --help'");
    }
    if (given.fail_on != NULL && given.rules.count == 0) {
        pt_texts_keep(&given.rules, given.fail_on); /* of the configuration file */
    }
    if (status == PT_ARGS_GO) {
        status = take_options(&request, &given);
        status = status == PT_EXIT_OK ? diff_sides(&request, argv) : status;
    }
    pt_texts_release(&given.rules);
    return status;
}
