/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h: a table that fits the page. Numbers stand right, names left, two blanks apart, without
 * rules. In this order, until it fits:
 *
 * 1. A column with nothing but "" and "-" is left out.
 * 2. Columns that have a `rank` join in its order as long as there is room. The first that does not
 *    fit ends it, so that a wider page never loses a column. Those that are `eager` also join with
 *    one blank between all columns, and those that are `base` even where names must be cut for it.
 * 3. Names are cut in their middle, not below 24 columns (columns.h). If two names would look alike
 *    both stay whole, on lines of their own above their figures.
 *
 * On a page that shows every name whole (page.h), a row with a long name is longer than the others.
 * On a narrow page each row is a block: its name, then its figures with the words that its columns
 * give for it. So is a row of a table whose figures fit in no other way, but not one of a table
 * without ranks that fits.
 *
 * Life cycle: pt_table_init(), rows, pt_table_plan(), a look at pt_table_room() for a column that
 * takes what is left, pt_table_print(), pt_table_release(). The table owns copies of its cells;
 * without memory a cell is empty. One thread.
 */
#ifndef PHASETAP_TABLE_H
#define PHASETAP_TABLE_H

#include "render/page.h"

#define PT_TABLE_COLUMNS 16

struct pt_column {
    const char *head;
    int rank;                   /* 0: always there; the lowest of the others joins first */
    bool right;                 /* numbers */
    bool name;                  /* may be cut; only the first column */
    bool eager, base;           /* see above */
    const char *before, *after; /* its words in a block, with their blanks; NULL: none */
    bool begins_line;           /* in a block */
};

struct pt_cell {
    char *text; /* owned; NULL: empty */
    enum pt_style style;
    int style_from, style_columns; /* of the styled part; 0 columns: all of it */
};

struct pt_table {
    const struct pt_column *columns;
    size_t column_count;
    struct pt_cell *cells; /* column_count for each row */
    size_t cell_count, cell_room;
    bool shown[PT_TABLE_COLUMNS];
    int widths[PT_TABLE_COLUMNS];
    int gap;
    int page_width;
    bool blocks; /* rows are blocks */
};

/* `columns` outlives the table; at most PT_TABLE_COLUMNS. */
void pt_table_init(struct pt_table *table, const struct pt_column *columns, size_t count);
void pt_table_release(struct pt_table *table);

/* The next cell, row by row. The text of `name` may be from a log: it passes safe_text.h; that of
 * `text` has no such part. */
void pt_table_name(struct pt_table *table, const char *indent, const char *name);
void pt_table_cell(struct pt_table *table, const char *text);
/* Gives the last cell a style. */
void pt_table_style(struct pt_table *table, enum pt_style style, int from, int columns);

void pt_table_plan(struct pt_table *table, const struct pt_page *page);
/* Columns of the page that the planned table leaves, less a gap; 0 in blocks. */
int pt_table_room(const struct pt_table *table);
bool pt_table_shows(const struct pt_table *table, size_t column);
/* Writes what stands behind the row of that number, at most `room` columns of ASCII, into `to`,
 * which is empty and holds PT_PAGE_MOST + 1 bytes. */
typedef void pt_table_tail(char *to, size_t row, int room, const void *context);
/* `tail` may be NULL. */
void pt_table_print(const struct pt_table *table, const struct pt_page *page, pt_table_tail *tail,
                    const void *context);

#endif
