/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the sections, and the facts that they share. */
#include "render/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "render/screen_sections.h"
#include "report/report.h"

#define SCHEMA_VERSION 1

static int64_t count_threads(const struct pt_model *model)
{
    int64_t threads = 0;
    for (size_t i = 0; i < model->process_count; i++) {
        const struct pt_process *process = model->processes[i];
        for (size_t at = 0; at < process->thread_slots; at++) {
            threads += process->threads[at] != NULL;
        }
    }
    return threads;
}

/* Of one namespace: the verdicts that name it. */
static void choose_insights(struct pt_screen *screen)
{
    struct pt_insights *insights = &screen->insights;
    const char *wanted = screen->options->name_space;
    size_t kept = 0;
    for (size_t i = 0; i < insights->count; i++) {
        const char *name_space = insights->items[i].name_space;
        if (name_space != NULL && strcmp(name_space, wanted) == 0) {
            insights->items[kept++] = insights->items[i];
        }
    }
    insights->count = kept;
    insights->left_out = insights->silent_count = 0;
}

void pt_screen_prepare(struct pt_screen *screen, const struct pt_model *model,
                       const struct pt_screen_options *options)
{
    const struct pt_process *root = pt_model_root(model);
    screen->model = model;
    screen->options = options;
    screen->time = pt_model_time(model);
    screen->cost = pt_model_cost(model);
    screen->run_ns = pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    screen->clock_ns = root != NULL ? root->clock_cost_ns : 0;
    screen->threads = count_threads(model);
    pt_insights_make(model, &screen->insights);
    if (options->name_space != NULL) {
        choose_insights(screen);
        pt_model_view_make(&screen->view, model, options->name_space);
        screen->model = &screen->view.model;
    }
}

static void release(struct pt_screen *screen)
{
    if (screen->options->name_space != NULL) {
        pt_model_view_release(&screen->view);
    }
}

/* Threads and their time are of no namespace. */
static bool is_shown(const struct pt_screen_options *options, pt_section_text *section)
{
    return options->name_space == NULL ||
           (section != pt_screen_partition && section != pt_screen_threads);
}

static pt_section_text *const sections[] = {
    pt_screen_head,    pt_screen_filter, pt_screen_alarms, pt_screen_verdicts, pt_screen_partition,
    pt_screen_threads, pt_screen_phases, pt_screen_places, pt_screen_errors,   pt_screen_log};
#define SECTIONS (sizeof sections / sizeof sections[0])
#define OF_BRIEF 4 /* the first so many */

/* The text of a section; NULL: it is not shown, or there is no memory for it. To be freed. Not
 * inlined: gcc 12 would take what open_memstream has stored in `text` for its address. */
__attribute__((noinline)) static char *text_of(struct pt_screen *screen, pt_section_text *section)
{
    char *text = NULL;
    size_t length = 0;
    const struct pt_page *page = screen->page;
    struct pt_page copy = *page;
    if (!is_shown(screen->options, section)) {
        return NULL;
    }
    copy.out = open_memstream(&text, &length);
    if (copy.out == NULL) {
        return NULL;
    }
    screen->page = &copy;
    section(screen);
    screen->page = page;
    fclose(copy.out);
    return text;
}

static int lines_of(const char *text)
{
    int lines = 0;
    for (; text != NULL && *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

/* Collections are shown where all fits one screen, unless the user asked for more than that. */
static void leave_out_places(const struct pt_screen_options *options, char *texts[SECTIONS])
{
    int lines = 0;
    for (size_t i = 0; i < SECTIONS; i++) {
        lines += lines_of(texts[i]);
    }
    bool one_screen = !options->all && options->top == 0 && options->name_space == NULL;
    for (size_t i = 0; i < SECTIONS && one_screen && lines > PT_SCREEN_LINES; i++) {
        if (sections[i] == pt_screen_places) {
            free(texts[i]);
            texts[i] = NULL;
        }
    }
}

void pt_screen_text(const struct pt_model *model, const struct pt_page *page,
                    const struct pt_screen_options *options)
{
    struct pt_screen screen = {.page = page};
    char *texts[SECTIONS] = {NULL};
    pt_screen_prepare(&screen, model, options);
    for (size_t i = 0; i < (options->brief ? OF_BRIEF : SECTIONS); i++) {
        texts[i] = text_of(&screen, sections[i]);
    }
    leave_out_places(options, texts);
    for (size_t i = 0; i < SECTIONS; i++) {
        fputs(texts[i] != NULL ? texts[i] : "", page->out);
        free(texts[i]);
    }
    release(&screen);
}

static void put_time_json(const struct pt_screen *screen, struct pt_json *json)
{
    if (screen->options->name_space != NULL) {
        pt_json_null(json, "partition");
        pt_json_null(json, "threads");
        return;
    }
    pt_screen_partition_json(screen, json);
    pt_screen_threads_json(screen, json);
}

void pt_screen_json(const struct pt_model *model, FILE *out,
                    const struct pt_screen_options *options)
{
    struct pt_json json;
    struct pt_screen screen = {.page = NULL};
    pt_screen_prepare(&screen, model, options);
    pt_json_init(&json, out, true);
    pt_json_open_object(&json, NULL);
    pt_json_int(&json, "schema_version", SCHEMA_VERSION);
    pt_screen_head_json(&screen, &json);
    pt_screen_filter_json(&screen, &json);
    pt_screen_alarms_json(&screen, &json);
    pt_report_put_insights(&json, &screen.insights);
    put_time_json(&screen, &json);
    pt_screen_phases_json(&screen, &json);
    pt_screen_places_json(&screen, &json);
    pt_screen_errors_json(&screen, &json);
    pt_screen_log_json(&screen, &json);
    pt_json_close_object(&json);
    fputc('\n', out);
    release(&screen);
}
