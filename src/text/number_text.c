/* SPDX-License-Identifier: Apache-2.0 */
#include "text/number_text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Above this many significant digits a decimal may not be the shortest text of its double. */
#define SAFE_DIGITS 15
/* repr() writes an exponent when the point would stand further left or right than this. */
#define POINT_LOWEST  (-3)
#define POINT_HIGHEST 16

/* A number as 0.DIGITS * 10^point. */
struct decimal {
    char digits[24];
    int count;
    int point;
    int negative;
};

static size_t put_fixed(char *text, const struct decimal *decimal)
{
    char *to = text;
    if (decimal->point <= 0) {
        to += sprintf(to, "0.%.*s", -decimal->point, "0000");
        return (size_t)(to - text) + (size_t)sprintf(to, "%.*s", decimal->count, decimal->digits);
    }
    for (int i = 0; i < decimal->point; i++) {
        *to++ = (char)(i < decimal->count ? decimal->digits[i] : '0');
    }
    *to++ = '.';
    if (decimal->count <= decimal->point) {
        *to++ = '0';
    }
    for (int i = decimal->point; i < decimal->count; i++) {
        *to++ = decimal->digits[i];
    }
    *to = '\0';
    return (size_t)(to - text);
}

static size_t put_exponent(char *text, const struct decimal *decimal)
{
    const char *point = decimal->count > 1 ? "." : "";
    return (size_t)sprintf(text, "%c%s%.*se%+03d", decimal->digits[0], point, decimal->count - 1,
                           decimal->digits + 1, decimal->point - 1);
}

static size_t put_decimal(char *text, struct decimal *decimal)
{
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
    }
    size_t sign = 0;
    if (decimal->negative) {
        text[sign++] = '-';
    }
    if (decimal->point < POINT_LOWEST || decimal->point > POINT_HIGHEST) {
        return sign + put_exponent(text + sign, decimal);
    }
    return sign + put_fixed(text + sign, decimal);
}

size_t pt_integer_text(char *text, int64_t number)
{
    char reversed[PT_NUMBER_BYTES];
    size_t count = 0;
    uint64_t rest = number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number;
    do {
        reversed[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        reversed[count++] = '-';
    }
    for (size_t i = 0; i < count; i++) {
        text[i] = reversed[count - 1 - i];
    }
    text[count] = '\0';
    return count;
}

/* Splits "d.ddde+XX", the output of %e, into digits and point. */
static struct decimal from_scientific(const char *text)
{
    struct decimal decimal = {.negative = text[0] == '-'};
    const char *at = text + decimal.negative;
    for (; *at != 'e'; at++) {
        if (*at != '.') {
            decimal.digits[decimal.count++] = *at;
        }
    }
    decimal.point = atoi(at + 1) + 1;
    return decimal;
}

size_t pt_number_text(char *text, double number)
{
    if (number == 0.0) {
        return (size_t)sprintf(text, signbit(number) ? "-0.0" : "0.0");
    }
    char scientific[PT_NUMBER_BYTES];
    /* Numbers next to zero have fewer digits that mean something. */
    int fewest = fabs(number) < DBL_MIN ? 1 : SAFE_DIGITS;
    for (int digits = fewest; digits <= 17; digits++) {
        snprintf(scientific, sizeof scientific, "%.*e", digits - 1, number);
        if (strtod(scientific, NULL) == number) {
            break;
        }
    }
    struct decimal decimal = from_scientific(scientific);
    return put_decimal(text, &decimal);
}

size_t pt_scaled_text(char *text, int64_t value, int decimals)
{
    if (value == 0) {
        return (size_t)sprintf(text, "0.0");
    }
    struct decimal decimal = {.negative = value < 0};
    char text_of_value[PT_NUMBER_BYTES];
    decimal.count = (int)pt_integer_text(text_of_value, value) - decimal.negative;
    memcpy(decimal.digits, text_of_value + decimal.negative, (size_t)decimal.count);
    decimal.point = decimal.count - decimals;
    /* Microseconds since 1970 have 16 digits, but doubles of that size lie closer than a
     * microsecond: each text is the only one. */
    int limit = decimals == 6 && decimal.point <= 10 ? SAFE_DIGITS + 1 : SAFE_DIGITS;
    if (decimal.count > limit) {
        return pt_number_text(text, (double)value / pow(10, decimals));
    }
    return put_decimal(text, &decimal);
}

double pt_round2(double number)
{
    return round(number * 100.0) / 100.0;
}
