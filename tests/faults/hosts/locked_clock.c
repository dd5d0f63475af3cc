/* SPDX-License-Identifier: Apache-2.0 */
/* A clock_gettime as libfaketime's: under a mutex that no fork handler looks after. Threads that
 * are not the first one hold it for 2 ms, so that a fork meanwhile leaves it locked in the child.
 */
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

static long long milliseconds(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void hold(void)
{
    for (long long end = milliseconds() + 2; milliseconds() < end;) {}
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    pthread_mutex_lock(&reading);
    if (syscall(SYS_gettid) != getpid()) {
        hold();
    }
    int result = (int)syscall(SYS_clock_gettime, clock, ret);
    pthread_mutex_unlock(&reading);
    return result;
}
