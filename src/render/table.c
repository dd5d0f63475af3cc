/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a table, and which columns it shows in which width. */
#include "render/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "render/columns.h"
#include "text/safe_text.h"

void pt_table_init(struct pt_table *table, const struct pt_column *columns, size_t count)
{
    *table = (struct pt_table){.columns = columns, .column_count = count, .gap = 2};
}

void pt_table_release(struct pt_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i].text);
    }
    free(table->cells);
    *table = (struct pt_table){.columns = NULL};
}

/* Takes `text`, which may be NULL. Without memory for the cell itself the table ends early. */
static void add(struct pt_table *table, char *text)
{
    struct pt_cell *cells = pt_array_reach(table->cells, &table->cell_room, table->cell_count, 64,
                                           sizeof *table->cells);
    if (cells == NULL) {
        free(text);
        return;
    }
    table->cells = cells;
    cells[table->cell_count++] = (struct pt_cell){.text = text};
}

void pt_table_cell(struct pt_table *table, const char *text)
{
    add(table, strdup(text));
}

void pt_table_name(struct pt_table *table, const char *indent, const char *name)
{
    size_t room = strlen(name) * PT_SAFE_CHARACTER_BYTES + strlen(indent) + 1;
    char *text = malloc(room);
    if (text != NULL) {
        strcpy(text, indent);
        pt_safe_text(text + strlen(indent), room - strlen(indent), name);
    }
    add(table, text);
}

void pt_table_style(struct pt_table *table, enum pt_style style, int from, int columns)
{
    if (table->cell_count > 0) {
        struct pt_cell *cell = &table->cells[table->cell_count - 1];
        cell->style = style;
        cell->style_from = from;
        cell->style_columns = columns;
    }
}

static const char *text_at(const struct pt_table *table, size_t row, size_t column)
{
    const char *text = table->cells[row * table->column_count + column].text;
    return text != NULL ? text : "";
}

static size_t row_count(const struct pt_table *table)
{
    return table->column_count > 0 ? table->cell_count / table->column_count : 0;
}

/* The width of a column, 0 when it is empty. */
static int measure(const struct pt_table *table, size_t column)
{
    int width = pt_text_columns(table->columns[column].head);
    bool empty = true;
    for (size_t row = 0; row < row_count(table); row++) {
        const char *text = text_at(table, row, column);
        int columns = pt_text_columns(text);
        empty = empty && (text[0] == '\0' || strcmp(text, "-") == 0);
        width = columns > width ? columns : width;
    }
    return empty ? 0 : width;
}

static int planned(const struct pt_table *table, int gap)
{
    int width = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->shown[i]) {
            width += table->widths[i] + (width > 0 ? gap : 0);
        }
    }
    return width;
}

/* The names' column as narrow as it can be, so that the others are judged by what they need. */
static int least_name(const struct pt_table *table)
{
    int head = pt_text_columns(table->columns[0].head);
    int least = head > PT_NAME_LEAST ? head : PT_NAME_LEAST;
    return table->widths[0] < least ? table->widths[0] : least;
}

/* Columns beyond the page when names are cut as far as `column` may demand. */
static int excess(const struct pt_table *table, size_t column, int gap)
{
    int spared = table->columns[column].base && table->columns[0].name
                     ? table->widths[0] - least_name(table)
                     : 0;
    return planned(table, gap) - spared - table->page_width;
}

static bool joins(struct pt_table *table, size_t column)
{
    const struct pt_column *c = &table->columns[column];
    table->shown[column] = true;
    if (excess(table, column, table->gap) <= 0) {
        return true;
    }
    if ((c->eager || c->base) && excess(table, column, 1) <= 0) {
        table->gap = 1;
        return true;
    }
    table->shown[column] = false;
    return false;
}

/* The column with the lowest rank above `rank`; column_count when there is none. */
static size_t next_by_rank(const struct pt_table *table, int rank)
{
    size_t best = table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        int own = table->columns[i].rank;
        if (own > rank && (best == table->column_count || own < table->columns[best].rank)) {
            best = i;
        }
    }
    return best;
}

static void join_columns(struct pt_table *table)
{
    int rank = 0;
    for (;;) {
        size_t next = next_by_rank(table, rank);
        if (next == table->column_count) {
            return;
        }
        rank = table->columns[next].rank;
        if (table->widths[next] > 0 && !joins(table, next)) {
            return;
        }
    }
}

/* The widest name that leaves room for all columns shown; the longer ones are cut or stick out. */
static void fit_name(struct pt_table *table)
{
    int over = planned(table, table->gap) - table->page_width;
    int least = least_name(table);
    if (table->columns[0].name && over > 0) {
        int width = table->widths[0] - over;
        table->widths[0] = width > least ? width : least;
    }
    table->blocks = planned(table, table->gap) > table->page_width;
}

/* All of it fits on a narrow page. */
static bool is_small(const struct pt_table *table)
{
    return planned(table, table->gap) <= table->page_width &&
           next_by_rank(table, 0) == table->column_count;
}

void pt_table_plan(struct pt_table *table, const struct pt_page *page)
{
    table->page_width = page->width;
    table->gap = 2;
    for (size_t i = 0; i < table->column_count; i++) {
        table->widths[i] = measure(table, i);
        table->shown[i] = table->columns[i].rank == 0 && table->widths[i] > 0;
    }
    table->blocks = pt_page_is_narrow(page) && !is_small(table);
    if (table->blocks) {
        return;
    }
    if (planned(table, 2) - table->widths[0] + least_name(table) > page->width) {
        table->gap = 1;
    }
    join_columns(table);
    fit_name(table);
}

int pt_table_room(const struct pt_table *table)
{
    int room = table->page_width - planned(table, table->gap) - table->gap;
    return table->blocks || room < 0 ? 0 : room;
}

bool pt_table_shows(const struct pt_table *table, size_t column)
{
    return table->blocks ? table->widths[column] > 0 : table->shown[column];
}
