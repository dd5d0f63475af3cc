/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup_cpu.h: how long the CPU quota of the process's cgroups, version 1 or 2, was used up.
 *
 * Quotas hold for a cgroup and all below it, so the process's own and all above it are read, as far
 * as the mount shows them; the one that was throttled longest counts. By the sampler.
 */
#ifndef PT_CGROUP_CPU_H
#define PT_CGROUP_CPU_H

#include <stdint.h>

/* ns since the cgroup was made; -1: there is no CPU controller, or its files are not mounted in
 * /sys/fs/cgroup. */
int64_t pt_cgroup_throttled_ns(void);

#endif
