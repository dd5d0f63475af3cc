/* SPDX-License-Identifier: Apache-2.0 */
#include "text/option_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit {
    int64_t scale;
    const char *name;
};

/* Largest first; the last one divides everything. */
static const struct unit size_units[] = {
    {PT_MIB * 1024 * 1024, "TiB"},
    {PT_MIB * 1024, "GiB"},
    {PT_MIB, "MiB"},
    {1024, "KiB"},
    {1, "bytes"},
};
static const struct unit time_units[] = {
    {3600 * PT_SECOND_NS, "h"},
    {60 * PT_SECOND_NS, "min"},
    {PT_SECOND_NS, "s"},
    {PT_SECOND_NS / 1000, "ms"},
    {1000, "us"},
    {1, "ns"},
};

const struct pt_option *pt_option_find(const char *variable)
{
    for (size_t i = 0; i < PT_OPTION_COUNT; i++) {
        if (strcmp(variable, pt_option_table[i].variable) == 0) {
            return &pt_option_table[i];
        }
    }
    return NULL;
}

static const char *in_units(const struct unit *unit, int64_t value, char *text)
{
    while (value == 0 ? unit->scale > 1 : value % unit->scale != 0) {
        unit++;
    }
    snprintf(text, PT_OPTION_TEXT_BYTES, "%" PRId64 " %s", value / unit->scale, unit->name);
    return text;
}

/* The word at this position of a list separated by '|'. */
static const char *word_at(const char *words, int64_t position, char *text)
{
    while (position-- > 0 && *words != '\0') {
        words += strcspn(words, "|");
        words += *words == '|';
    }
    snprintf(text, PT_OPTION_TEXT_BYTES, "%.*s", (int)strcspn(words, "|"), words);
    return text;
}

static const char *rotation_shown(int64_t value, char *text)
{
    char size[PT_OPTION_TEXT_BYTES];
    if (value == 0) {
        return word_at("off", 0, text);
    }
    snprintf(text, PT_OPTION_TEXT_BYTES, "%.40s, %d kept",
             in_units(size_units, PT_ROTATION_BYTES(value), size), PT_ROTATION_COUNT(value));
    return text;
}

const char *pt_option_shown(const struct pt_option *option, int64_t value, char *text)
{
    switch (option->kind) {
    case PT_VALUE_SECONDS:
        return in_units(time_units, value, text);
    case PT_VALUE_BYTES:
        return in_units(size_units, value, text);
    case PT_VALUE_SWITCH:
        return word_at("off|on", value != 0, text);
    case PT_VALUE_CHOICE:
        return word_at(option->words, value, text);
    case PT_VALUE_ROTATION:
        return rotation_shown(value, text);
    case PT_VALUE_PATH:
        break;
    }
    return word_at("the default", 0, text);
}

const char *pt_option_canonical(const struct pt_option *option, int64_t value, char *text)
{
    if (option->kind == PT_VALUE_CHOICE) {
        return word_at(option->words, value, text);
    }
    if (option->kind == PT_VALUE_SECONDS) {
        snprintf(text, PT_OPTION_TEXT_BYTES, "%" PRId64 ".%09" PRId64 "s",
                 (int64_t)(value / PT_SECOND_NS), (int64_t)(value % PT_SECOND_NS));
    } else if (option->kind == PT_VALUE_ROTATION && value != 0) {
        snprintf(text, PT_OPTION_TEXT_BYTES, "%" PRId64 ":%d", (int64_t)PT_ROTATION_BYTES(value),
                 PT_ROTATION_COUNT(value));
    } else {
        snprintf(text, PT_OPTION_TEXT_BYTES, "%" PRId64, value);
    }
    return text;
}

/* "one of plain, alias, hash". */
static void put_words(const char *words, char *text)
{
    size_t at = (size_t)snprintf(text, PT_OPTION_TEXT_BYTES, "one of");
    for (const char *comma = ""; *words != '\0' && at < PT_OPTION_TEXT_BYTES; comma = ",") {
        int length = (int)strcspn(words, "|");
        at +=
            (size_t)snprintf(text + at, PT_OPTION_TEXT_BYTES - at, "%s %.*s", comma, length, words);
        words += length + (words[length] == '|');
    }
}

const char *pt_option_accepts(const struct pt_option *option, char *text)
{
    char lowest[PT_OPTION_TEXT_BYTES];
    char highest[PT_OPTION_TEXT_BYTES];
    bool is_time = option->kind == PT_VALUE_SECONDS;
    if (is_time || option->kind == PT_VALUE_BYTES) {
        snprintf(text, PT_OPTION_TEXT_BYTES, "a %s from %.40s to %.40s such as %s",
                 is_time ? "time" : "size", pt_option_shown(option, option->minimum, lowest),
                 pt_option_shown(option, option->maximum, highest),
                 is_time ? "500ms or 2.5s" : "64M or 1.5G");
    } else if (option->kind == PT_VALUE_CHOICE) {
        put_words(option->words, text);
    } else if (option->kind == PT_VALUE_ROTATION) {
        snprintf(text, PT_OPTION_TEXT_BYTES, "off, or a size from 64 KiB on with a count: 64M:5");
    } else {
        const char *what = option->kind == PT_VALUE_SWITCH ? "0 or 1" : "a shorter path";
        snprintf(text, PT_OPTION_TEXT_BYTES, "%s", what);
    }
    return text;
}
