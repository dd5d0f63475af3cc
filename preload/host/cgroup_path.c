/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cgroup_path.h"

#include <stddef.h>
#include <string.h>

#include "base/proc_file.h"
#include "base/text.h"

/* True if `list`, between colons as in "4:cpu,cpuacct:/path", holds the controller. */
static bool holds(const char *list, const char *end, const char *controller)
{
    size_t wanted = strlen(controller);
    while (list < end) {
        size_t length = strcspn(list, ",:");
        if (length == wanted && memcmp(list, controller, wanted) == 0) {
            return true;
        }
        list += length + 1;
    }
    return false;
}

/* The path of the line of /proc/self/cgroup that is about the controller; of version 1 before that
 * of version 2 ("0::/path"), which in a mixed system does not have it. Ends it with a zero. */
static char *find_path(char *text, const char *controller, bool *unified)
{
    char *found = NULL;
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        char *list = strchr(line, ':');
        char *path = list && list < end ? strchr(list + 1, ':') : NULL;
        bool has = path && path < end && holds(list + 1, path, controller);
        if (path && path < end && (has || (found == NULL && path == list + 1))) {
            *unified = !has;
            found = path + 1;
        }
        line = end + (*end != '\0');
        *end = '\0';
        if (has) {
            break;
        }
    }
    return found;
}

bool pt_cgroup_find(struct pt_cgroup *cgroup, const char *controller)
{
    char text[2048];
    size_t at = 0;
    pt_proc_read("/proc/self/cgroup", text, sizeof text);
    char *path = find_path(text, controller, &cgroup->unified);
    return path && pt_text_append(cgroup->path, sizeof cgroup->path, &at, path);
}

int64_t pt_cgroup_number(const char *root, const struct pt_cgroup *cgroup, const char *file,
                         const char *key)
{
    char name[1024], text[1024];
    size_t at = 0;
    bool fits = pt_text_append(name, sizeof name, &at, root) &&
                pt_text_append(name, sizeof name, &at, cgroup->path) &&
                pt_text_append(name, sizeof name, &at, "/") &&
                pt_text_append(name, sizeof name, &at, file);
    return fits && pt_proc_read(name, text, sizeof text) > 0 ? pt_proc_number_after(text, key) : -1;
}

bool pt_cgroup_up(struct pt_cgroup *cgroup)
{
    char *slash = strrchr(cgroup->path, '/');
    if (slash) {
        *slash = '\0';
    }
    return slash != NULL;
}
