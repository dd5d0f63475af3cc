/* SPDX-License-Identifier: Apache-2.0 */
/* model_sums.h: sums over all processes of a model; computed anew by each call. */
#ifndef PHASETAP_MODEL_SUMS_H
#define PHASETAP_MODEL_SUMS_H

#include "model/model.h"

struct pt_profiler_cost {
    int64_t events, dropped, handles, torn, damaged_bytes, damaged_places, implausible;
    int64_t left_out;      /* documents that are in totals alone */
    int64_t overflow;      /* of them, those that found no room in the ring */
    int64_t clocks, cpus;  /* reads of the two clocks */
    bool clocks_estimated; /* a thread that was killed could not declare its reads */
    int64_t log_bytes, sampler_ns;
    int64_t overhead_ns;                 /* all of it, in time of one core */
    int32_t dropped_reason;              /* of the first process that dropped events */
    const struct pt_process *dropped_by; /* NULL: none */
};
struct pt_profiler_cost pt_model_cost(const struct pt_model *model);

/* Where the time of several threads went. */
struct pt_time_use {
    int64_t wall_ns;
    int64_t parts_ns[PT_PART_COUNT];
    int64_t within_ns[PT_WITHIN_COUNT];
};
struct pt_time_use pt_model_time(const struct pt_model *model);

/* What the run wrote, and what became of the rest: over all phases that write. */
void pt_model_writes(const struct pt_model *model, int64_t writes[PT_WRITE_COUNTS]);
struct pt_outcome pt_model_outcome(const struct pt_model *model);

#endif
