/* SPDX-License-Identifier: Apache-2.0 */
/* A planned table, as rows or as blocks. */
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/table.h"

#define BLOCK_GAP 2 /* and indent */

static const struct pt_cell *cell_at(const struct pt_table *table, size_t row, size_t column)
{
    return &table->cells[row * table->column_count + column];
}

static const char *text_of(const struct pt_cell *cell)
{
    return cell->text != NULL ? cell->text : "";
}

/* The cell's text in its style, of which a part may be styled only. */
static void put_styled(const struct pt_page *page, const struct pt_cell *cell, const char *text)
{
    if (cell->style_columns == 0) {
        pt_page_put(page, cell->style, text);
        return;
    }
    size_t from = pt_text_fit(text, cell->style_from);
    size_t length = pt_text_fit(text + from, cell->style_columns);
    pt_page_put_n(page, PT_PLAIN, text, from);
    pt_page_put_n(page, cell->style, text + from, length);
    pt_page_put(page, PT_PLAIN, text + from + length);
}

/* ---- names ---- */

static bool is_cut(const struct pt_table *table, size_t row)
{
    return pt_text_columns(text_of(cell_at(table, row, 0))) > table->widths[0];
}

static void cut_name(const struct pt_table *table, size_t row, char *to)
{
    pt_name_cut(to, text_of(cell_at(table, row, 0)), table->widths[0]);
}

/* Room for a cut of either name, and for what cutting adds. */
static char *name_room(const struct pt_table *table, size_t row)
{
    return malloc(strlen(text_of(cell_at(table, row, 0))) + sizeof PT_NAME_DOTS);
}

static bool look_alike(const struct pt_table *table, size_t row, size_t other)
{
    char *one = name_room(table, row);
    char *two = name_room(table, other);
    bool alike = false;
    if (one != NULL && two != NULL) {
        cut_name(table, row, one);
        cut_name(table, other, two);
        alike = strcmp(one, two) == 0;
    }
    free(one);
    free(two);
    return alike;
}

static bool has_twin(const struct pt_table *table, size_t row)
{
    size_t rows = table->cell_count / table->column_count;
    for (size_t other = 0; is_cut(table, row) && other < rows; other++) {
        if (other != row && look_alike(table, row, other)) {
            return true;
        }
    }
    return false;
}

/* Returns the columns that the name takes on the line that the figures follow on. */
static int put_name(const struct pt_table *table, const struct pt_page *page, size_t row)
{
    const struct pt_cell *cell = cell_at(table, row, 0);
    if (!table->columns[0].name || !is_cut(table, row) || page->whole) {
        put_styled(page, cell, text_of(cell));
        return pt_text_columns(text_of(cell));
    }
    if (has_twin(table, row)) {
        put_styled(page, cell, text_of(cell));
        fputc('\n', page->out);
        return 0;
    }
    char *name = name_room(table, row);
    if (name == NULL) {
        return 0;
    }
    cut_name(table, row, name);
    put_styled(page, cell, name);
    int columns = pt_text_columns(name);
    free(name);
    return columns;
}

/* ---- rows ---- */

/*
 * Blanks are owed until text follows them, so that no line ends in blanks.
 */
static void put_cell(const struct pt_table *table, const struct pt_page *page,
                     const struct pt_cell *cell, const char *text, size_t column, int *owed)
{
    int free_columns = table->widths[column] - pt_text_columns(text);
    free_columns = free_columns > 0 ? free_columns : 0;
    bool right = table->columns[column].right;
    *owed += right ? free_columns : 0;
    if (text[0] != '\0') {
        pt_page_pad(page, *owed);
        put_styled(page, cell, text);
        *owed = 0;
    }
    *owed += right ? 0 : free_columns;
}

static bool has_heads(const struct pt_table *table)
{
    bool has = false;
    for (size_t i = 0; i < table->column_count; i++) {
        has |= table->columns[i].head[0] != '\0';
    }
    return has;
}

