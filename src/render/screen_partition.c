/* SPDX-License-Identifier: Apache-2.0 */
/* Where the time of all threads went, one row for each part. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/cannot_tell.h"
#include "render/screen_sections.h"
#include "render/shares.h"
#include "report/report.h"

#define LEAST_BAR 10
/* On one screen, beyond the longest parts a row is worth its line from 1 % on. */
#define LONGEST     3
#define WORTH_TENTH 10

struct row {
    enum pt_part part;
    int64_t ns;
    int tenths;
};

struct rows {
    struct row items[PT_PART_COUNT];
    size_t count, shown; /* those above 0, longest first; those with a row of their own */
};

static int by_time(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    if (x->ns != y->ns) {
        return x->ns > y->ns ? -1 : 1;
    }
    return (int)x->part - (int)y->part;
}

static struct rows rows_of(const struct pt_screen *screen)
{
    struct rows rows = {.count = 0};
    int tenths[PT_PART_COUNT];
    size_t worth = 0;
    pt_shares(screen->time.parts_ns, PT_PART_COUNT, PT_TENTHS, tenths);
    for (int part = 0; part < PT_PART_COUNT; part++) {
        int64_t ns = screen->time.parts_ns[part];
        if (ns > 0) {
            rows.items[rows.count++] = (struct row){(enum pt_part)part, ns, tenths[part]};
        }
    }
    qsort(rows.items, rows.count, sizeof rows.items[0], by_time);
    while (worth < rows.count && rows.items[worth].tenths >= (worth < LONGEST ? 1 : WORTH_TENTH)) {
        worth++;
    }
    rows.shown = pt_screen_rows(screen, rows.count, worth);
    return rows;
}

static void add_figures(struct pt_table *table, int64_t ns, int tenths)
{
    pt_table_cell(table, pt_figure_total(PT_HUMAN_ROOM, ns));
    pt_table_cell(table, pt_figure_share(PT_HUMAN_ROOM, tenths));
}

static void add_row(struct pt_table *table, const struct row *row)
{
    const struct pt_part_words *words = pt_part_words(row->part);
    char name[64];
    snprintf(name, sizeof name, "%c %s", words->letter, words->name);
    pt_table_name(table, "  ", name);
    pt_table_style(table, PT_KEY, 2, 1);
    add_figures(table, row->ns, row->tenths);
}

/* The short names of the parts without a row of their own. */
static void rest_text(const struct rows *rows, char *text, size_t room)
{
    size_t at = 0;
    for (size_t i = rows->shown; i < rows->count && at < room; i++) {
        at += (size_t)snprintf(text + at, room - at, "%s%s", i > rows->shown ? ", " : "",
                               pt_part_words(rows->items[i].part)->brief);
    }
}

static void add_rest(struct pt_table *table, const struct rows *rows)
{
    char name[32];
    int64_t ns = 0;
    int tenths = 0;
    if (rows->shown == rows->count) {
        return;
    }
    for (size_t i = rows->shown; i < rows->count; i++) {
        ns += rows->items[i].ns;
        tenths += rows->items[i].tenths;
    }
    snprintf(name, sizeof name, "%zu more parts", rows->count - rows->shown);
    pt_table_name(table, "    ", name);
    add_figures(table, ns, tenths);
}

/* The bar of a row, as long in comparison with the longest as its time is. */
static void put_bar(char *to, size_t at, int room, const void *context)
{
    const struct rows *rows = context;
    if (at >= rows->shown) {
        rest_text(rows, to, PT_PAGE_MOST + 1);
        to[(int)strlen(to) <= room ? strlen(to) : 0] = '\0';
        return;
    }
    double share = (double)rows->items[at].ns / (double)rows->items[0].ns;
    int columns = room >= LEAST_BAR ? (int)(share * room + 0.5) : 0;
    memset(to, pt_part_words(rows->items[at].part)->letter, (size_t)columns);
    to[columns] = '\0';
}

/* The short names, where they found no room behind their row. */
static void put_rest_below(const struct pt_screen *screen, const struct rows *rows, int room)
{
    char text[PT_PAGE_MOST + 1] = "";
    struct pt_paragraph line = {.indent = 4, .text = text};
    rest_text(rows, text, sizeof text);
    if ((int)strlen(text) > room) {
        pt_page_paragraph(screen->page, &line);
    }
}

static void put_table(const struct pt_screen *screen)
{
    static const struct pt_column columns[] = {
        {.head = ""}, {.head = "", .right = true}, {.head = "", .right = true}};
    struct rows rows = rows_of(screen);
    struct pt_table table;
    pt_table_init(&table, columns, 3);
    for (size_t i = 0; i < rows.shown; i++) {
        add_row(&table, &rows.items[i]);
    }
    add_rest(&table, &rows);
    pt_table_plan(&table, screen->page);
    pt_table_print(&table, screen->page, put_bar, &rows);
    put_rest_below(screen, &rows, pt_table_room(&table));
    pt_table_release(&table);
}

/* What the parts do not tell, or more than they do. */
static void put_limits(const struct pt_screen *screen)
{
    char text[512];
    struct pt_paragraph line = {.indent = 2, .text = text};
    int64_t throttled_ns = pt_growth_of(&screen->model->resources.system.throttled_ns);
    if (throttled_ns > 0) {
        snprintf(text, sizeof text, "The CPU quota of the cgroup was used up for %s.",
                 PT_DURATION(throttled_ns));
        pt_page_paragraph(screen->page, &line);
    }
    for (int why = 0; why < PT_CANNOT_TELL_COUNT; why++) {
        int64_t threads = pt_model_cannot_tell(screen->model, (enum pt_cannot_tell)why);
        if (threads > 0) {
            snprintf(text, sizeof text, "Cannot tell for %" PRId64 " %s: %s.", threads,
                     threads == 1 ? "thread" : "threads",
                     pt_cannot_tell_text((enum pt_cannot_tell)why));
            pt_page_paragraph(screen->page, &line);
        }
    }
}

void pt_screen_partition(const struct pt_screen *screen)
{
    char text[128];
    if (screen->time.wall_ns <= 0) {
        return;
    }
    snprintf(text, sizeof text, "Where the time went: %s of %s %s",
             pt_figure_total(PT_HUMAN_ROOM, screen->time.wall_ns), PT_COUNT(screen->threads),
             screen->threads == 1 ? "thread" : "threads");
    pt_screen_heading(screen, text);
    put_table(screen);
    put_limits(screen);
}

void pt_screen_partition_json(const struct pt_screen *screen, struct pt_json *json)
{
    struct rows rows = rows_of(screen);
    char letter[2] = "";
    pt_json_open_object(json, "partition");
    pt_json_seconds(json, "seconds", screen->time.wall_ns);
    pt_json_int(json, "threads", screen->threads);
    pt_json_open_array(json, "parts");
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *row = &rows.items[i];
        letter[0] = pt_part_words(row->part)->letter;
        pt_json_open_object(json, NULL);
        pt_json_string(json, "part", pt_part_name(row->part));
        pt_json_string(json, "key", letter);
        pt_json_seconds(json, "seconds", row->ns);
        pt_json_double(json, "percent", row->tenths / 10.0);
        pt_json_close_object(json);
    }
    pt_json_close_array(json);
    pt_json_close_object(json);
}
