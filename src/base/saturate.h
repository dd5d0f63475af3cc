/* SPDX-License-Identifier: Apache-2.0 */
/*
 * saturate.h: additions, subtractions and products that stop at the limit of int64_t. Every number
 * of a log is untrusted; with these no log can cause a signed overflow. A saturated sum is wrong,
 * but such a log never came from libphasetap.so.
 */
#ifndef PHASETAP_SATURATE_H
#define PHASETAP_SATURATE_H

#include <stdint.h>

static inline int64_t pt_add(int64_t a, int64_t b)
{
    int64_t sum;
    if (!__builtin_add_overflow(a, b, &sum)) {
        return sum;
    }
    return b > 0 ? INT64_MAX : INT64_MIN;
}

static inline int64_t pt_sub(int64_t a, int64_t b)
{
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference)) {
        return difference;
    }
    return b < 0 ? INT64_MAX : INT64_MIN;
}

static inline int64_t pt_mul(int64_t a, int64_t b)
{
    int64_t product;
    if (!__builtin_mul_overflow(a, b, &product)) {
        return product;
    }
    return (a > 0) == (b > 0) ? INT64_MAX : INT64_MIN;
}

static inline int64_t pt_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t pt_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#endif
