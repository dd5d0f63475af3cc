/* SPDX-License-Identifier: Apache-2.0 */
/* The first two lines: what ran, how long, how it ended, what came of it; when and where. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/saturate.h"
#include "render/columns.h"
#include "render/screen_sections.h"
#include "text/safe_text.h"

#define ITEM_BYTES 512
#define ITEMS      12

/* Short texts that are set two blanks apart; what does not fit begins another line. */
struct items {
    char texts[ITEMS][ITEM_BYTES];
    size_t count;
    bool spare; /* the last one is left out where it does not fit */
};

static void add(struct items *items, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct items *items, const char *format, ...)
{
    va_list arguments;
    char text[ITEM_BYTES];
    if (items->count == ITEMS) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pt_safe_text(items->texts[items->count++], ITEM_BYTES, text);
}

static void put_items(const struct pt_screen *screen, const struct items *items,
                      enum pt_style first)
{
    int at = 0;
    for (size_t i = 0; i < items->count; i++) {
        int columns = pt_text_columns(items->texts[i]);
        bool wraps = at > 0 && at + 2 + columns > screen->page->width;
        if (wraps && items->spare && i + 1 == items->count) {
            break;
        }
        if (wraps) {
            fputs("\n", screen->page->out);
            at = 0;
        }
        pt_page_pad(screen->page, i > 0 ? 2 : 0);
        pt_page_put(screen->page, i == 0 ? first : PT_PLAIN, items->texts[i]);
        at += columns + (i > 0 ? 2 : 0);
    }
    fputc('\n', screen->page->out);
}

static const char *program_of(const struct pt_process *root)
{
    return root != NULL && root->program != NULL ? root->program : "unknown program";
}

/* "none refused" only where the server said so of every one. */
static void add_outcome(char *text, size_t at, const struct pt_screen_documents *sum)
{
    const struct pt_outcome *outcome = &sum->outcome;
    int64_t lost = pt_add(outcome->refused, outcome->not_attempted);
    if (lost > 0) {
        at += (size_t)snprintf(text + at, ITEM_BYTES - at, ", %s not written", PT_COUNT(lost));
    } else if (sum->writes && pt_outcome_open(outcome) == outcome->rolled_back) {
        at += (size_t)snprintf(text + at, ITEM_BYTES - at, ", none refused");
    }
    if (outcome->rolled_back > 0) {
        at += (size_t)snprintf(text + at, ITEM_BYTES - at, ", %s rolled back",
                               PT_COUNT(outcome->rolled_back));
    }
    if (outcome->unacknowledged > 0) {
        at += (size_t)snprintf(text + at, ITEM_BYTES - at, ", %s unacknowledged",
                               PT_COUNT(outcome->unacknowledged));
    }
    if (outcome->unknown > 0) {
        snprintf(text + at, ITEM_BYTES - at, ", %s unknown", PT_COUNT(outcome->unknown));
    }
}

static void add_documents(struct items *items, const struct pt_screen *screen)
{
    struct pt_screen_documents sum = pt_screen_documents(screen->model);
    char text[ITEM_BYTES] = "";
    int64_t shown = sum.writes ? sum.written : sum.read;
    size_t at = (size_t)snprintf(text, sizeof text, "%s documents %s, %s", PT_COUNT(shown),
                                 sum.writes ? "written" : "read",
                                 pt_figure_rate(PT_HUMAN_ROOM, shown, screen->run_ns));
    if (shown == 0) {
        at =
            (size_t)snprintf(text, sizeof text, "no documents %s", sum.writes ? "written" : "read");
    }
    if (sum.removed > 0) {
        at += (size_t)snprintf(text + at, sizeof text - at, ", %s removed", PT_COUNT(sum.removed));
    }
    add_outcome(text, at, &sum);
    add(items, "%s", text);
}

static void put_run(const struct pt_screen *screen)
{
    const struct pt_process *root = pt_model_root(screen->model);
    struct items items = {.count = 0};
    char ending[PT_ENDING_BYTES] = "";
    add(&items, "%s", program_of(root));
    add(&items, "%s", pt_figure_total(PT_HUMAN_ROOM, screen->run_ns));
    if (root != NULL) {
        pt_process_ending_text(pt_model_ender(screen->model), ending, sizeof ending);
        add(&items, "%s", ending);
    }
    add_documents(&items, screen);
    put_items(screen, &items, PT_BOLD);
}

