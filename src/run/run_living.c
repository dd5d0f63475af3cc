/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_living.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENVIRONMENT_HIGHEST (256 * 1024)

static ssize_t read_of(pid_t pid, const char *name, char *out, size_t room)
{
    char path[64];
    size_t used = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (ssize_t got = 1; fd >= 0 && got > 0 && used < room; used += got > 0 ? (size_t)got : 0) {
        got = read(fd, out + used, room - used);
    }
    if (fd >= 0) {
        close(fd);
    }
    return (ssize_t)used;
}

static bool has_address(pid_t pid, const char *address, char *buffer)
{
    size_t used = (size_t)read_of(pid, "environ", buffer, ENVIRONMENT_HIGHEST);
    return memmem(buffer, used, address, strlen(address)) != NULL;
}

/* A zombie has no environment. */
static pid_t find(DIR *folder, const char *address, char *buffer)
{
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
        if (pid > 0 && pid != getpid() && has_address(pid, address, buffer)) {
            return pid;
        }
    }
    return 0;
}

bool pt_run_living_find(const char *address, struct pt_run_living *ret_living)
{
    DIR *folder = opendir("/proc");
    char *buffer = malloc(ENVIRONMENT_HIGHEST);
    *ret_living = (struct pt_run_living){0};
    if (folder != NULL && buffer != NULL) {
        ret_living->pid = find(folder, address, buffer);
    }
    if (ret_living->pid > 0) {
        read_of(ret_living->pid, "comm", ret_living->name, sizeof ret_living->name - 1);
        ret_living->name[strcspn(ret_living->name, "\n")] = '\0';
    }
    free(buffer);
    if (folder != NULL) {
        closedir(folder);
    }
    return ret_living->pid > 0;
}
