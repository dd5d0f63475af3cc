/* SPDX-License-Identifier: Apache-2.0 */
/* A preloaded clock_gettime that is ten days ahead, as libfaketime's may be. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define AHEAD_S (10 * 24 * 3600)

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    int result = (int)syscall(SYS_clock_gettime, clock, ret);
    ret->tv_sec += result == 0 && clock == CLOCK_MONOTONIC ? AHEAD_S : 0;
    return result;
}
