/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, grouped by what they do: time, how much of it something works for them, documents. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "model/helper_use.h"
#include "render/shares.h"
#include "render/thread_groups.h"
#include "render/screen_sections.h"
#include "report/report.h"

#define HELPERS_KEPT  64
#define HELPERS_SHOWN 5
#define LEAST_BAR     10

static int64_t documents_of(const struct pt_thread_group *group)
{
    return group->role == PT_ROLE_READS ? group->read : group->written;
}

static void add_row(struct pt_table *table, const struct pt_thread_group *group, bool several)
{
    char name[96];
    pt_thread_group_text(name, sizeof name, group, several);
    pt_table_name(table, "  ", name);
    pt_table_cell(table, pt_figure_total(PT_HUMAN_ROOM, group->wall_ns));
    pt_table_cell(table,
                  pt_figure_percent(PT_HUMAN_ROOM, pt_parts_busy(group->parts_ns, group->wall_ns),
                                    group->wall_ns));
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, documents_of(group)));
}

/* The threads beyond the rows shown, as one row. */
static void add_rest(struct pt_table *table, const struct pt_thread_groups *groups, size_t shown)
{
    struct pt_thread_group rest = {.wall_ns = 0};
    int64_t documents = 0;
    char name[64];
    for (size_t i = shown; i < groups->count; i++) {
        const struct pt_thread_group *group = &groups->groups[i];
        rest.threads += group->threads;
        rest.wall_ns = pt_add(rest.wall_ns, group->wall_ns);
        documents = pt_add(documents, documents_of(group));
        for (int part = 0; part < PT_PART_COUNT; part++) {
            rest.parts_ns[part] = pt_add(rest.parts_ns[part], group->parts_ns[part]);
        }
    }
    snprintf(name, sizeof name, "%" PRId64 " more", rest.threads);
    pt_table_name(table, "  ", name);
    pt_table_cell(table, pt_figure_total(PT_HUMAN_ROOM, rest.wall_ns));
    pt_table_cell(
        table,
        pt_figure_percent(PT_HUMAN_ROOM, pt_parts_busy(rest.parts_ns, rest.wall_ns), rest.wall_ns));
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, documents));
}

/* The longest part that was not drawn yet, -1 when there is none. */
static int next_part(const struct pt_thread_group *group, const bool *drawn)
{
    int best = -1;
    for (int part = 0; part < PT_PART_COUNT; part++) {
        if (!drawn[part] && group->parts_ns[part] > 0 &&
            (best < 0 || group->parts_ns[part] > group->parts_ns[best])) {
            best = part;
        }
    }
    return best;
}

static void put_bar(char *to, size_t at, int room, const void *context)
{
    const struct pt_thread_groups *groups = context;
    bool drawn[PT_PART_COUNT] = {false};
    int columns[PT_PART_COUNT];
    if (at >= groups->count || room < LEAST_BAR) {
        return;
    }
    const struct pt_thread_group *group = &groups->groups[at];
    pt_shares(group->parts_ns, PT_PART_COUNT, room, columns);
    for (int part = next_part(group, drawn); part >= 0; part = next_part(group, drawn)) {
        drawn[part] = true;
        memset(to, pt_part_words((enum pt_part)part)->letter, (size_t)columns[part]);
        to += columns[part];
    }
    *to = '\0';
}

static void put_table(const struct pt_screen *screen, struct pt_thread_groups *groups)
{
    static const struct pt_column columns[] = {
        {.head = "Threads"},
        {.head = "time", .right = true},
        {.head = "busy", .right = true, .after = " busy"},
        {.head = "documents", .right = true, .after = " documents"}};
    struct pt_table table;
    size_t shown = pt_screen_rows(screen, groups->count, groups->count);
    pt_table_init(&table, columns, 4);
    for (size_t i = 0; i < shown; i++) {
        add_row(&table, &groups->groups[i], screen->model->process_count > 1);
    }
    if (shown < groups->count) {
        add_rest(&table, groups, shown);
        groups->count = shown;
    }
    pt_table_plan(&table, screen->page);
    pt_table_print(&table, screen->page, put_bar, groups);
    pt_table_release(&table);
}

/* Threads without a call have no parts: nothing is known of them but their CPU time. */
static void put_helpers(const struct pt_screen *screen)
{
    struct pt_helper_use rows[HELPERS_KEPT];
    size_t count = pt_model_helpers(screen->model, rows, HELPERS_KEPT);
    char text[1024] = "";
    size_t at = 0;
    int64_t cpu_ns = 0;
    for (size_t i = 0; i < count; i++) {
        cpu_ns = pt_add(cpu_ns, rows[i].cpu_ns);
        if (i < HELPERS_SHOWN) {
            at += (size_t)snprintf(
                text + at, sizeof text - at, "%s%.64s %s (%" PRId64 " %s)", i > 0 ? ", " : "",
                rows[i].name != NULL ? rows[i].name : "others", PT_DURATION(rows[i].cpu_ns),
                rows[i].threads, rows[i].threads == 1 ? "thread" : "threads");
        }
    }
    if (count == 0 || (cpu_ns < screen->run_ns / 100 && !screen->options->all)) {
        return;
    }
    struct pt_paragraph line = {
        .first = "  CPU time of threads without a driver call: ", .indent = 2, .text = text};
    pt_page_paragraph(screen->page, &line);
}

void pt_screen_threads(const struct pt_screen *screen)
{
    struct pt_thread_groups groups;
    pt_thread_groups_make(&groups, screen->model, screen->options->all);
    if (screen->threads > 1) {
        put_table(screen, &groups);
    }
    free(groups.groups);
    put_helpers(screen);
    if (screen->time.wall_ns > 0) {
        pt_screen_blank(screen);
    }
}

static void put_group_json(struct pt_json *json, const struct pt_thread_group *group, bool several)
{
    char text[96];
    pt_json_open_object(json, NULL);
    pt_thread_group_text(text, sizeof text, group, several);
    pt_json_string(json, "who", text);
    pt_json_int(json, "threads", group->threads);
    pt_json_seconds(json, "seconds", group->wall_ns);
    pt_json_percent(json, "busy_percent", (double)pt_parts_busy(group->parts_ns, group->wall_ns),
                    (double)group->wall_ns);
    pt_json_int(json, "documents_read", group->read);
    pt_json_int(json, "documents_written", group->written);
    pt_json_open_object(json, "parts");
    for (int part = 0; part < PT_PART_COUNT; part++) {
        pt_json_seconds(json, pt_part_name((enum pt_part)part), group->parts_ns[part]);
    }
    pt_json_close_object(json);
    pt_json_close_object(json);
}

void pt_screen_threads_json(const struct pt_screen *screen, struct pt_json *json)
{
    struct pt_thread_groups groups;
    pt_thread_groups_make(&groups, screen->model, screen->options->all);
    pt_json_open_array(json, "threads");
    for (size_t i = 0; i < groups.count; i++) {
        put_group_json(json, &groups.groups[i], screen->model->process_count > 1);
    }
    pt_json_close_array(json);
    free(groups.groups);
}
