/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff_case.h: runs whose distribution is known, for the tests of `diff`: as figures, and as real
 * logs that are written, read and modelled. The same sequence on every machine. One thread.
 */
#ifndef DIFF_CASE_H
#define DIFF_CASE_H

#include <stdint.h>

#include "diff/side.h"

/* Uniform in (0, 1], and normal with mean 0 and deviation 1. */
double chance_uniform(void);
double chance_normal(void);
void chance_start(uint64_t seed);

struct made_run {
    int calls;      /* of each phase */
    double slower;  /* 1.0: as always; 1.1: each insertion takes 10 % longer */
    double between; /* relative deviation from run to run */
    double within;  /* of calls */
};

/* A log with so many queries (8 ms), gaps of masking (2 ms) and insertions (10 ms). */
void add_made_log(struct pt_side *side, const struct made_run *run);

#endif
