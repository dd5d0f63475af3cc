/* SPDX-License-Identifier: Apache-2.0 */
/* Slots are used as a ring: bucket b lies in slot b % PT_SERIES_BUCKETS, so that a series can grow
 * at both ends without moving anything. */
#include "model/time_series.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"

static int64_t *slot_of(const struct pt_time_series *series, int64_t bucket)
{
    return series->slots[(uint64_t)bucket % PT_SERIES_BUCKETS];
}

static void put(const struct pt_time_series *series, int64_t *to, int64_t amount)
{
    *to = series->highest ? pt_max(*to, amount) : pt_add(*to, amount);
}

static void put_all(const struct pt_time_series *series, int64_t *to, const int64_t *from)
{
    for (int value = 0; value < PT_SERIES_VALUES; value++) {
        put(series, &to[value], from[value]);
    }
}

/* Neighbours become one. A bucket's new slot may be in use by one that has not moved yet, so they
 * are copied first. */
static void widen(struct pt_time_series *series)
{
    int64_t before[PT_SERIES_BUCKETS][PT_SERIES_VALUES];
    memcpy(before, series->slots, sizeof before);
    memset(series->slots, 0, sizeof before);
    for (int64_t at = series->first; at <= series->last; at++) {
        put_all(series, slot_of(series, at >> 1), before[at % PT_SERIES_BUCKETS]);
    }
    series->first >>= 1;
    series->last >>= 1;
    series->shift++;
}

static bool start(struct pt_time_series *series, int64_t t_ns)
{
    if (series->slots == NULL) {
        series->slots = calloc(PT_SERIES_BUCKETS, sizeof *series->slots);
        series->shift = PT_SERIES_FINEST;
        series->first = series->last = t_ns >> PT_SERIES_FINEST;
    }
    return series->slots != NULL;
}

/* Makes the bucket of a moment part of the series. */
static bool reach(struct pt_time_series *series, int64_t t_ns)
{
    if (!start(series, t_ns)) {
        return false;
    }
    int64_t first = pt_min(series->first, t_ns >> series->shift);
    int64_t last = pt_max(series->last, t_ns >> series->shift);
    while (last - first >= PT_SERIES_BUCKETS) {
        widen(series);
        first = pt_min(series->first, t_ns >> series->shift);
        last = pt_max(series->last, t_ns >> series->shift);
    }
    series->first = first;
    series->last = last;
    return true;
}

void pt_series_add(struct pt_time_series *series, int64_t t_ns, int value, int64_t amount)
{
    t_ns = pt_max(0, t_ns);
    if (reach(series, t_ns)) {
        put(series, &slot_of(series, t_ns >> series->shift)[value], amount);
    }
}

/* Most intervals are short and lie in one bucket that is there: reading a log comes here for each
 * call. */
static bool spread_inside(struct pt_time_series *series, int64_t from, int64_t to, int value)
{
    int64_t at = from >> series->shift;
    if (series->slots == NULL || to == from || at != (to - 1) >> series->shift ||
        at < series->first || at > series->last) {
        return false;
    }
    put(series, &slot_of(series, at)[value], to - from);
    return true;
}

void pt_series_spread(struct pt_time_series *series, int64_t t_ns, int64_t d_ns, int value)
{
    int64_t from = pt_max(0, t_ns);
    int64_t to = pt_add(from, pt_max(0, d_ns));
    if (spread_inside(series, from, to, value)) {
        return;
    }
    if (to == from || !reach(series, from) || !reach(series, to - 1)) {
        return;
    }
    for (int64_t at = from >> series->shift; at <= (to - 1) >> series->shift; at++) {
        int64_t begin = pt_max(from, at << series->shift);
        int64_t end = pt_min(to - 1, (at << series->shift) + ((1LL << series->shift) - 1)) + 1;
        put(series, &slot_of(series, at)[value], end - begin);
    }
}

void pt_series_pour(struct pt_time_series *series, int64_t t_ns, int64_t d_ns, int value,
                    int64_t amount)
{
    int64_t from = pt_max(0, t_ns), poured = 0;
    int64_t to = pt_add(from, pt_max(0, d_ns));
    if (to == from || amount <= 0 || !reach(series, from) || !reach(series, to - 1)) {
        return;
    }
    for (int64_t at = from >> series->shift; at <= (to - 1) >> series->shift; at++) {
        int64_t end = pt_min(to - 1, (at << series->shift) + ((1LL << series->shift) - 1)) + 1;
        int64_t until = (int64_t)((__int128)amount * (end - from) / (to - from));
        put(series, &slot_of(series, at)[value], until - poured);
        poured = until;
    }
}

void pt_series_merge(struct pt_time_series *to, const struct pt_time_series *from)
{
    if (from->slots == NULL) {
        return;
    }
    /* The narrower of the two gives way. */
    int64_t first_ns = from->first << from->shift, last_ns = from->last << from->shift;
    if (!reach(to, first_ns) || !reach(to, last_ns)) {
        return;
    }
    while (to->shift < from->shift) {
        widen(to);
    }
    for (int64_t at = from->first; at <= from->last; at++) {
        put_all(to, slot_of(to, at >> (to->shift - from->shift)), slot_of(from, at));
    }
}

size_t pt_series_count(const struct pt_time_series *series)
{
    return series->slots == NULL ? 0 : (size_t)(series->last - series->first + 1);
}

const int64_t *pt_series_at(const struct pt_time_series *series, size_t bucket)
{
    return slot_of(series, series->first + (int64_t)bucket);
}

int64_t pt_series_begin(const struct pt_time_series *series, size_t bucket)
{
    return (series->first + (int64_t)bucket) << series->shift;
}

int64_t pt_series_width(const struct pt_time_series *series)
{
    return 1LL << series->shift;
}

size_t pt_series_find(const struct pt_time_series *series, int64_t t_ns)
{
    int64_t bucket = pt_max(0, t_ns) >> series->shift;
    if (series->slots == NULL || bucket < series->first) {
        return 0;
    }
    return (size_t)pt_min(bucket - series->first, (int64_t)pt_series_count(series));
}

void pt_series_release(struct pt_time_series *series)
{
    free(series->slots);
    *series = (struct pt_time_series){.highest = series->highest};
}
