/* SPDX-License-Identifier: Apache-2.0 */
#include "model/activity.h"

#include "base/saturate.h"
#include "model/fit.h"

#define MIB              (1024 * 1024)
#define LEAST_POINTS     8
#define LEAST_GROWTH     (4 * MIB)
#define LEAST_R2         0.9
#define WARM_UP_DIVISOR  4 /* the first quarter of the documents is warm-up */
#define PERCENT_OF_START 10

struct point {
    int64_t documents, bytes, t_ns;
};

struct points {
    struct point at[PT_SERIES_BUCKETS];
    size_t count;
};

static int64_t handled(const struct pt_time_series *activity, int value)
{
    int64_t sum = 0;
    for (size_t i = 0; i < pt_series_count(activity); i++) {
        sum = pt_add(sum, pt_series_at(activity, i)[value]);
    }
    return sum;
}

/* Each sample with the documents of all buckets that began before its own ended. */
static void gather(struct points *points, const struct pt_time_series *activity,
                   const struct pt_time_series *memory, int value)
{
    int64_t documents = 0;
    size_t next = 0;
    points->count = 0;
    for (size_t i = 0; i < pt_series_count(memory); i++) {
        int64_t end_ns = pt_add(pt_series_begin(memory, i), pt_series_width(memory));
        while (next < pt_series_count(activity) && pt_series_begin(activity, next) < end_ns) {
            documents = pt_add(documents, pt_series_at(activity, next++)[value]);
        }
        int64_t bytes = pt_series_at(memory, i)[PT_MEMORY_RESIDENT];
        if (bytes > 0) {
            points->at[points->count++] = (struct point){documents, bytes, end_ns};
        }
    }
}

/* The points between two numbers of documents. */
static struct pt_fit fit_between(const struct points *points, int64_t from, int64_t to)
{
    struct pt_fit fit = {0};
    for (size_t i = 0; i < points->count; i++) {
        const struct point *point = &points->at[i];
        if (point->documents >= from && point->documents <= to) {
            pt_fit_add(&fit, point->documents, point->bytes);
        }
    }
    return fit;
}

static void describe(struct pt_memory_growth *growth, const struct points *points)
{
    const struct point *last = &points->at[points->count - 1];
    for (size_t i = points->count; i > 0; i--) {
        if (points->at[i - 1].documents < growth->warm_documents) {
            break;
        }
        growth->start_bytes = points->at[i - 1].bytes;
        growth->start_ns = points->at[i - 1].t_ns;
    }
    growth->end_bytes = last->bytes;
    growth->end_ns = last->t_ns;
}

/* It grows along a line, and in the last half at no less than half the pace: memory that is taken
 * once, or that falls again, does not. */
static bool is_ramp(struct pt_memory_growth *growth, const struct points *points)
{
    struct pt_line all, late;
    int64_t warm = growth->warm_documents, most = points->at[points->count - 1].documents;
    struct pt_fit fit = fit_between(points, warm, most);
    struct pt_fit half = fit_between(points, warm + (most - warm) / 2, most);
    growth->samples = fit.count;
    if (fit.count < LEAST_POINTS || !pt_fit_line(&fit, &all) || !pt_fit_line(&half, &late)) {
        return false;
    }
    growth->bytes_per_document = all.slope;
    growth->r2 = all.r2;
    describe(growth, points);
    int64_t grown = growth->end_bytes - growth->start_bytes;
    return all.r2 >= LEAST_R2 && late.slope >= all.slope / 2 && grown >= LEAST_GROWTH &&
           grown >= growth->start_bytes / 100 * PERCENT_OF_START;
}

struct pt_memory_growth pt_memory_growth_of(const struct pt_time_series *activity,
                                            const struct pt_time_series *memory)
{
    struct pt_memory_growth growth = {.shape = PT_MEMORY_UNKNOWN};
    struct points points;
    int64_t written = handled(activity, PT_ACTIVITY_WRITTEN);
    int value = written > 0 ? PT_ACTIVITY_WRITTEN : PT_ACTIVITY_READ;
    gather(&points, activity, memory, value);
    if (points.count < LEAST_POINTS) {
        return growth;
    }
    growth.documents = points.at[points.count - 1].documents;
    growth.warm_documents = growth.documents / WARM_UP_DIVISOR;
    growth.shape = is_ramp(&growth, &points) ? PT_MEMORY_RAMP : PT_MEMORY_PLATEAU;
    return growth;
}
