/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <string.h>

size_t pt_text_decimal(char *out, uint64_t value)
{
    char reversed[20];
    size_t count = 0;
    do {
        reversed[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < count; i++) {
        out[i] = reversed[count - 1 - i];
    }
    out[count] = '\0';
    return count;
}

size_t pt_text_prefix_bytes(const char *text, size_t max_bytes)
{
    size_t length = strnlen(text, max_bytes + 1);
    if (length <= max_bytes) {
        return length;
    }
    length = max_bytes;
    while (length > 0 && ((uint8_t)text[length] & 0xC0) == 0x80) {
        length--;
    }
    return length;
}

/* Bytes of the well-formed character at `text` (RFC 3629), 0 when it is none. */
static size_t character_bytes(const uint8_t *text, size_t left)
{
    uint8_t lead = text[0];
    size_t bytes = lead < 0x80                   ? 1
                   : lead >= 0xC2 && lead < 0xE0 ? 2
                   : (lead & 0xF0) == 0xE0       ? 3
                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                 : 0;
    if (bytes == 0 || bytes > left) {
        return 0;
    }
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xF0 && text[1] < 0x90);
    bool surrogate_or_beyond = (lead == 0xED && text[1] > 0x9F) || (lead == 0xF4 && text[1] > 0x8F);
    return overlong || surrogate_or_beyond ? 0 : bytes;
}

/* Nearly all that is copied is ASCII. Returns what was copied, a multiple of eight. */
static size_t copy_ascii_words(char *out, const char *text, size_t count)
{
    size_t at = 0;
    for (uint64_t word; count - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (word & 0x8080808080808080u) {
            break;
        }
        memcpy(out + at, &word, sizeof word);
    }
    return at;
}

void pt_text_copy_utf8(char *out, const char *text, size_t count)
{
    size_t at = copy_ascii_words(out, text, count);
    while (at < count) {
        size_t bytes = character_bytes((const uint8_t *)text + at, count - at);
        if (bytes == 0) {
            out[at++] = '?';
            continue;
        }
        memcpy(out + at, text + at, bytes);
        at += bytes;
    }
}

bool pt_text_append(char *out, size_t size_bytes, size_t *at, const char *text)
{
    size_t length = strlen(text);
    size_t room = size_bytes - *at - 1;
    size_t kept = length <= room ? length : room;
    memcpy(out + *at, text, kept);
    *at += kept;
    out[*at] = '\0';
    return kept == length;
}

uint64_t pt_text_number(const char *text, const char **end)
{
    uint64_t value = 0;
    while (*text >= '0' && *text <= '9') {
        uint64_t digit = (uint64_t)(*text++ - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *end = text;
    return value;
}

void pt_text_hex(char *out, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * count] = '\0';
}
