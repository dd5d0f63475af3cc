/* SPDX-License-Identifier: Apache-2.0 */
#include "host/time_namespace.h"

#include <string.h>
#include <sys/stat.h>

#include "base/proc_file.h"
#include "base/text.h"

#define PT_FIRST_TIME_NAMESPACE 0xEFFFFFFA /* PROC_TIME_INIT_INO of the kernel */

/* The file tells of the namespace that children get, which may be another one. */
static bool is_for_children(int64_t inode)
{
    struct stat info;
    return stat("/proc/self/ns/time_for_children", &info) == 0 && (int64_t)info.st_ino == inode;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}

/* "monotonic  -200  0": seconds, which may be negative, and nanoseconds, which may not. */
static bool parse(const char *text, int64_t *ret_ns)
{
    static const char key[] = "monotonic";
    const char *at = strstr(text, key);
    if (at == NULL) {
        return false;
    }
    at += sizeof key - 1;
    at = skip_blanks(at);
    bool behind = *at == '-';
    at += behind;
    int64_t seconds = (int64_t)pt_text_number(at, &at);
    at = skip_blanks(at);
    int64_t ns = (int64_t)pt_text_number(at, &at);
    *ret_ns = (behind ? -seconds : seconds) * 1000000000 + ns;
    return true;
}

bool pt_time_offset(int64_t inode, int64_t *ret_ns)
{
    char text[256];
    *ret_ns = 0;
    if (inode == 0 || inode == PT_FIRST_TIME_NAMESPACE) {
        return true;
    }
    return is_for_children(inode) &&
           pt_proc_read("/proc/self/timens_offsets", text, sizeof text) > 0 && parse(text, ret_ns);
}