static void put_head(const struct pt_table *table, const struct pt_page *page)
{
    const struct pt_cell bold = {.style = PT_BOLD};
    bool first = true;
    int owed = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->shown[i]) {
            owed += first ? 0 : table->gap;
            put_cell(table, page, &bold, table->columns[i].head, i, &owed);
            first = false;
        }
    }
    fputc('\n', page->out);
}

static void put_row(const struct pt_table *table, const struct pt_page *page, size_t row,
                    pt_table_tail *tail, const void *context)
{
    int taken = put_name(table, page, row);
    int owed = taken < table->widths[0] ? table->widths[0] - taken : 0;
    for (size_t i = 1; i < table->column_count; i++) {
        if (table->shown[i]) {
            const struct pt_cell *cell = cell_at(table, row, i);
            owed += table->gap;
            put_cell(table, page, cell, text_of(cell), i, &owed);
        }
    }
    char behind[PT_PAGE_MOST + 1] = "";
    if (tail != NULL && pt_table_room(table) > 0) {
        tail(behind, row, pt_table_room(table), context);
    }
    pt_page_pad(page, behind[0] != '\0' ? owed + table->gap : 0);
    pt_page_put(page, PT_PLAIN, behind);
    fputc('\n', page->out);
}

/* ---- blocks ---- */

static bool is_nothing(const char *text)
{
    return text[0] == '\0' || strcmp(text, "-") == 0;
}

static int words_columns(const char *word)
{
    return word != NULL ? pt_text_columns(word) : 0;
}

/* The bytes of `after` that follow `text`: "1 call", "2 calls". */
static size_t after_bytes(const char *text, const char *after)
{
    size_t length = after != NULL ? strlen(after) : 0;
    bool plural = length > 2 && after[length - 1] == 's' && after[length - 2] != '/';
    return plural && strcmp(text, "1") == 0 ? length - 1 : length;
}

static void put_figure(const struct pt_table *table, const struct pt_page *page, size_t row,
                       size_t column, int *at)
{
    const struct pt_column *c = &table->columns[column];
    const char *text = text_of(cell_at(table, row, column));
    size_t after = after_bytes(text, c->after);
    int columns = words_columns(c->before) + pt_text_columns(text) + (int)after;
    if (is_nothing(text)) {
        return;
    }
    if (*at > 0 && (c->begins_line || *at + BLOCK_GAP + columns > page->width)) {
        fputc('\n', page->out);
        *at = 0;
    }
    *at += BLOCK_GAP + columns;
    pt_page_pad(page, BLOCK_GAP);
    pt_page_put(page, PT_PLAIN, c->before != NULL ? c->before : "");
    put_styled(page, cell_at(table, row, column), text);
    pt_page_put_n(page, PT_PLAIN, c->after != NULL ? c->after : "", after);
}

static void put_block(const struct pt_table *table, const struct pt_page *page, size_t row)
{
    int at = 0;
    const struct pt_cell *name = cell_at(table, row, 0);
    put_styled(page, name, text_of(name));
    fputc('\n', page->out);
    for (size_t i = 1; i < table->column_count; i++) {
        put_figure(table, page, row, i, &at);
    }
    if (at > 0) {
        fputc('\n', page->out);
    }
}

void pt_table_print(const struct pt_table *table, const struct pt_page *page, pt_table_tail *tail,
                    const void *context)
{
    size_t rows = table->column_count > 0 ? table->cell_count / table->column_count : 0;
    if (!table->blocks && has_heads(table)) {
        put_head(table, page);
    } else if (has_heads(table)) {
        pt_page_put(page, PT_BOLD, table->columns[0].head);
        fputc('\n', page->out);
    }
    for (size_t row = 0; row < rows; row++) {
        if (table->blocks) {
            put_block(table, page, row);
        } else {
            put_row(table, page, row, tail, context);
        }
    }
}
