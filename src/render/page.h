/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h: what a text view is printed on: the stream, its width, and whether it shows colours.
 *
 * Width: COLUMNS, else that of the terminal, else 80 columns, from PT_PAGE_LEAST to PT_PAGE_MOST.
 * Below PT_PAGE_TABLES there are no tables. A stream that is no terminal has PT_PAGE_PIPE columns
 * whatever COLUMNS says, so that the same log gives the same bytes everywhere, and shows every name
 * whole.
 *
 * Colours are 16-colour codes without a background, never black, white or blue, which disappear on
 * some terminals. No fact is in a colour alone. They are off in a pipe, with TERM=dumb or a
 * NO_COLOR that is not empty; --color=always and --color=never override all of that.
 *
 * Nothing is buffered beyond the stream, whose errors are left to the caller. One thread per page.
 */
#ifndef PHASETAP_PAGE_H
#define PHASETAP_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#define PT_PAGE_LEAST   24
#define PT_PAGE_TABLES  60
#define PT_PAGE_DEFAULT 80
#define PT_PAGE_PIPE    100
#define PT_PAGE_MOST    160

struct pt_page {
    FILE *out;
    int width;   /* columns */
    bool colour; /* escape sequences may be written */
    bool whole;  /* names are never shortened */
};

enum pt_style {
    PT_PLAIN,
    PT_BOLD, /* headings, and the sentence of a verdict */
    PT_WARN, /* yellow */
    PT_BAD,  /* red: data that was not written */
    PT_KEY,  /* cyan: the letter of a part */
};

enum pt_colours { PT_COLOURS_AUTO, PT_COLOURS_ALWAYS, PT_COLOURS_NEVER };

/* Facts about the stream; the environment's values may be NULL. */
struct pt_page_facts {
    bool terminal;
    int terminal_columns; /* 0: not known */
    const char *columns, *term, *no_color;
};

/* Takes the facts from the stream and the environment. */
void pt_page_init(struct pt_page *page, FILE *out, enum pt_colours colours);
/* The same from given facts. */
void pt_page_decide(struct pt_page *page, FILE *out, enum pt_colours colours,
                    const struct pt_page_facts *facts);

static inline bool pt_page_is_narrow(const struct pt_page *page)
{
    return page->width < PT_PAGE_TABLES;
}

/* Writes `text`, which holds no text of a log that has not passed text/safe_text.h. */
void pt_page_put(const struct pt_page *page, enum pt_style style, const char *text);
void pt_page_put_n(const struct pt_page *page, enum pt_style style, const char *text,
                   size_t length);
void pt_page_pad(const struct pt_page *page, int columns);

/*
 * Writes words of `text` in lines of at most the page's width, each of which ends with a newline.
 * The first line begins with `first`, the others with `indent` blanks. A number and its unit stay
 * together; a word that is longer than a line has a line of its own. `tag` (NULL: none) stands at
 * the right edge of the first line. Passes `text` through safe_text.h.
 */
struct pt_paragraph {
    const char *first, *text, *tag;
    int indent;
    enum pt_style first_style, style;
};
void pt_page_paragraph(const struct pt_page *page, const struct pt_paragraph *paragraph);

#endif
