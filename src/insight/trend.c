/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/trend.h"

#include "base/saturate.h"

#define LEAST_BUCKETS 10

struct pt_stretch pt_trend_stretch(const struct pt_call_group *group, size_t from, size_t to)
{
    struct pt_stretch stretch = {0};
    for (size_t i = from; i < to && i < pt_series_count(&group->series); i++) {
        const int64_t *values = pt_series_at(&group->series, i);
        stretch.calls = pt_add(stretch.calls, values[PT_GROUP_CALLS]);
        stretch.documents = pt_add(stretch.documents, values[PT_GROUP_DOCUMENTS]);
        stretch.ns = pt_add(stretch.ns, values[PT_GROUP_TIME]);
        stretch.bytes = pt_add(stretch.bytes, values[PT_GROUP_BYTES]);
    }
    return stretch;
}

static double ratio(int64_t of, int64_t by)
{
    return by > 0 ? (double)of / (double)by : 0.0;
}

double pt_stretch_call(const struct pt_stretch *stretch)
{
    return ratio(stretch->ns, stretch->calls);
}

double pt_stretch_document(const struct pt_stretch *stretch)
{
    return ratio(stretch->ns, stretch->documents);
}

double pt_stretch_bytes(const struct pt_stretch *stretch)
{
    return ratio(stretch->bytes, stretch->documents);
}

bool pt_trend_by_position(const struct pt_call_group *group, struct pt_line *line)
{
    struct pt_fit fit = {0};
    int64_t position = 0;
    for (size_t i = 0; i < pt_series_count(&group->series); i++) {
        const int64_t *values = pt_series_at(&group->series, i);
        int64_t calls = values[PT_GROUP_CALLS];
        if (calls > 0) {
            pt_fit_add(&fit, pt_add(position, calls / 2), values[PT_GROUP_TIME] / calls);
        }
        position = pt_add(position, calls);
    }
    return fit.count >= LEAST_BUCKETS && pt_fit_line(&fit, line);
}
