/* SPDX-License-Identifier: Apache-2.0 */
/* Monotonic time and exact waiting. Any thread. */
#ifndef PEER_CLOCK_H
#define PEER_CLOCK_H

#include <stdint.h>

uint64_t clock_now_ns(void);

/*
 * Returns at deadline_ns (of clock_now_ns), normally within a few microseconds after it: sleeps
 * until shortly before and spins for the rest, at most 60 microseconds. Returns at once when the
 * deadline has passed.
 */
void clock_wait_until(uint64_t deadline_ns);

#endif
