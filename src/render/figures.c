/* SPDX-License-Identifier: Apache-2.0 */
#include "render/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_SECOND 1000000000LL
/* From here on it would read 60.00 s. */
#define MINUTE_NS 59995000000LL

static const char *dash(char *text)
{
    strcpy(text, "-");
    return text;
}

const char *pt_figure_total(char *text, int64_t duration_ns)
{
    if (duration_ns < NS_PER_SECOND || duration_ns >= 60 * NS_PER_SECOND) {
        return pt_human_duration(text, duration_ns);
    }
    if (duration_ns >= MINUTE_NS) {
        return pt_human_duration(text, 60 * NS_PER_SECOND);
    }
    int64_t hundredths = (duration_ns + 5000000) / 10000000;
    snprintf(text, PT_HUMAN_BYTES, "%" PRId64 ".%02" PRId64 " s", hundredths / 100,
             hundredths % 100);
    return text;
}

const char *pt_figure_single(char *text, int64_t duration_ns, int64_t clock_cost_ns)
{
    if (duration_ns <= 0 || duration_ns >= clock_cost_ns) {
        return pt_human_duration(text, duration_ns);
    }
    snprintf(text, PT_HUMAN_BYTES, "< %" PRId64 " ns", clock_cost_ns);
    return text;
}

const char *pt_figure_percentile(char *text, const struct pt_histogram *durations, double percent,
                                 int64_t clock_cost_ns)
{
    if (durations->count < pt_histogram_least(percent)) {
        return dash(text);
    }
    return pt_figure_single(text, pt_histogram_percentile(durations, percent), clock_cost_ns);
}

const char *pt_figure_share(char *text, int tenths)
{
    snprintf(text, PT_HUMAN_BYTES, "%d.%d %%", tenths / 10, tenths % 10);
    return text;
}

const char *pt_figure_percent(char *text, int64_t part, int64_t whole)
{
    if (whole <= 0) {
        return dash(text);
    }
    double percent = part > 0 ? 100.0 * (double)part / (double)whole : 0.0;
    snprintf(text, PT_HUMAN_BYTES, percent > 0.0 && percent < 1.0 ? "< 1 %%" : "%.0f %%",
             percent > 99.0 && part < whole ? 99.0 : percent);
    return text;
}

const char *pt_figure_bare_rate(char *text, int64_t count, int64_t duration_ns)
{
    if (duration_ns <= 0 || count <= 0) {
        return dash(text);
    }
    double rate = (double)count / ((double)duration_ns / NS_PER_SECOND);
    if (rate < 9.95) {
        snprintf(text, PT_HUMAN_BYTES, rate < 0.095 ? "%.2g" : "%.1f", rate);
        return text;
    }
    return pt_human_count(text, rate < 9e18 ? (int64_t)(rate + 0.5) : INT64_MAX);
}

const char *pt_figure_rate(char *text, int64_t count, int64_t duration_ns)
{
    pt_figure_bare_rate(text, count, duration_ns);
    return strcmp(text, "-") == 0 ? text : strcat(text, "/s");
}

const char *pt_figure_count(char *text, int64_t count)
{
    return count > 0 ? pt_human_count(text, count) : dash(text);
}

const char *pt_figure_bytes(char *text, int64_t bytes)
{
    return bytes > 0 ? pt_human_bytes(text, bytes) : dash(text);
}
