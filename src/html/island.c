/* SPDX-License-Identifier: Apache-2.0 */
#include "html/island.h"

#include <string.h>
#include <sys/types.h>

static const char *escape_of(char character)
{
    switch (character) {
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    case '&':
        return "\\u0026";
    default:
        return NULL;
    }
}

static ssize_t write_escaped(void *cookie, const char *text, size_t length)
{
    FILE *to = cookie;
    size_t begin = 0;
    for (size_t at = 0; at < length; at++) {
        const char *escape = escape_of(text[at]);
        if (escape != NULL) {
            fwrite(text + begin, 1, at - begin, to);
            fputs(escape, to);
            begin = at + 1;
        }
    }
    fwrite(text + begin, 1, length - begin, to);
    return ferror(to) ? 0 : (ssize_t)length;
}

FILE *pt_island_open(FILE *to)
{
    return fopencookie(to, "w", (cookie_io_functions_t){.write = write_escaped});
}
