/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h: the two clocks, in nanoseconds. Any layer, any thread; cannot fail.
 *
 * pt_now_ns reads CLOCK_MONOTONIC through the vDSO, without a system call. pt_thread_cpu_ns, the
 * CPU time of the calling thread, always needs a system call (about 0.2 us on metal, 1.8 us in the
 * virtual machine of docs/BENCHMARKS.md); it is therefore read only where application time begins
 * and ends, twice for each call that goes to the network.
 */
#ifndef PT_CLOCK_H
#define PT_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t pt_clock_read_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t pt_now_ns(void)
{
    return pt_clock_read_ns(CLOCK_MONOTONIC);
}

static inline int64_t pt_thread_cpu_ns(void)
{
    return pt_clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

#endif
