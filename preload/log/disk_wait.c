/* SPDX-License-Identifier: Apache-2.0 */
#include "log/disk_wait.h"

#include <stdatomic.h>

#include "base/clock.h"

static atomic_bool waiting;
static atomic_llong since_ns;

void pt_disk_wait_begins(void)
{
    atomic_store(&since_ns, pt_now_ns());
    atomic_store(&waiting, true);
}

void pt_disk_wait_ends(void)
{
    atomic_store(&waiting, false);
}

bool pt_disk_is_awaited(void)
{
    return atomic_load(&waiting);
}

bool pt_disk_is_stalled(void)
{
    return pt_disk_is_awaited() && pt_now_ns() - atomic_load(&since_ns) >= PT_STALL_NS;
}
