/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bounds.h: durations counted by fixed boundaries, as the histograms of metrics want them: for each
 * boundary the durations up to it that exceed the one before, and one more count for those above
 * the last. Pure functions on constant tables; any thread.
 */
#ifndef PHASETAP_BOUNDS_H
#define PHASETAP_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/* In ns, rising. */
struct pt_bounds {
    const int64_t *ns;
    size_t count;
};

/* Those that OpenTelemetry's conventions ask for in db.client.operation.duration, 1 ms to 10 s.
 * https://opentelemetry.io/docs/specs/semconv/database/database-metrics/ */
extern const struct pt_bounds pt_bounds_opentelemetry;
/* Of phases: from 0.5 ms to 10 minutes, since batches of a slow run last longer than 10 s. */
extern const struct pt_bounds pt_bounds_phase;
#define PT_BOUNDS_HIGHEST 16

/* The count that a duration belongs to: 0 up to bounds->count. */
size_t pt_bounds_of(const struct pt_bounds *bounds, int64_t duration_ns);

#endif
