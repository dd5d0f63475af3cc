/* SPDX-License-Identifier: Apache-2.0 */
/* Collections and servers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "render/places.h"
#include "render/screen_sections.h"

#define PLACES_FIT 3

/* One screen of 80 columns has no line to spare for them. */
#define WIDTH_FOR_PLACES 100

static const char *time_text(char *text, int64_t ns)
{
    return ns > 0 ? pt_human_duration(text, ns) : strcpy(text, "-");
}

static void add_place(struct pt_table *table, const struct pt_place *place)
{
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, place->read));
    pt_table_cell(table, time_text(PT_HUMAN_ROOM, place->read_ns));
    pt_table_cell(table, pt_figure_count(PT_HUMAN_ROOM, place->written));
    pt_table_cell(table, time_text(PT_HUMAN_ROOM, place->write_ns));
    pt_table_cell(table, place->write_ns > 0 ? PT_COUNT(place->refused) : "-");
    pt_table_cell(table, time_text(PT_HUMAN_ROOM, place->index_ns));
}

static size_t rows_of(const struct pt_screen *screen, size_t count)
{
    size_t rows = pt_screen_rows(screen, count, count);
    bool limited = !screen->options->all && screen->options->top == 0;
    return limited && rows > PLACES_FIT && count > PLACES_FIT + 1 ? PLACES_FIT : rows;
}

static void put_rest(struct pt_table *table, const struct pt_places *places, size_t shown)
{
    struct pt_place rest = {.name_space = NULL};
    char name[32];
    if (shown == places->count) {
        return;
    }
    for (size_t i = shown; i < places->count; i++) {
        pt_place_add(&rest, &places->rows[i]);
    }
    snprintf(name, sizeof name, "%zu more", places->count - shown);
    pt_table_cell(table, name);
    add_place(table, &rest);
}

static void put_places(const struct pt_screen *screen, const struct pt_places *places)
{
    static const struct pt_column columns[] = {
        {.head = "Collection", .name = true},
        {.head = "read", .right = true, .after = " read"},
        {.head = "read time", .right = true, .before = "in "},
        {.head = "written", .right = true, .after = " written"},
        {.head = "write time", .right = true, .before = "in "},
        {.head = "refused", .right = true, .after = " refused"},
        {.head = "index built", .right = true, .rank = 1, .before = "index "}};
    struct pt_table table;
    size_t shown = rows_of(screen, places->count);
    pt_table_init(&table, columns, 7);
    for (size_t i = 0; i < shown; i++) {
        pt_table_name(&table, "", places->rows[i].name_space);
        add_place(&table, &places->rows[i]);
    }
    put_rest(&table, places, shown);
    pt_table_plan(&table, screen->page);
    pt_table_print(&table, screen->page, NULL, NULL);
    pt_table_release(&table);
}

static void add_server(struct pt_table *table, const struct pt_server_use *server)
{
    pt_table_name(table, "", server->address != NULL ? server->address : "(not known)");
    pt_table_cell(table, PT_COUNT(server->commands));
    pt_table_cell(table, PT_DURATION(server->sum_ns));
    pt_table_cell(table, time_text(PT_HUMAN_ROOM, server->floor_ns));
    pt_table_cell(table, PT_DURATION(server->max_ns));
    pt_table_cell(table, PT_COUNT(server->failed));
}

static void put_servers(const struct pt_screen *screen)
{
    static const struct pt_column columns[] = {
        {.head = "Server", .name = true},
        {.head = "commands", .right = true, .after = " commands"},
        {.head = "time", .right = true},
        {.head = "fastest", .right = true, .before = "fastest "},
        {.head = "slowest", .right = true, .rank = 1, .before = "slowest "},
        {.head = "failed", .right = true, .after = " failed"}};
    const struct pt_servers *servers = &screen->model->servers;
    struct pt_table table;
    size_t shown = pt_screen_rows(screen, servers->count, servers->count);
    pt_table_init(&table, columns, 6);
    for (size_t i = 0; i < shown; i++) {
        add_server(&table, &servers->rows[i]);
    }
    pt_table_plan(&table, screen->page);
    pt_table_print(&table, screen->page, NULL, NULL);
    pt_table_release(&table);
    if (shown < servers->count) {
        fprintf(screen->page->out, "%zu more\n", servers->count - shown);
    }
}

/* Calls that name no collection, such as ping, are in the table of phases. */
static void leave_out_nameless(struct pt_places *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < places->count; i++) {
        if (places->rows[i].name_space != NULL) {
            places->rows[kept++] = places->rows[i];
        }
    }
    places->count = kept;
}

void pt_screen_places(const struct pt_screen *screen)
{
    const struct pt_screen_options *options = screen->options;
    bool wide = screen->page->width >= WIDTH_FOR_PLACES || options->all;
    bool servers = screen->model->servers.count > 0 &&
                   (options->all || (wide && screen->model->servers.count > 1));
    struct pt_places places;
    pt_places_make(&places, screen->model);
    leave_out_nameless(&places);
    bool collections = wide && places.count > 1;
    if (collections || (options->all && places.count > 0)) {
        put_places(screen, &places);
        collections = true;
    }
    free(places.rows);
    if (servers) {
        put_servers(screen);
    }
    if (collections || servers) {
        pt_screen_blank(screen);
    }
}

static void put_place_json(struct pt_json *json, const struct pt_place *place)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "namespace", place->name_space);
    pt_json_int(json, "documents_read", place->read);
    pt_json_seconds(json, "read_seconds", place->read_ns);
    pt_json_int(json, "documents_written", place->written);
    pt_json_seconds(json, "write_seconds", place->write_ns);
    pt_json_int(json, "not_done", place->refused);
    pt_json_seconds(json, "index_seconds", place->index_ns);
    pt_json_seconds(json, "seconds", place->all_ns);
    pt_json_close_object(json);
}

static void put_server_json(struct pt_json *json, const struct pt_server_use *server)
{
    pt_json_open_object(json, NULL);
    pt_json_string(json, "address", server->address);
    pt_json_int(json, "commands", server->commands);
    pt_json_seconds(json, "seconds", server->sum_ns);
    pt_json_seconds_or_null(json, "fastest_seconds", server->floor_ns > 0 ? server->floor_ns : -1);
    pt_json_seconds(json, "slowest_seconds", server->max_ns);
    pt_json_int(json, "failed", server->failed);
    pt_json_close_object(json);
}

void pt_screen_places_json(const struct pt_screen *screen, struct pt_json *json)
{
    struct pt_places places;
    pt_places_make(&places, screen->model);
    pt_json_open_array(json, "collections");
    for (size_t i = 0; i < places.count; i++) {
        put_place_json(json, &places.rows[i]);
    }
    pt_json_close_array(json);
    free(places.rows);
    pt_json_open_array(json, "servers");
    for (size_t i = 0; i < screen->model->servers.count; i++) {
        put_server_json(json, &screen->model->servers.rows[i]);
    }
    pt_json_close_array(json);
}
