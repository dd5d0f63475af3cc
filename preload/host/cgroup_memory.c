/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cgroup_memory.h"

#include "host/cgroup_path.h"

/* In version 1 "no limit" is the highest number of whole pages. */
#define PT_NO_LIMIT_BYTES (INT64_C(1) << 62)

static int64_t limit_of(const char *root, const struct pt_cgroup *cgroup)
{
    const char *file = cgroup->unified ? "memory.max" : "memory.limit_in_bytes";
    int64_t limit_bytes = pt_cgroup_number(root, cgroup, file, "");
    return limit_bytes < PT_NO_LIMIT_BYTES ? limit_bytes : -1;
}

static int64_t used_of(const char *root, const struct pt_cgroup *cgroup)
{
    return pt_cgroup_number(root, cgroup,
                            cgroup->unified ? "memory.current" : "memory.usage_in_bytes", "");
}

struct pt_cgroup_memory pt_cgroup_memory(void)
{
    struct pt_cgroup_memory memory = {-1, -1};
    struct pt_cgroup cgroup;
    if (!pt_cgroup_find(&cgroup, "memory")) {
        return memory;
    }
    const char *root = cgroup.unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    struct pt_cgroup lowest = cgroup;
    do {
        int64_t limit_bytes = limit_of(root, &cgroup);
        if (limit_bytes >= 0 && (memory.limit_bytes < 0 || limit_bytes < memory.limit_bytes)) {
            memory.limit_bytes = limit_bytes;
            lowest = cgroup;
        }
    } while (pt_cgroup_up(&cgroup));
    memory.used_bytes = used_of(root, &lowest);
    return memory;
}
