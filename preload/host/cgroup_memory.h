/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup_memory.h: the memory limit of the process's cgroups, version 1 or 2: the lowest of its own
 * and of those above it, with what is used in the cgroup that has it. By the sampler.
 */
#ifndef PT_CGROUP_MEMORY_H
#define PT_CGROUP_MEMORY_H

#include <stdint.h>

struct pt_cgroup_memory {
    int64_t limit_bytes; /* -1: there is none */
    int64_t used_bytes;  /* where the limit is, without one in its own cgroup; -1: not known */
};

struct pt_cgroup_memory pt_cgroup_memory(void);

#endif
