/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shares.h: whole numbers in proportion to values, which add up exactly: percentages of a column,
 * characters of a bar. Largest remainder (Hare's method): each gets the whole part of its exact
 * share, and what is missing goes to the largest fractions, the first of equal ones first. None is
 * off by one or more. Values below 0 count as 0. Any thread.
 */
#ifndef PHASETAP_SHARES_H
#define PHASETAP_SHARES_H

#include <stddef.h>
#include <stdint.h>

#define PT_SHARES_HIGHEST 64

/* Divides `total` among `count` (at most PT_SHARES_HIGHEST) values; all 0 when no value is above
 * 0. */
void pt_shares(const int64_t *values, size_t count, int total, int *ret_shares);

#endif
