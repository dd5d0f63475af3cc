/* SPDX-License-Identifier: Apache-2.0 */
#include "render/page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int clamp_width(long width)
{
    if (width < PT_PAGE_LEAST) {
        return PT_PAGE_LEAST;
    }
    return width > PT_PAGE_MOST ? PT_PAGE_MOST : (int)width;
}

static int width_of(const struct pt_page_facts *facts)
{
    char *end = NULL;
    if (!facts->terminal) {
        return PT_PAGE_PIPE;
    }
    long given = facts->columns != NULL ? strtol(facts->columns, &end, 10) : 0;
    if (given > 0 && *end == '\0') {
        return clamp_width(given);
    }
    return facts->terminal_columns > 0 ? clamp_width(facts->terminal_columns) : PT_PAGE_DEFAULT;
}

static bool shows_colours(const struct pt_page_facts *facts)
{
    bool refused = facts->no_color != NULL && facts->no_color[0] != '\0';
    bool dumb = facts->term == NULL || facts->term[0] == '\0' || strcmp(facts->term, "dumb") == 0;
    return facts->terminal && !refused && !dumb;
}

void pt_page_decide(struct pt_page *page, FILE *out, enum pt_colours colours,
                    const struct pt_page_facts *facts)
{
    page->out = out;
    page->width = width_of(facts);
    page->whole = !facts->terminal;
    page->colour = colours == PT_COLOURS_AUTO ? shows_colours(facts) : colours == PT_COLOURS_ALWAYS;
}

void pt_page_init(struct pt_page *page, FILE *out, enum pt_colours colours)
{
    struct winsize size;
    int fd = fileno(out);
    struct pt_page_facts facts = {.terminal = isatty(fd) == 1,
                                  .columns = getenv("COLUMNS"),
                                  .term = getenv("TERM"),
                                  .no_color = getenv("NO_COLOR")};
    if (facts.terminal && ioctl(fd, TIOCGWINSZ, &size) == 0) {
        facts.terminal_columns = size.ws_col;
    }
    pt_page_decide(page, out, colours, &facts);
}

void pt_page_put_n(const struct pt_page *page, enum pt_style style, const char *text, size_t length)
{
    static const char *const codes[] = {[PT_BOLD] = "\x1b[1m",
                                        [PT_WARN] = "\x1b[33m",
                                        [PT_BAD] = "\x1b[31m",
                                        [PT_KEY] = "\x1b[36m"};
    bool styled = page->colour && style != PT_PLAIN && length > 0;
    if (styled) {
        fputs(codes[style], page->out);
    }
    fwrite(text, 1, length, page->out);
    if (styled) {
        fputs("\x1b[0m", page->out);
    }
}

void pt_page_put(const struct pt_page *page, enum pt_style style, const char *text)
{
    pt_page_put_n(page, style, text, strlen(text));
}

void pt_page_pad(const struct pt_page *page, int columns)
{
    if (columns > 0) {
        fprintf(page->out, "%*s", columns, "");
    }
}
