/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them: three significant digits, rounded before the unit is chosen. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "text/human.h"

#define MS                 1000000LL
#define SECOND             1000000000LL
#define HOUR               (3600 * SECOND)

#define IS(made, expected) cr_expect(eq(str, (char *)(made), (char *)(expected)))

Test(human, durations_have_three_digits_and_the_unit_that_fits)
{
    IS(PT_DURATION(0), "0");
    IS(PT_DURATION(-5), "0");
    IS(PT_DURATION(963), "963 ns");
    IS(PT_DURATION(1000), "1.00 us");
    IS(PT_DURATION(412000), "412 us");
    IS(PT_DURATION(3104999), "3.10 ms");
    IS(PT_DURATION(48 * MS), "48.0 ms");
    IS(PT_DURATION(9800 * MS), "9.80 s");
    IS(PT_DURATION(41200 * MS), "41.2 s");
}

Test(human, durations_are_rounded_before_the_unit_is_chosen)
{
    IS(PT_DURATION(999499), "999 us");
    IS(PT_DURATION(999600), "1.00 ms");
    IS(PT_DURATION(9994999), "9.99 ms");
    IS(PT_DURATION(9995000), "10.0 ms");
    IS(PT_DURATION(99950 * 1000), "100 ms");
    IS(PT_DURATION(999600 * 1000), "1.00 s");
    IS(PT_DURATION(59900 * MS), "59.9 s");
    IS(PT_DURATION(59996 * MS), "1m 00s");
}

Test(human, long_durations_are_whole_seconds_minutes_hours)
{
    IS(PT_DURATION(245 * SECOND), "4m 05s");
    IS(PT_DURATION(HOUR - SECOND / 4), "1h 00m");
    IS(PT_DURATION(HOUR + 600 * SECOND), "1h 10m");
    IS(PT_DURATION(51 * HOUR), "2d 03h");
    IS(PT_DURATION(24 * HOUR - SECOND), "1d 00h");
    cr_expect(PT_DURATION(INT64_MAX)[0] != '\0');
}

Test(human, bytes_counts_and_shares)
{
    IS(PT_BYTES(512), "512 B");
    IS(PT_BYTES(448 * 1024), "448 KiB");
    IS(PT_BYTES(1023), "1.00 KiB");
    IS(PT_BYTES(INT64_MAX), "8.00 EiB");
    IS(PT_BYTES((int64_t)(15.4 * 1024 * 1024)), "15.4 MiB");
    IS(PT_COUNT(0), "0");
    IS(PT_COUNT(999), "999");
    IS(PT_COUNT(1498796), "1,498,796");
    IS(PT_PERCENT(69.2, 100.0), "69.2 %");
    IS(PT_PERCENT(1.0, 0.0), "0 %");
    IS(PT_COUNT(INT64_MAX), "9,223,372,036,854,775,807");
}
