/* SPDX-License-Identifier: Apache-2.0 */
#include "text/human.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define NS_PER_SECOND 1000000000LL
#define MINUTE        60
#define HOUR          (60 * MINUTE)
#define DAY           (24 * HOUR)

/* value * times / by, half rounded up. */
static int64_t scale(int64_t value, int64_t times, int64_t by)
{
    __int128 product = (__int128)value * times;
    return (int64_t)((product + by / 2) / by);
}

static int64_t divide(int64_t value, int64_t by)
{
    return scale(value, 1, by);
}

/* Three digits of value / unit. False when that is 1000 or more. */
static bool three_digits(char *text, int64_t value, int64_t unit, const char *name)
{
    int64_t whole = scale(value, 1, unit);
    int64_t tenths = scale(value, 10, unit);
    int64_t hundredths = scale(value, 100, unit);
    if (hundredths < 1000) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 ".%02" PRId64 " %s", hundredths / 100,
                 hundredths % 100, name);
    } else if (tenths < 1000) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 ".%" PRId64 " %s", tenths / 10, tenths % 10,
                 name);
    } else {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 " %s", whole, name);
    }
    return whole < 1000;
}

static void long_duration(char *text, int64_t duration_ns)
{
    int64_t seconds = divide(duration_ns, NS_PER_SECOND);
    int64_t minutes = divide(duration_ns, MINUTE * NS_PER_SECOND);
    int64_t hours = divide(duration_ns, HOUR * NS_PER_SECOND);
    if (seconds < HOUR) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 "m %02" PRId64 "s", seconds / 60, seconds % 60);
    } else if (minutes < DAY / MINUTE) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 "h %02" PRId64 "m", minutes / 60, minutes % 60);
    } else {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 "d %02" PRId64 "h", hours / 24, hours % 24);
    }
}

const char *pt_human_duration(char *text, int64_t duration_ns)
{
    if (duration_ns <= 0) {
        snprintf(text, PT_HUMAN_BYTES, "0");
    } else if (duration_ns < 1000) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 " ns", duration_ns);
    } else if (duration_ns >= 59950000000) {
        long_duration(text, duration_ns);
    } else if (!three_digits(text, duration_ns, 1000, "us") &&
               !three_digits(text, duration_ns, 1000000, "ms")) {
        three_digits(text, duration_ns, NS_PER_SECOND, "s");
    }
    return text;
}

const char *pt_human_bytes(char *text, int64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int64_t unit = 1;
    if (bytes < 1000) {
        snprintf(text, PT_HUMAN_BYTES, "%" PRId64 " B", bytes > 0 ? bytes : 0);
        return text;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        unit *= 1024;
        if (three_digits(text, bytes, unit, units[i])) {
            break;
        }
    }
    return text;
}

const char *pt_human_count(char *text, int64_t count)
{
    char digits[PT_HUMAN_BYTES];
    int length = snprintf(digits, sizeof digits, "%" PRId64, count > 0 ? count : 0);
    int at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            text[at++] = ',';
        }
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

const char *pt_human_percent(char *text, double part, double whole)
{
    double percent = whole > 0.0 && part > 0.0 ? 100.0 * part / whole : 0.0;
    snprintf(text, PT_HUMAN_BYTES, percent > 0.0 ? "%.1f %%" : "%.0f %%", percent);
    return text;
}
