/* SPDX-License-Identifier: Apache-2.0 */
/*
 * columns.h: how many columns of a terminal a text takes, and names that are cut to fit some.
 * Texts have passed text/safe_text.h, so they are valid UTF-8 without control characters. The
 * widths of characters are those of Unicode's East Asian Width in blocks; locales play no part,
 * so that output does not depend on them. Any thread.
 */
#ifndef PHASETAP_COLUMNS_H
#define PHASETAP_COLUMNS_H

#include <stddef.h>

#define PT_NAME_LEAST 24 /* a name is never cut below that */
#define PT_NAME_HEAD  4  /* kept of its beginning, as that of a database is */
#define PT_NAME_DOTS  "..."

int pt_text_columns(const char *text);

/* The number of bytes at the beginning of `text` that take at most `columns`. */
size_t pt_text_fit(const char *text, int columns);

/*
 * Writes `name` in at most `columns` (PT_NAME_LEAST or more): whole where it fits, else its first
 * PT_NAME_HEAD columns, PT_NAME_DOTS and as much of its end as fits. `to` holds as many bytes as
 * `name` and its final zero, and 4 more.
 */
void pt_name_cut(char *to, const char *name, int columns);

#endif
