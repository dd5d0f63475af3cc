/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cgroup_cpu.h"

#include "host/cgroup_path.h"

/* The time in one cpu.stat; -1: there is none. */
static int64_t throttled_of(const char *root, const struct pt_cgroup *cgroup)
{
    const char *key = cgroup->unified ? "throttled_usec" : "throttled_time";
    int64_t value = pt_cgroup_number(root, cgroup, "cpu.stat", key);
    return cgroup->unified && value > 0 ? value * 1000 : value;
}

/* The longest of the cgroup and of those above it. */
static int64_t longest_of(const char *root, struct pt_cgroup cgroup)
{
    int64_t longest_ns = -1;
    do {
        int64_t ns = throttled_of(root, &cgroup);
        longest_ns = ns > longest_ns ? ns : longest_ns;
    } while (pt_cgroup_up(&cgroup));
    return longest_ns;
}

int64_t pt_cgroup_throttled_ns(void)
{
    struct pt_cgroup own;
    if (!pt_cgroup_find(&own, "cpu")) {
        return -1;
    }
    if (own.unified) {
        return longest_of("/sys/fs/cgroup", own);
    }
    int64_t ns = longest_of("/sys/fs/cgroup/cpu", own);
    return ns >= 0 ? ns : longest_of("/sys/fs/cgroup/cpu,cpuacct", own);
}
