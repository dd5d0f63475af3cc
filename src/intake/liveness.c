/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/liveness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_FIELD 3
#define START_FIELD 22

static bool read_file(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, room - 1, file);
    fclose(file);
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return length > 0;
}

static bool same_boot(const char *boot_id)
{
    char now[64];
    return boot_id != NULL && read_file("/proc/sys/kernel/random/boot_id", now, sizeof now) &&
           strcmp(now, boot_id) == 0;
}

/* Field `number` of /proc/PID/stat, counted from 1; the command in field 2 may hold anything, so
 * counting starts behind its last ')'. */
static const char *stat_field(const char *stat, int number)
{
    const char *at = strrchr(stat, ')');
    for (int field = 2; at != NULL && field < number; field++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL ? at + 1 : NULL;
}

bool pt_process_lives(int64_t pid, int64_t start_ticks, const char *boot_id)
{
    char path[64];
    char stat[1024];
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    if (pid <= 0 || !same_boot(boot_id) || !read_file(path, stat, sizeof stat)) {
        return false;
    }
    const char *state = stat_field(stat, STATE_FIELD);
    const char *start = stat_field(stat, START_FIELD);
    return state != NULL && *state != 'Z' && *state != 'X' && start != NULL &&
           atoll(start) == start_ticks;
}
