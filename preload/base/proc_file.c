/* SPDX-License-Identifier: Apache-2.0 */
#include "base/proc_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

size_t pt_proc_read(const char *path, char *out, size_t size_bytes)
{
    size_t used = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && used < size_bytes - 1) {
        ssize_t got = read(fd, out + used, size_bytes - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    out[used] = '\0';
    return used;
}

int64_t pt_proc_number_after(const char *text, const char *key)
{
    const char *found = strstr(text, key);
    if (found == NULL) {
        return -1;
    }
    found += strlen(key);
    while (*found == ' ' || *found == '\t') {
        found++;
    }
    const char *end;
    uint64_t number = pt_text_number(found, &end);
    return end == found || number > INT64_MAX ? -1 : (int64_t)number;
}

int64_t pt_proc_start_ticks(void)
{
    char text[1024];
    pt_proc_read("/proc/self/stat", text, sizeof text);
    const char *at =
        strrchr(text, ')'); /* the name in front may hold anything, blanks and brackets too */
    for (int field = 2; at && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    const char *end;
    return at ? (int64_t)pt_text_number(at + 1, &end) : -1;
}
