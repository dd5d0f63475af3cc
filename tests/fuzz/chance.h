/* SPDX-License-Identifier: Apache-2.0 */
/* chance.h: pseudo-random numbers that a seed repeats (xorshift), and values that break readers. */
#ifndef FUZZ_CHANCE_H
#define FUZZ_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state; /* never 0 */
};

static inline struct chance chance_of(uint64_t seed)
{
    return (struct chance){(seed + 1) * 0x9E3779B97F4A7C15ull | 1};
}

static inline uint64_t chance_next(struct chance *chance)
{
    chance->state ^= chance->state << 13;
    chance->state ^= chance->state >> 7;
    chance->state ^= chance->state << 17;
    return chance->state;
}

/* 0 .. below - 1 */
static inline uint32_t chance_below(struct chance *chance, uint32_t below)
{
    return (uint32_t)((chance_next(chance) >> 32) % below);
}

/* Mostly small ids, now and then a limit of the type or anything. */
static inline int64_t chance_number(struct chance *chance)
{
    static const int64_t edges[] = {
        -1,    INT32_MAX, INT32_MIN,     INT64_MAX, INT64_MIN,       65535,
        65536, 256,       1000000000000, 1LL << 53, PTRDIFF_MAX / 2, INT64_MAX - 1};
    switch (chance_below(chance, 8)) {
    case 0:
        return edges[chance_below(chance, sizeof edges / sizeof edges[0])];
    case 1:
        return (int64_t)chance_next(chance);
    case 2:
        return 64 + chance_below(chance, 8);
    case 3:
        return 1000000LL * chance_below(chance, 100000);
    default:
        return chance_below(chance, 18);
    }
}

#endif
