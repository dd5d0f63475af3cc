/* SPDX-License-Identifier: Apache-2.0 */
#include "manual/roff.h"

#include <stdbool.h>
#include <string.h>

/* What roff would change or take for its own. */
static const char *escape(char c)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

void pt_roff_put(FILE *out, const char *text, size_t length)
{
    if (length > 0 && text[0] == '.') {
        fputs("\\&", out);
    }
    for (size_t i = 0; i < length; i++) {
        const char *escaped = escape(text[i]);
        if (escaped != NULL) {
            fputs(escaped, out);
        } else {
            putc(text[i], out);
        }
    }
}

void pt_roff_text(FILE *out, const char *text)
{
    pt_roff_put(out, text, strlen(text));
}

static bool is_example(const char *line, size_t length)
{
    return length > 2 && line[0] == ' ' && line[1] == ' ';
}

/* What was put last: mandoc minds a paragraph where there is one. */
enum place { AT_START, IN_TEXT, IN_EXAMPLE };

static void go_to(FILE *out, enum place *place, enum place next)
{
    if (*place == IN_EXAMPLE && next != IN_EXAMPLE) {
        fputs(".fi\n.RE\n", out);
    }
    if (*place != next && *place != AT_START) {
        fputs(".PP\n", out);
    }
    if (*place != IN_EXAMPLE && next == IN_EXAMPLE) {
        fputs(".RS 4\n.nf\n", out);
    }
    *place = next;
}

static void put_line(FILE *out, const char *line, size_t length, enum place *place)
{
    bool example = is_example(line, length);
    if (length == 0) {
        go_to(out, place, AT_START);
        return;
    }
    go_to(out, place, example ? IN_EXAMPLE : IN_TEXT);
    size_t skipped = example ? 2 : 0;
    pt_roff_put(out, line + skipped, length - skipped);
    putc('\n', out);
}

void pt_roff_lines(FILE *out, const char *text, size_t length)
{
    const char *end = text + length;
    enum place place = AT_START;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline != NULL ? newline : end;
        put_line(out, text, (size_t)(line_end - text), &place);
        text = line_end + 1;
    }
    if (place == IN_EXAMPLE) {
        fputs(".fi\n.RE\n", out);
    }
}
