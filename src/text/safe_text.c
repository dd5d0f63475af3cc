/* SPDX-License-Identifier: Apache-2.0 */
#include "text/safe_text.h"

#include <string.h>

/*
 * First and last of each range, in order. Unicode's controls (Cc), format characters (Cf), line and
 * paragraph separators, and the letters that are shown as nothing: Hangul fillers, Khmer inherent
 * vowels, variation selectors, the combining grapheme joiner.
 */
static const uint32_t hidden[][2] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
    {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x2028, 0x202E},   {0x2060, 0x206F},   {0x2800, 0x2800},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool pt_point_is_hidden(uint32_t point)
{
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0] && point >= hidden[i][0]; i++) {
        if (point <= hidden[i][1]) {
            return true;
        }
    }
    return false;
}

/* Bytes of the character that begins so, 0 for a byte that begins none. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

size_t pt_utf8_next(const char *text, size_t left, uint32_t *ret_point)
{
    static const uint32_t lowest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = length_of(bytes[0]);
    *ret_point = length == 1 ? bytes[0] : PT_UTF8_INVALID;
    if (length < 2 || length > left) {
        return 1;
    }
    uint32_t point = bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 1;
        }
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    if (point < lowest[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
        return 1;
    }
    *ret_point = point;
    return length;
}

/* The safe form of the next character in `form`; returns how many bytes of `text` it stands for. */
static size_t next_form(const char *text, size_t left, char form[PT_SAFE_CHARACTER_BYTES])
{
    uint32_t point;
    size_t length = pt_utf8_next(text, left, &point);
    if (point == PT_UTF8_INVALID) {
        snprintf(form, PT_SAFE_CHARACTER_BYTES, "\\x%02x", (unsigned char)text[0]);
    } else if (pt_point_is_hidden(point)) {
        snprintf(form, PT_SAFE_CHARACTER_BYTES, point > 0xFFFF ? "\\U%08x" : "\\u%04x", point);
    } else {
        memcpy(form, text, length);
        form[length] = '\0';
    }
    return length;
}

char *pt_safe_text(char *to, size_t room, const char *from)
{
    char form[PT_SAFE_CHARACTER_BYTES];
    size_t left = strlen(from);
    size_t used = 0;
    while (left > 0) {
        size_t length = next_form(from, left, form);
        size_t form_bytes = strlen(form);
        if (used + form_bytes >= room) {
            break;
        }
        memcpy(to + used, form, form_bytes);
        used += form_bytes;
        from += length;
        left -= length;
    }
    to[used] = '\0';
    return to;
}

void pt_put_safe(FILE *out, const char *text)
{
    char form[PT_SAFE_CHARACTER_BYTES];
    for (size_t left = strlen(text); left > 0;) {
        size_t length = next_form(text, left, form);
        fputs(form, out);
        text += length;
        left -= length;
    }
}
