/* SPDX-License-Identifier: Apache-2.0 */
/* Monotonic time and exact waiting; clock.h is the manual. */
#include "clock.h"

#include <errno.h>
#include <time.h>

enum { SPIN_NS = 60000, NS_PER_S = 1000000000 };

uint64_t clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void clock_wait_until(uint64_t deadline_ns)
{
    if (deadline_ns > clock_now_ns() + SPIN_NS) {
        uint64_t wake_ns = deadline_ns - SPIN_NS;
        struct timespec wake = {(time_t)(wake_ns / NS_PER_S), (long)(wake_ns % NS_PER_S)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL) == EINTR) {}
    }
    while (clock_now_ns() < deadline_ns) {}
}
