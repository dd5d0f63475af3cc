/* SPDX-License-Identifier: Apache-2.0 */
#include "base/open_parent.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534 /* as whom a user namespace shows owners that it does not map */

static bool is_open_to_all(const char *folder)
{
    struct stat info;
    if (stat(folder, &info) != 0 || (info.st_mode & S_IWOTH) == 0) {
        return false;
    }
    bool trusted = info.st_uid == 0 || info.st_uid == geteuid() || info.st_uid == NOBODY;
    return (info.st_mode & S_ISVTX) == 0 || !trusted;
}

/* False: it is the root already. */
static bool go_up(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || path[1] == '\0') {
        return false;
    }
    slash[slash == path] = '\0';
    return true;
}

char *pt_open_parent(const char *folder, bool itself)
{
    char *path = realpath(folder, NULL);
    bool found = path != NULL && itself && is_open_to_all(path);
    while (path != NULL && !found && go_up(path)) {
        found = is_open_to_all(path);
    }
    if (!found) {
        free(path);
        path = NULL;
    }
    return path;
}
