/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup_path.h: the control group of this process, of version 1 or 2. Limits and quotas hold for a
 * cgroup and all below it, so a reader begins at the process's own and goes up, as far as the mount
 * shows them. By the sampler.
 */
#ifndef PT_CGROUP_PATH_H
#define PT_CGROUP_PATH_H

#include <stdbool.h>
#include <stdint.h>

#define PT_CGROUP_BYTES 512u

struct pt_cgroup {
    bool unified; /* version 2 */
    char path[PT_CGROUP_BYTES];
};

/* Of `controller` ("cpu"); false: there is none. */
bool pt_cgroup_find(struct pt_cgroup *cgroup, const char *controller);
/* The number behind `key` in `file` of that cgroup below `root`; -1: there is no such file or
 * number. */
int64_t pt_cgroup_number(const char *root, const struct pt_cgroup *cgroup, const char *file,
                         const char *key);
/* To the cgroup above; false: that was the last one. */
bool pt_cgroup_up(struct pt_cgroup *cgroup);

#endif
