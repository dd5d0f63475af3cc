/* SPDX-License-Identifier: Apache-2.0 */
#include "json_check.h"

#include <string.h>

#define DEPTH_HIGHEST 128

/* `at` ends with a zero byte, which no JSON holds. */
struct reader {
    const char *at;
    int depth;
};

static bool read_value(struct reader *reader);

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \n");
}

static bool take(struct reader *reader, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0) {
        return false;
    }
    reader->at += length;
    return true;
}

static bool read_escape(struct reader *reader)
{
    if (*reader->at == 'u') {
        bool good = strspn(reader->at + 1, "0123456789abcdef") >= 4;
        reader->at += good ? 5 : 0;
        return good;
    }
    bool good = *reader->at != '\0' && strchr("\"\\/bfnrt", *reader->at) != NULL;
    reader->at += good;
    return good;
}

static bool read_string(struct reader *reader)
{
    if (!take(reader, "\"")) {
        return false;
    }
    while (*reader->at >= 0x20 && *reader->at < 0x7F && *reader->at != '"') {
        if (*reader->at++ == '\\' && !read_escape(reader)) {
            return false;
        }
    }
    return take(reader, "\"");
}

static bool read_digits(struct reader *reader)
{
    size_t count = strspn(reader->at, "0123456789");
    reader->at += count;
    return count > 0;
}

static bool read_number(struct reader *reader)
{
    take(reader, "-");
    if (!take(reader, "0") && !read_digits(reader)) {
        return false;
    }
    if (take(reader, ".") && !read_digits(reader)) {
        return false;
    }
    if (!take(reader, "e") && !take(reader, "E")) {
        return true;
    }
    bool sign = take(reader, "+") || take(reader, "-");
    (void)sign;
    return read_digits(reader);
}

static bool read_members(struct reader *reader, bool keys, const char *end)
{
    skip_blanks(reader);
    if (take(reader, end)) {
        return true;
    }
    do {
        skip_blanks(reader);
        if (keys && (!read_string(reader) || !take(reader, ":"))) {
            return false;
        }
        if (!read_value(reader)) {
            return false;
        }
        skip_blanks(reader);
    } while (take(reader, ","));
    return take(reader, end);
}

static bool read_container(struct reader *reader)
{
    bool object = *reader->at++ == '{';
    if (++reader->depth > DEPTH_HIGHEST) {
        return false;
    }
    bool good = read_members(reader, object, object ? "}" : "]");
    reader->depth--;
    return good;
}

static bool read_value(struct reader *reader)
{
    skip_blanks(reader);
    if (*reader->at == '{' || *reader->at == '[') {
        return read_container(reader);
    }
    if (*reader->at == '"') {
        return read_string(reader);
    }
    return take(reader, "true") || take(reader, "false") || take(reader, "null") ||
           read_number(reader);
}

bool json_is_valid(const char *text, size_t length)
{
    struct reader reader = {.at = text};
    for (skip_blanks(&reader); *reader.at != '\0'; skip_blanks(&reader)) {
        if (!read_value(&reader)) {
            return false;
        }
    }
    return reader.at == text + length;
}
