/* SPDX-License-Identifier: Apache-2.0 */
#include "base/proc_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/raw_file.h"
#include "base/text.h"

size_t pt_proc_read(const char *path, char *out, size_t size_bytes)
{
    size_t used = 0;
    int fd = pt_raw_open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && used < size_bytes - 1) {
        ssize_t got = pt_raw_pread(fd, out + used, size_bytes - 1 - used, (off_t)used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    if (fd >= 0) {
        pt_raw_close(fd);
    }
    out[used] = '\0';
    return used;
}

size_t pt_proc_read_kept(struct pt_proc_kept *file, char *out, size_t size_bytes)
{
    if (file->fd < 0) {
        file->fd = pt_raw_open(file->path, O_RDONLY | O_CLOEXEC);
    }
    ssize_t got = file->fd < 0 ? 0 : pt_raw_pread(file->fd, out, size_bytes - 1, 0);
    if (got <= 0 && file->fd >= 0) {
        pt_raw_close(file->fd);
        file->fd = -1;
    }
    size_t used = got > 0 ? (size_t)got : 0;
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

int64_t pt_proc_stat_field(int field)
{
    char text[1024];
    pt_proc_read("/proc/self/stat", text, sizeof text);
    return pt_proc_stat_field_of(text, field);
}

int64_t pt_proc_stat_field_of(const char *text, int field)
{
    /* Field 2, the name, may itself hold blanks and brackets: count from its last bracket on. */
    const char *at = strrchr(text, ')');
    for (int passed = 2; at && passed < field; passed++) {
        at = strchr(at + 1, ' ');
    }
    const char *end;
    return at ? (int64_t)pt_text_number(at + 1, &end) : -1;
}

void pt_program_name(char *out, size_t size_bytes)
{
    char path[PT_PATH_BYTES];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(path, '/');
    size_t at = 0;
    pt_text_append(out, size_bytes, &at, slash && slash[1] ? slash + 1 : "program");
    char *deleted = strstr(out, " (deleted)"); /* the kernel's note on a replaced executable */
    if (deleted) {
        *deleted = '\0';
    }
}
