/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option_value.h: the grammar of option values, written once. `phasetap run` and the preload object
 * both include it, so that neither accepts what the other refuses.
 *
 *   number   DIGITS, DIGITS.DIGITS or .DIGITS; no sign, exponent or blank
 *   size     number, then nothing or K, M, G, T (also KiB, MiB, GiB, TiB): powers of 1024
 *   time     number, then nothing or s, ms, us, m (minutes), h
 *   switch   0, no, off, false; 1, yes, on, true
 *   choice   one of the option's words
 *   rotation 0 or off; or a size of at least 64K, perhaps with a colon and a count from 1 to 1000
 *
 * Letters count in any case. KB and MB are refused: some read them as powers of 1000. A result that
 * is no whole byte or nanosecond is rounded down; bounds apply to the result.
 *
 * Safe in a foreign process and on any thread: no allocation, locale, errno, stdio or call into
 * libc; arithmetic cannot overflow, however long the text.
 */
#ifndef PHASETAP_OPTION_VALUE_H
#define PHASETAP_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/options.h>

/* A number still split into its parts; the pointers point into the text. */
struct pt_option_number {
    int64_t whole;
    const char *fraction; /* digits up to `unit`; equal to it when there are none */
    const char *unit;
};

static inline bool pt_option_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares with a lower-case word that ends at '|' or at the end of its text. */
static inline bool pt_option_is_word(const char *text, const char *word)
{
    for (; *word != '\0' && *word != '|'; text++, word++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;
        if (c != *word) {
            return false;
        }
    }
    return *text == '\0';
}

/* Position of `text` among words separated by '|', -1 when it is none of them. */
static inline int pt_option_word(const char *text, const char *words)
{
    for (int position = 0;; position++) {
        if (pt_option_is_word(text, words)) {
            return position;
        }
        while (*words != '\0' && *words != '|') {
            words++;
        }
        if (*words++ == '\0') {
            return -1;
        }
    }
}

/* False when there is no number at the start, or its whole part does not fit. */
static inline bool pt_option_split(const char *text, struct pt_option_number *ret)
{
    const char *at = text;
    ret->whole = 0;
    for (; pt_option_is_digit(*at); at++) {
        if (ret->whole > (INT64_MAX - 9) / 10) {
            return false;
        }
        ret->whole = ret->whole * 10 + (*at - '0');
    }
    bool point = *at == '.';
    at += point;
    ret->fraction = at;
    while (point && pt_option_is_digit(*at)) {
        at++;
    }
    ret->unit = at;
    return at != text && (!point || ret->unit != ret->fraction);
}

/* number * unit, rounded down. The fraction is summed from its last digit on: `rest` stays below
 * `unit`, so any number of digits is exact and fits. */
static inline bool pt_option_scale(const struct pt_option_number *number, int64_t unit,
                                   int64_t *ret_value)
{
    int64_t rest = 0;
    for (const char *at = number->unit; at > number->fraction; at--) {
        rest = ((at[-1] - '0') * unit + rest) / 10;
    }
    if (number->whole > (INT64_MAX - rest) / unit) {
        return false;
    }
    *ret_value = number->whole * unit + rest;
    return true;
}

static inline bool pt_option_bytes(const char *text, int64_t *ret_bytes)
{
    struct pt_option_number number;
    if (!pt_option_split(text, &number)) {
        return false;
    }
    int power = pt_option_word(number.unit, "|k|m|g|t|kib|mib|gib|tib");
    power = power > 4 ? power - 4 : power;
    return power >= 0 && pt_option_scale(&number, (int64_t)1 << (10 * power), ret_bytes);
}

static inline bool pt_option_ns(const char *text, int64_t *ret_ns)
{
    static const int64_t units_ns[] = {
        PT_SECOND_NS, PT_SECOND_NS,      PT_SECOND_NS / 1000,
        1000,         60 * PT_SECOND_NS, 3600 * PT_SECOND_NS,
    };
    struct pt_option_number number;
    if (!pt_option_split(text, &number)) {
        return false;
    }
    int unit = pt_option_word(number.unit, "|s|ms|us|m|h");
    return unit >= 0 && pt_option_scale(&number, units_ns[unit], ret_ns);
}

static inline bool pt_option_position(const char *text, const char *words, int64_t *ret_position)
{
    *ret_position = text[0] != '\0' ? pt_option_word(text, words) : -1;
    return *ret_position >= 0;
}

static inline bool pt_option_switch(const char *text, int64_t *ret_on)
{
    bool known = pt_option_position(text, "0|1|no|yes|off|on|false|true", ret_on);
    *ret_on &= 1;
    return known;
}

/* The part before a colon is copied, since a size ends with its text. */
static inline bool pt_option_rotation(const char *text, int64_t *ret_value)
{
    char size[40];
    int64_t bytes = 0, count = PT_ROTATION_DEFAULT_COUNT;
    unsigned at = 0;
    for (; text[at] != '\0' && text[at] != ':' && at + 1 < sizeof size; at++) {
        size[at] = text[at];
    }
    size[at] = '\0';
    *ret_value = 0;
    if (text[at] == '\0' && pt_option_word(size, "0|off") >= 0) {
        return true;
    }
    struct pt_option_number number = {.whole = count, .fraction = "", .unit = ""};
    bool ok = (text[at] == '\0' || text[at] == ':') && pt_option_bytes(size, &bytes) &&
              bytes >= PT_ROTATION_BYTES_LOWEST &&
              (text[at] == '\0' || pt_option_split(text + at + 1, &number)) &&
              number.unit[0] == '\0' && number.fraction == number.unit && number.whole >= 1 &&
              number.whole <= 1000;
    *ret_value = PT_ROTATION(bytes, number.whole);
    return ok;
}

/* Reads a value of any kind but PATH. False, with *ret_value undefined, when `text` is not of the
 * option's grammar or outside its bounds; an empty text is never valid. */
static inline bool pt_option_parse(const struct pt_option *option, const char *text,
                                   int64_t *ret_value)
{
    bool ok = option->kind == PT_VALUE_SECONDS    ? pt_option_ns(text, ret_value)
              : option->kind == PT_VALUE_BYTES    ? pt_option_bytes(text, ret_value)
              : option->kind == PT_VALUE_SWITCH   ? pt_option_switch(text, ret_value)
              : option->kind == PT_VALUE_ROTATION ? pt_option_rotation(text, ret_value)
              : option->kind == PT_VALUE_CHOICE ? pt_option_position(text, option->words, ret_value)
                                                : false;
    return ok && *ret_value >= option->minimum && *ret_value <= option->maximum;
}

#endif
