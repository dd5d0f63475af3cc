/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_RANDOM_H
#define MASKER_RANDOM_H

/*
 * A small seeded generator of pseudo-random numbers (SplitMix64): the same seed gives the same
 * sequence on every machine. Not for secrets. A plain value; one thread at a time may use one of
 * them.
 */

#include <stdint.h>

typedef struct {
    uint64_t state;
} random_source;

static inline uint64_t random_next(random_source *source)
{
    uint64_t z = (source->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number in [0, limit); limit 0 gives 0. The bias of the modulo is far below what test data can
 * show. */
static inline uint32_t random_below(random_source *source, uint32_t limit)
{
    return limit == 0 ? 0 : (uint32_t)((random_next(source) >> 32) % limit);
}

#endif
