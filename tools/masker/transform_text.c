/* SPDX-License-Identifier: Apache-2.0 */
/* Transforms of texts: see transforms.h. */
#include "transforms.h"
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A byte that does not start a character in UTF-8. */
static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Everything but ASCII punctuation and blanks is worth hiding. */
static bool is_telling(char c)
{
    return is_digit(c) || is_lower(c) || is_upper(c) || ((unsigned char)c & 0x80) != 0;
}

/* Offset of the last `count` telling characters. */
static size_t readable_from(const char *text, size_t length, uint32_t count)
{
    size_t offset = length;
    while (offset > 0 && count > 0) {
        offset--;
        count -= is_telling(text[offset]) && !is_continuation(text[offset]) ? 1 : 0;
    }
    return offset;
}

static size_t count_telling(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += is_telling(text[i]) && !is_continuation(text[i]);
    }
    return count;
}

size_t transform_partial_text(const mask_action *action, const char *text, size_t length,
                              char *result)
{
    /* A value no longer than what may stay readable would be given away whole. */
    const bool too_short = count_telling(text, length) <= action->keep_last;
    const size_t readable = too_short ? length : readable_from(text, length, action->keep_last);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (i >= readable || !is_telling(text[i])) {
            result[used++] = text[i];
        } else if (!is_continuation(text[i])) {
            result[used++] = action->text[0];
        }
    }
    result[used] = '\0';
    return used;
}

static random_source source_for(const mask_action *action, const char *text, size_t length)
{
    return (random_source){.state = siphash(&action->choice_key, text, length)};
}

size_t transform_format_text(const mask_action *action, const char *text, size_t length,
                             char *result)
{
    random_source source = source_for(action, text, length);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (is_digit(c)) {
            result[used++] = (char)('0' + random_below(&source, 10));
        } else if (is_upper(c)) {
            result[used++] = (char)('A' + random_below(&source, 26));
        } else if (is_lower(c) || (is_telling(c) && !is_continuation(c))) {
            result[used++] = (char)('a' + random_below(&source, 26));
        } else if (!is_continuation(c)) {
            result[used++] = c;
        }
    }
    result[used] = '\0';
    return used;
}

void transform_hash_text(const mask_action *action, const char *text, size_t length,
                         uint32_t digits, char *result)
{
    static const char hexadecimal[] = "0123456789abcdef";
    uint8_t digest[KEYED_HASH_BYTES];
    keyed_hash(action->key, sizeof action->key, text, length, digest);
    for (uint32_t i = 0; i < digits; i++) {
        result[i] = hexadecimal[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
    }
    result[digits] = '\0';
}

void transform_pseudonym_text(const mask_action *action, const char *text, size_t length,
                              char result[PSEUDONYM_MAXIMUM_BYTES])
{
    random_source source = source_for(action, text, length);
    const char *given = words_pick(&words_given, &source);
    const char *family = words_pick(&words_family, &source);
    const char *street = words_pick(&words_street, &source);
    const uint32_t number = 1 + random_below(&source, 9998);
    const size_t size = PSEUDONYM_MAXIMUM_BYTES;
    if (action->pseudonym == PSEUDONYM_GIVEN) {
        snprintf(result, size, "%s", given);
    } else if (action->pseudonym == PSEUDONYM_FAMILY) {
        snprintf(result, size, "%s", family);
    } else if (action->pseudonym == PSEUDONYM_FULL) {
        snprintf(result, size, "%s %s", given, family);
    } else if (action->pseudonym == PSEUDONYM_STREET) {
        snprintf(result, size, "%u %s", number, street);
    } else if (action->pseudonym == PSEUDONYM_CITY) {
        snprintf(result, size, "%s", words_pick(&words_city, &source));
    } else {
        snprintf(result, size, "%s.%s%u@example.org", given, family, number);
    }
}

static bool parse_digits(const char *text, int count, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *ret_value = value;
    return true;
}

bool transform_shift_text(char *text, size_t length, int64_t shift_ms)
{
    struct tm day = {.tm_hour = 12};
    if (length < 10 || text[4] != '-' || text[7] != '-' || !parse_digits(text, 4, &day.tm_year) ||
        !parse_digits(text + 5, 2, &day.tm_mon) || !parse_digits(text + 8, 2, &day.tm_mday)) {
        return false;
    }
    day.tm_year -= 1900;
    day.tm_mon -= 1;
    const time_t shifted = timegm(&day) + (time_t)(shift_ms / 1000);
    char date[64];
    if (gmtime_r(&shifted, &day) == NULL || strftime(date, sizeof date, "%Y-%m-%d", &day) != 10) {
        return false;
    }
    memcpy(text, date, 10);
    return true;
}
