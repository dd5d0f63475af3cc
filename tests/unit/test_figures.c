/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in the cells of views: edges of units and roundings. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "render/figures.h"

#define SECOND 1000000000LL

static void check(const char *text, const char *expected)
{
    cr_assert(eq(str, (char *)text, (char *)expected));
}

static const char *total(int64_t ns)
{
    static char text[PT_HUMAN_BYTES];
    return pt_figure_total(text, ns);
}

Test(figures, totals_have_two_decimals_below_a_minute)
{
    check(total(0), "0");
    check(total(81200000), "81.2 ms");
    check(total(999600), "1.00 ms");
    check(total(SECOND), "1.00 s");
    check(total(13270000000), "13.27 s");
    check(total(59994999999), "59.99 s");
    check(total(59995000000), "1m 00s");
    check(total(59996000000), "1m 00s");
    check(total(245 * SECOND), "4m 05s");
    check(total(3599 * SECOND + SECOND / 2), "1h 00m");
    check(total(4200 * SECOND), "1h 10m");
    check(total(86400 * SECOND * 2 + 3 * 3600 * SECOND), "2d 03h");
}

static const char *single(int64_t ns, int64_t clock_ns)
{
    static char text[PT_HUMAN_BYTES];
    return pt_figure_single(text, ns, clock_ns);
}

Test(figures, what_the_clock_cannot_tell_is_a_bound)
{
    check(single(0, 30), "0");
    check(single(12, 30), "< 30 ns");
    check(single(30, 30), "30 ns");
    check(single(999, 30), "999 ns");
    check(single(999600, 30), "1.00 ms");
    check(single(9995000, 30), "10.0 ms");
    check(single(999500000, 30), "1.00 s");
    check(single(48000000, 30), "48.0 ms");
    check(single(9800000000, 30), "9.80 s");
}

static void check_percentile(int count, double percent, const char *expected)
{
    char text[PT_HUMAN_BYTES];
    struct pt_histogram durations = {.count = 0};
    for (int i = 1; i <= count; i++) {
        pt_histogram_add(&durations, i * 1000000LL);
    }
    check(pt_figure_percentile(text, &durations, percent, 30), expected);
    pt_histogram_release(&durations);
}

Test(figures, no_percentile_that_the_sample_cannot_carry)
{
    check_percentile(0, 50.0, "-");
    check_percentile(4, 50.0, "-");
    check_percentile(5, 50.0, "3.00 ms");
    check_percentile(19, 95.0, "-");
    check_percentile(20, 95.0, "19.0 ms");
    check_percentile(99, 99.0, "-");
    check_percentile(100, 99.0, "99.0 ms");
}

Test(figures, shares_and_percentages)
{
    char text[PT_HUMAN_BYTES];
    check(pt_figure_share(text, 0), "0.0 %");
    check(pt_figure_share(text, 692), "69.2 %");
    check(pt_figure_share(text, 1000), "100.0 %");
    check(pt_figure_percent(text, 0, 100), "0 %");
    check(pt_figure_percent(text, 1, 1000), "< 1 %");
    check(pt_figure_percent(text, 76, 1000), "8 %");
    check(pt_figure_percent(text, 999, 1000), "99 %");
    check(pt_figure_percent(text, 1000, 1000), "100 %");
    check(pt_figure_percent(text, 1, 0), "-");
}

Test(figures, rates)
{
    char text[PT_HUMAN_BYTES];
    check(pt_figure_rate(text, 9000, 3528000000), "2,551/s");
    check(pt_figure_rate(text, 42, 10 * SECOND), "4.2/s");
    check(pt_figure_rate(text, 1, 3600 * SECOND), "0.00028/s");
    check(pt_figure_rate(text, 995, 100 * SECOND), "10/s");
    check(pt_figure_rate(text, 5, 0), "-");
    check(pt_figure_rate(text, 0, SECOND), "-");
    check(pt_figure_bare_rate(text, 9000, 3030000000), "2,970");
    check(pt_figure_bare_rate(text, INT64_MAX, 1), "9,223,372,036,854,775,807");
}
