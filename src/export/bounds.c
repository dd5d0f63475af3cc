/* SPDX-License-Identifier: Apache-2.0 */
#include "export/bounds.h"

#define MS 1000000LL
#define S  1000000000LL

static const int64_t opentelemetry[] = {1 * MS,   5 * MS, 10 * MS, 50 * MS, 100 * MS,
                                        500 * MS, 1 * S,  5 * S,   10 * S};
static const int64_t phase[] = {MS / 2, 1 * MS, 5 * MS, 10 * MS, 50 * MS, 100 * MS, 500 * MS,
                                1 * S,  5 * S,  10 * S, 30 * S,  60 * S,  300 * S,  600 * S};

const struct pt_bounds pt_bounds_opentelemetry = {opentelemetry,
                                                  sizeof opentelemetry / sizeof opentelemetry[0]};
const struct pt_bounds pt_bounds_phase = {phase, sizeof phase / sizeof phase[0]};
_Static_assert(sizeof phase / sizeof phase[0] <= PT_BOUNDS_HIGHEST, "room for the counts");

size_t pt_bounds_of(const struct pt_bounds *bounds, int64_t duration_ns)
{
    size_t at = 0;
    while (at < bounds->count && duration_ns > bounds->ns[at]) {
        at++;
    }
    return at;
}
