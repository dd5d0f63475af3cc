/* SPDX-License-Identifier: Apache-2.0 */
#include "diff/diff_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text/human.h"

#define MINUTE_NS 59.995e9

struct scale {
    double factor;
    const char *text;
};

static const struct scale TIMES[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1.0, "ns"}};
static const struct scale SIZES[] = {
    {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}, {1.0, "B"}};

/* The first unit in which the larger value is at least 1, rounded to three digits. */
static const struct scale *scale_of(const struct scale *scales, double larger)
{
    for (int i = 0; i < 3; i++) {
        if (larger >= 0.9995 * scales[i].factor) {
            return &scales[i];
        }
    }
    return &scales[3];
}

static int decimals_of(double scaled, bool whole)
{
    if (whole || scaled >= 99.95) {
        return 0;
    }
    return scaled >= 9.995 ? 1 : 2;
}

static void put(char *text, double value, const struct scale *scale, int decimals)
{
    snprintf(text, PT_DIFF_FIGURE_BYTES, "%.*f %s", decimals, value / scale->factor, scale->text);
}

static void put_rate(char *text, double value, int decimals)
{
    if (decimals > 0) {
        snprintf(text, PT_DIFF_FIGURE_BYTES, "%.*f/s", decimals, value);
        return;
    }
    pt_human_count(text, value < 9e18 ? llround(value) : INT64_MAX);
    strcat(text, "/s");
}

static void put_scaled(const struct pt_diff_row *row, double larger, char *a, char *b)
{
    const struct scale *scale = scale_of(row->unit == PT_UNIT_SIZE ? SIZES : TIMES, larger);
    int decimals = decimals_of(larger / scale->factor, scale->factor == 1.0);
    put(a, row->a, scale, decimals);
    put(b, row->b, scale, decimals);
}

void pt_diff_pair(const struct pt_diff_row *row, char *a, char *b)
{
    double larger = fmax(row->a, row->b);
    if (row->unit == PT_UNIT_RATE) {
        int decimals = decimals_of(larger, larger >= 9.995);
        put_rate(a, row->a, decimals);
        put_rate(b, row->b, decimals);
    } else if (row->unit == PT_UNIT_TIME && fmin(row->a, row->b) >= MINUTE_NS) {
        pt_human_duration(a, row->a < 9e18 ? llround(row->a) : INT64_MAX);
        pt_human_duration(b, row->b < 9e18 ? llround(row->b) : INT64_MAX);
    } else {
        put_scaled(row, larger, a, b);
    }
    if (!row->has_a) {
        strcpy(a, "-");
    }
    if (!row->has_b) {
        strcpy(b, "-");
    }
}

const char *pt_diff_change(const struct pt_diff_row *row, char *text)
{
    bool gone = row->has_change && row->b <= 0.0 && row->kind == PT_ROW_PHASE;
    bool fresh = row->has_a && row->has_b && row->a <= 0.0 && row->b > 0.0;
    if (gone || fresh) {
        snprintf(text, PT_DIFF_FIGURE_BYTES, gone ? "gone" : "new");
    } else if (!row->has_change) {
        snprintf(text, PT_DIFF_FIGURE_BYTES, "-");
    } else {
        snprintf(text, PT_DIFF_FIGURE_BYTES, "%+.1f %%", 100.0 * row->change);
    }
    return text;
}

const char *pt_diff_range(const struct pt_diff_row *row, char *text)
{
    text[0] = '\0';
    if (row->has_range && row->b > 0.0) {
        snprintf(text, PT_DIFF_FIGURE_BYTES, "%+5.1f to %+5.1f %%", 100.0 * row->low,
                 100.0 * row->high);
    }
    return text;
}
