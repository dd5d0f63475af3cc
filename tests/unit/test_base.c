/* SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays and saturating sums, on which every number read from a log relies. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/saturate.h"

Test(array, keeps_what_is_in_it_and_zeroes_the_rest)
{
    size_t room = 0;
    int64_t *items = NULL;
    for (size_t at = 0; at < 1000; at++) {
        items = pt_array_reach(items, &room, at, 3, sizeof *items);
        cr_assert(ne(ptr, items, NULL));
        cr_assert(eq(i64, items[at], 0));
        items[at] = (int64_t)at + 1;
    }
    for (size_t at = 0; at < 1000; at++) {
        cr_assert(eq(i64, items[at], (int64_t)at + 1));
    }
    cr_assert(eq(sz, room, 1536));
    free(items);
}

Test(array, reaches_a_far_index_at_once)
{
    size_t room = 0;
    char *items = pt_array_reach(NULL, &room, 100, 16, 1);
    cr_assert(ne(ptr, items, NULL));
    cr_assert(eq(sz, room, 128));
    for (size_t at = 0; at < room; at++) {
        cr_assert(eq(chr, items[at], 0));
    }
    free(items);
}

Test(array, stays_where_it_is_when_the_index_is_inside)
{
    size_t room = 0;
    char *items = pt_array_reach(NULL, &room, 15, 16, 1);
    cr_assert(eq(ptr, pt_array_reach(items, &room, 0, 16, 1), items));
    cr_assert(eq(sz, room, 16));
    free(items);
}

Test(saturate, stops_at_the_limits)
{
    cr_assert(eq(i64, pt_add(INT64_MAX, 1), INT64_MAX));
    cr_assert(eq(i64, pt_add(INT64_MIN, -1), INT64_MIN));
    cr_assert(eq(i64, pt_sub(INT64_MIN, 1), INT64_MIN));
    cr_assert(eq(i64, pt_sub(INT64_MAX, -1), INT64_MAX));
    cr_assert(eq(i64, pt_add(-5, 3), -2));
    cr_assert(eq(i64, pt_sub(-5, 3), -8));
}
