/* SPDX-License-Identifier: Apache-2.0 */
#include "host/process_age.h"

#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/proc_file.h"

/* The kernel counts ticks since boot, the time that the machine was suspended included. */
static int64_t forked_ns(void)
{
    int64_t ticks = pt_proc_stat_field(PT_STAT_START_TICKS);
    int64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
    int64_t suspended_ns = pt_clock_read_ns(CLOCK_BOOTTIME) - pt_now_ns();
    return ticks < 0 ? -1 : ticks * tick_ns - suspended_ns;
}

int64_t pt_process_start_ns(void)
{
    int64_t loaded_ns = pt_options.loaded_ns;
    if (getpid() == pt_options.loaded_pid) {
        return loaded_ns;
    }
    int64_t start_ns = forked_ns();
    int64_t now_ns = pt_now_ns();
    return start_ns < loaded_ns ? loaded_ns : start_ns < now_ns ? start_ns : now_ns;
}
