/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_maker.h: documents made up by a fixed row of random numbers: calls of all kinds, connections
 * before and inside them, errors, mixed bulks, transactions. The same after each call_maker_begin.
 * One thread.
 */
#ifndef CALL_MAKER_H
#define CALL_MAKER_H

#include <stdint.h>

struct pt_pen;

void call_maker_begin(void);
/* The next random number, at least 0 and less than the limit. */
int64_t call_maker_below(int64_t limit);
/* All documents of one call. */
void call_maker_write(struct pt_pen *pen, int32_t q, int64_t t);

#endif
