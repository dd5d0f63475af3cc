/* SPDX-License-Identifier: Apache-2.0 */
#include "render/columns.h"

#include <string.h>

#include "text/safe_text.h"

struct block {
    uint32_t first, last;
};

static int is_in(uint32_t point, const struct block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (point >= blocks[i].first && point <= blocks[i].last) {
            return 1;
        }
    }
    return 0;
}

static int point_columns(uint32_t point)
{
    static const struct block none[] = {{0x300, 0x36f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
                                        {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
    static const struct block two[] = {{0x1100, 0x115f},  {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                       {0xf900, 0xfaff},  {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                       {0xffe0, 0xffe6},  {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
                                       {0x20000, 0x3fffd}};
    if (point < 0x300) {
        return 1;
    }
    if (is_in(point, none, sizeof none / sizeof none[0])) {
        return 0;
    }
    return 1 + is_in(point, two, sizeof two / sizeof two[0]);
}

size_t pt_text_fit(const char *text, int columns)
{
    size_t length = strlen(text);
    size_t at = 0;
    while (at < length) {
        uint32_t point = 0;
        size_t bytes = pt_utf8_next(text + at, length - at, &point);
        columns -= point_columns(point);
        if (columns < 0) {
            break;
        }
        at += bytes;
    }
    return at;
}

int pt_text_columns(const char *text)
{
    size_t length = strlen(text);
    int columns = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        at += pt_utf8_next(text + at, length - at, &point);
        columns += point_columns(point);
    }
    return columns;
}

void pt_name_cut(char *to, const char *name, int columns)
{
    int all = pt_text_columns(name);
    if (all <= columns) {
        strcpy(to, name);
        return;
    }
    int tail = columns - PT_NAME_HEAD - (int)strlen(PT_NAME_DOTS);
    size_t head = pt_text_fit(name, PT_NAME_HEAD);
    /* A wide character that begins in the part left out belongs to it. */
    size_t skip = pt_text_fit(name, all - tail);
    if (pt_text_columns(name + skip) > tail) {
        skip += pt_text_fit(name + skip, 2);
    }
    /* Three dots and a fourth would be misread. */
    head -= head > 0 && name[head - 1] == '.';
    skip += name[skip] == '.';
    memcpy(to, name, head);
    strcpy(to + head, PT_NAME_DOTS);
    strcat(to, name + skip);
}
