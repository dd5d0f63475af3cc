/* SPDX-License-Identifier: Apache-2.0 */
#include "outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "intake/read_log.h"
#include "json_check.h"
#include "log/log_reader.h"
#include "model/model_finish.h"
#include "render/screen.h"
#include "report/report.h"
#include "target.h"
#include "watch/watch_line.h"
#include "watch/watch_take.h"
#include "watch/watch_view.h"

static void check_json(const char *text, size_t length)
{
    fuzz_require(json_is_valid(text, length), "JSON that does not parse");
}

/* Ours is ASCII but for letters of names, which are UTF-8 without controls. */
static void check_terminal(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        fuzz_require((c >= 0x20 && c != 0x7F) || c == '\n', "a control character");
        fuzz_require(c != 0xC2 || i + 1 == length || (unsigned char)text[i + 1] >= 0xA0,
                     "a C1 control");
    }
}

static void print_model(const struct pt_model *model,
                        void (*printer)(const struct pt_model *, FILE *),
                        void (*check)(const char *, size_t))
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    printer(model, out);
    fclose(out);
    check(text, length);
    free(text);
}

/* The command itself, its standard output in memory. */
static void run_command(int (*command)(int, char **), const char *const *arguments, int count,
                        void (*check)(const char *, size_t))
{
    char *text = NULL;
    size_t length = 0;
    char *argv[6] = {NULL};
    FILE *saved = stdout;
    for (int i = 0; i < count; i++) {
        argv[i] = (char *)arguments[i];
    }
    stdout = open_memstream(&text, &length);
    command(count, argv);
    fclose(stdout);
    stdout = saved;
    check(text, length);
    free(text);
}

static const struct pt_screen_options everything = {.all = true, .checks = true};

/* Blocks of a narrow terminal. */
static void print_narrow(const struct pt_model *model, FILE *out)
{
    struct pt_page page;
    struct pt_page_facts facts = {.terminal = true, .terminal_columns = 40};
    pt_page_decide(&page, out, PT_COLOURS_NEVER, &facts);
    pt_screen_text(model, &page, &everything);
}

static void print_wide(const struct pt_model *model, FILE *out)
{
    struct pt_page page;
    struct pt_page_facts facts = {.terminal = true, .terminal_columns = PT_PAGE_MOST};
    pt_page_decide(&page, out, PT_COLOURS_NEVER, &facts);
    pt_screen_text(model, &page, &(struct pt_screen_options){.brief = false});
}

static void print_facts(const struct pt_model *model, FILE *out)
{
    pt_screen_json(model, out, &everything);
}

void fuzz_report(const char *path)
{
    struct pt_model model;
    pt_model_init(&model, 20);
    if (pt_model_read(&model, path) == PT_LOG_OK) {
        pt_model_finish(&model);
        print_model(&model, pt_report_json, check_json);
        print_model(&model, pt_report_text, check_terminal);
        print_model(&model, print_narrow, check_terminal);
        print_model(&model, print_wide, check_terminal);
        print_model(&model, print_facts, check_json);
    }
    pt_model_release(&model);
}

static int watch_record(void *context, const struct pt_record *record)
{
    struct pt_watch_process *watched = context;
    if (record->kind == PT_KIND_MANIFEST) {
        pt_process_manifest(watched->process, record);
    }
    pt_names_learn(&watched->process->names, record);
    pt_watch_take(&watched->base, record);
    return 0;
}

static void show_watched(struct pt_watch_process *watched)
{
    char *text = NULL;
    size_t length = 0;
    struct pt_watch_list list = {.processes = &watched, .count = 1};
    struct pt_view_state state = {.total = 1000};
    struct pt_view *view = calloc(1, sizeof *view);
    FILE *out = open_memstream(&text, &length);
    view->width = 120;
    view->height = 40;
    watched->looked_at_ns = watched->live.last_ns;
    pt_watch_line(out, watched, 1000, 0);
    pt_watch_view(view, &list, &state);
    for (int row = 0; row < view->count; row++) {
        fprintf(out, "%s\n", view->rows[row].text);
    }
    fclose(out);
    check_terminal(text, length);
    free(text);
    free(view);
}

static void fuzz_watch(const char *path)
{
    struct pt_log log;
    if (pt_log_open(&log, path) != PT_LOG_OK) {
        return;
    }
    struct pt_watch_process *watched =
        pt_watch_process_new(path, (const char[PT_PART_ID_BYTES]){0});
    if (pt_log_walk(&log, watch_record, watched) == 0 &&
        pt_watch_copy(&watched->live, &watched->base)) {
        pt_watch_process_mark(watched, 1, 0);
        show_watched(watched);
    }
    pt_watch_process_free(watched);
    pt_log_release(&log);
}

static void export_as(const char *format, const char *path, void (*check)(const char *, size_t))
{
    run_command(pt_cmd_export, (const char *const[]){"export", "--format", format, path}, 4, check);
}

static void fuzz_exports(const char *path)
{
    export_as("csv", path, check_terminal);
    export_as("prometheus", path, check_terminal);
    export_as("otlp", path, check_json);
}

void fuzz_outputs(const char *path)
{
    fuzz_report(path);
    fuzz_watch(path);
    run_command(pt_cmd_audit, (const char *const[]){"audit", path}, 2, check_terminal);
    run_command(pt_cmd_dump, (const char *const[]){"dump", path}, 2, check_json);
    run_command(pt_cmd_dump, (const char *const[]){"dump", "--raw", path}, 3, check_json);
    fuzz_exports(path);
}
