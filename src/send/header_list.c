/* SPDX-License-Identifier: Apache-2.0 */
#include "send/header_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/usage.h"

#define VARIABLE "OTEL_EXPORTER_OTLP_HEADERS"
#define TOKEN                                                                                      \
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" /* RFC 9110 */

static bool is_value(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return false; /* a line end would begin another header */
        }
    }
    return true;
}

/* Without blanks at both ends, in place. */
static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

static bool add(struct pt_headers *headers, char *name, char *value)
{
    name = trim(name);
    value = trim(value);
    if (name[0] == '\0' || name[strspn(name, TOKEN)] != '\0' || !is_value(value) ||
        headers->count == PT_HEADERS_HIGHEST) {
        return false;
    }
    char **line = &headers->lines[headers->count];
    if (asprintf(line, "%s: %s", name, value) < 0) {
        return false;
    }
    headers->count++;
    return true;
}

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* %41 is A, in place. False for a % without two digits, and for %00. */
static bool decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (*from != '%') {
            *to++ = *from++;
            continue;
        }
        int high = digit_of(from[1]);
        int low = high >= 0 ? digit_of(from[2]) : -1;
        if (low < 0 || (high == 0 && low == 0)) {
            return false;
        }
        *to++ = (char)(high << 4 | low);
        from += 3;
    }
    *to = '\0';
    return true;
}

static bool add_member(struct pt_headers *headers, char *member)
{
    char *equals = strchr(member, '=');
    if (equals == NULL) {
        return trim(member)[0] == '\0';
    }
    *equals = '\0';
    return decode(equals + 1) && add(headers, member, equals + 1);
}

bool pt_headers_from_environment(struct pt_headers *headers)
{
    const char *given = getenv(VARIABLE);
    char *text = strdup(given != NULL ? given : "");
    char *rest = text;
    int position = 0;
    bool good = text != NULL;
    for (char *member; good && (member = strsep(&rest, ",")) != NULL;) {
        position++;
        good = add_member(headers, member);
    }
    free(text);
    if (!good) {
        (void)pt_fail(PT_EXIT_USAGE,
                      VARIABLE " is not valid at header %d; it takes name=value pairs with commas "
                               "between them, and %%XX for other characters in a value",
                      position);
    }
    return good;
}

static bool add_line(struct pt_headers *headers, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *colon = strchr(line, ':');
    if (colon == NULL) {
        return trim(line)[0] == '\0';
    }
    *colon = '\0';
    return add(headers, line, colon + 1);
}

static bool read_lines(struct pt_headers *headers, FILE *file, const char *path)
{
    char line[PT_HEADER_BYTES];
    int position = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        position++;
        bool whole = strchr(line, '\n') != NULL || feof(file);
        if (!whole || !add_line(headers, line)) {
            (void)pt_fail(PT_EXIT_USAGE,
                          "line %d of '%s' is no header; write 'Name: value', at most %d lines of "
                          "%d bytes",
                          position, path, PT_HEADERS_HIGHEST, PT_HEADER_BYTES - 2);
            return false;
        }
    }
    return true;
}

bool pt_headers_from_file(struct pt_headers *headers, const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        (void)pt_fail(PT_EXIT_USAGE, "cannot read the headers in '%s': %s; check its permissions",
                      path, strerror(errno));
        return false;
    }
    bool good = read_lines(headers, file, path);
    if (good && ferror(file)) {
        (void)pt_fail(PT_EXIT_USAGE, "cannot read the headers in '%s'", path);
        good = false;
    }
    fclose(file);
    return good;
}

void pt_headers_release(struct pt_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        explicit_bzero(headers->lines[i], strlen(headers->lines[i]));
        free(headers->lines[i]);
    }
    headers->count = 0;
}
