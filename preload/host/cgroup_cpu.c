/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cgroup_cpu.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/proc_file.h"
#include "base/text.h"

/* True if `controllers`, a list between colons as in "4:cpu,cpuacct:/path", holds `cpu`. */
static bool has_cpu(const char *controllers, const char *end)
{
    while (controllers < end) {
        size_t length = strcspn(controllers, ",:");
        if (length == 3 && memcmp(controllers, "cpu", 3) == 0) {
            return true;
        }
        controllers += length + 1;
    }
    return false;
}

/* The path of the line of /proc/self/cgroup that is about the CPU; of version 1 before that of
 * version 2 ("0::/path"), which in a mixed system has no CPU controller. Ends it with a zero. */
static char *find_path(char *text, bool *unified)
{
    char *found = NULL;
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        char *list = strchr(line, ':');
        char *path = list && list < end ? strchr(list + 1, ':') : NULL;
        bool cpu = path && path < end && has_cpu(list + 1, path);
        if (path && path < end && (cpu || (found == NULL && path == list + 1))) {
            *unified = !cpu;
            found = path + 1;
        }
        line = end + (*end != '\0');
        *end = '\0';
        if (cpu) {
            break;
        }
    }
    return found;
}

/* The time in one cpu.stat; -1: there is none. */
static int64_t throttled_of(const char *root, const char *path, bool unified)
{
    char name[1024], text[1024];
    size_t at = 0;
    bool fits = pt_text_append(name, sizeof name, &at, root) &&
                pt_text_append(name, sizeof name, &at, path) &&
                pt_text_append(name, sizeof name, &at, "/cpu.stat");
    if (!fits || pt_proc_read(name, text, sizeof text) == 0) {
        return -1;
    }
    int64_t value = pt_proc_number_after(text, unified ? "throttled_usec" : "throttled_time");
    return unified && value > 0 ? value * 1000 : value;
}

/* The longest of the cgroup and of those above it. */
static int64_t longest_of(const char *root, const char *own_path, bool unified)
{
    char path[512];
    size_t at = 0;
    int64_t longest_ns = -1;
    if (!pt_text_append(path, sizeof path, &at, own_path)) {
        return -1;
    }
    for (;;) {
        int64_t ns = throttled_of(root, path, unified);
        char *slash = strrchr(path, '/');
        longest_ns = ns > longest_ns ? ns : longest_ns;
        if (slash == NULL) {
            return longest_ns;
        }
        *slash = '\0';
    }
}

int64_t pt_cgroup_throttled_ns(void)
{
    char text[2048];
    bool unified = false;
    pt_proc_read("/proc/self/cgroup", text, sizeof text);
    char *path = find_path(text, &unified);
    if (path == NULL) {
        return -1;
    }
    if (unified) {
        return longest_of("/sys/fs/cgroup", path, true);
    }
    int64_t ns = longest_of("/sys/fs/cgroup/cpu", path, false);
    return ns >= 0 ? ns : longest_of("/sys/fs/cgroup/cpu,cpuacct", path, false);
}