static void utc_text(char *text, size_t room, int64_t epoch_ns)
{
    struct tm tm;
    time_t seconds = (time_t)(epoch_ns / 1000000000);
    if (gmtime_r(&seconds, &tm) == NULL ||
        strftime(text, room, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0) {
        snprintf(text, room, "time unknown");
    }
}

static void add_drivers(struct items *items, const struct pt_process *process)
{
    for (size_t i = 0; i < process->driver_count; i++) {
        const struct pt_driver *driver = &process->drivers[i];
        add(items, "libmongoc %s",
            driver->version != NULL ? driver->version : "of unknown version");
    }
}

static void add_servers(struct items *items, const struct pt_model *model)
{
    const struct pt_servers *servers = &model->servers;
    if (servers->count == 1 && servers->rows[0].address != NULL) {
        add(items, "%s", servers->rows[0].address);
    } else if (servers->count > 1) {
        add(items, "%zu servers", servers->count);
    }
}

static void put_place(const struct pt_screen *screen)
{
    const struct pt_model *model = screen->model;
    const struct pt_process *root = pt_model_root(model);
    struct items items = {.count = 0};
    char start[64];
    if (root == NULL) {
        return;
    }
    utc_text(start, sizeof start, model->runtime_start_ns);
    add(&items, "%s", start);
    if (root->host != NULL) {
        add(&items, "%s", root->host);
    }
    if (model->process_count > 1) {
        add(&items, "%zu processes, the first pid %" PRId64, model->process_count, root->pid);
    } else {
        add(&items, "pid %" PRId64, root->pid);
    }
    add_drivers(&items, root);
    add_servers(&items, model);
    add(&items, "%s", pt_process_log_name(root));
    items.spare = true; /* the user has just named the log */
    put_items(screen, &items, PT_PLAIN);
}

void pt_screen_head(const struct pt_screen *screen)
{
    put_run(screen);
    put_place(screen);
}

static void put_documents_json(const struct pt_screen *screen, struct pt_json *json)
{
    struct pt_screen_documents sum = pt_screen_documents(screen->model);
    double seconds = (double)screen->run_ns / 1e9;
    int64_t shown = sum.writes ? sum.written : sum.read;
    pt_json_open_object(json, "documents");
    pt_json_int(json, "read", sum.read);
    pt_json_int(json, "written", sum.written);
    pt_json_int(json, "removed", sum.removed);
    pt_json_int(json, "operations_refused", sum.outcome.refused);
    pt_json_int(json, "operations_rolled_back", sum.outcome.rolled_back);
    pt_json_int(json, "operations_not_attempted", sum.outcome.not_attempted);
    pt_json_int(json, "operations_unacknowledged", sum.outcome.unacknowledged);
    pt_json_int(json, "operations_unknown", sum.outcome.unknown);
    pt_json_double(json, "per_second", seconds > 0.0 ? (double)shown / seconds : 0.0);
    pt_json_close_object(json);
}

void pt_screen_head_json(const struct pt_screen *screen, struct pt_json *json)
{
    const struct pt_process *root = pt_model_root(screen->model);
    char text[PT_ENDING_BYTES] = "";
    pt_json_open_object(json, "run");
    pt_json_string(json, "program", root != NULL ? root->program : NULL);
    pt_json_seconds(json, "seconds", screen->run_ns);
    pt_json_epoch(json, "start_time", screen->model->runtime_start_ns);
    if (root != NULL) {
        pt_process_ending_text(pt_model_ender(screen->model), text, sizeof text);
        pt_json_string(json, "ended", text);
        pt_json_int(json, "pid", root->pid);
        pt_json_string(json, "host", root->host);
        pt_json_string(json, "driver", root->driver_count > 0 ? root->drivers[0].version : NULL);
        pt_json_string(json, "log", pt_process_log_name(root));
    }
    pt_json_int(json, "processes", (int64_t)screen->model->process_count);
    put_documents_json(screen, json);
    pt_json_close_object(json);
}
