/* SPDX-License-Identifier: Apache-2.0 */
#include "text/time_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define CENTIS_PER_MINUTE 6000
#define CENTIS_PER_HOUR   360000
#define NS_PER_CENTI      10000000

void pt_duration_text(char text[PT_TIME_BYTES], int64_t duration_ns)
{
    if (duration_ns < 0) {
        duration_ns = 0;
    }
    int64_t centis = duration_ns / NS_PER_CENTI + (duration_ns % NS_PER_CENTI >= NS_PER_CENTI / 2);
    int64_t hours = centis / CENTIS_PER_HOUR;
    int64_t minutes = centis % CENTIS_PER_HOUR / CENTIS_PER_MINUTE;
    double seconds = (double)(centis % CENTIS_PER_MINUTE) / 100.0;
    if (hours > 0) {
        snprintf(text, PT_TIME_BYTES, "%" PRId64 "h %" PRId64 "m %.2fs", hours, minutes, seconds);
    } else if (minutes > 0) {
        snprintf(text, PT_TIME_BYTES, "%" PRId64 "m %.2fs", minutes, seconds);
    } else {
        snprintf(text, PT_TIME_BYTES, "%.2fs", seconds);
    }
}

/* Splits into whole units, rounding down, and the rest. */
static int64_t split(int64_t value, int64_t unit, int64_t *ret_rest)
{
    int64_t rest = value % unit;
    if (rest < 0) {
        rest += unit;
    }
    *ret_rest = rest;
    return (value - rest) / unit;
}

void pt_local_time_text(char text[PT_TIME_BYTES], int64_t epoch_ns)
{
    int64_t rest_ns = 0;
    /* A value so low that rounding down would overflow is none that a log can mean. */
    time_t seconds =
        (time_t)split(epoch_ns < -INT64_MAX / 2 ? 0 : epoch_ns, PT_NS_PER_SECOND, &rest_ns);
    struct tm parts = {0};
    localtime_r(&seconds, &parts);
    size_t length = strftime(text, PT_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, PT_TIME_BYTES - length, ".%06d", (int)(rest_ns / 1000));
}

void pt_utc_time_text(char text[PT_TIME_BYTES], int64_t epoch_ms)
{
    int64_t rest_ms = 0;
    time_t seconds = (time_t)split(epoch_ms < -INT64_MAX / 2 ? 0 : epoch_ms, 1000, &rest_ms);
    struct tm parts = {0};
    if (gmtime_r(&seconds, &parts) == NULL) {
        parts = (struct tm){.tm_year = 70,
                            .tm_mday = 1}; /* a year beyond what the calendar functions hold */
    }
    size_t length = strftime(text, PT_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, PT_TIME_BYTES - length, ".%03dZ", (int)rest_ms);
}

int64_t pt_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * PT_NS_PER_SECOND + now.tv_nsec;
}
