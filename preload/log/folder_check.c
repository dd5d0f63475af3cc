/* SPDX-License-Identifier: Apache-2.0 */
#include "log/folder_check.h"

#include <stdbool.h>
#include <unistd.h>

#include "base/text.h"

#define PT_PARENTS_HIGHEST 256u
#define PT_UP              "/.."
#define PT_NOBODY          65534u /* as whom a user namespace shows owners that it does not map */

static bool is_trusted(uid_t owner)
{
    return owner == 0 || owner == geteuid();
}

static enum pt_reason check_folder(const struct stat *info)
{
    bool closed = (info->st_mode & (S_IWGRP | S_IWOTH)) == 0 || (info->st_mode & S_ISVTX) != 0;
    return is_trusted(info->st_uid) && closed ? PT_REASON_NONE : PT_REASON_DIRECTORY;
}

/* The owner of a sticky folder may rename in it what is not his. */
static bool is_open_to_all(const struct stat *info)
{
    bool sticky =
        (info->st_mode & S_ISVTX) != 0 && (is_trusted(info->st_uid) || info->st_uid == PT_NOBODY);
    return (info->st_mode & S_IWOTH) != 0 && !sticky;
}

/* By "/..", which needs no descriptor and follows the folders, not the text of the path. */
static enum pt_reason check_parents(const char *folder, struct stat below)
{
    char path[PT_PATH_BYTES + PT_PARENTS_HIGHEST * sizeof PT_UP];
    struct stat above;
    size_t at = 0;
    pt_text_append(path, sizeof path, &at, folder);
    while (pt_text_append(path, sizeof path, &at, PT_UP)) {
        if (stat(path, &above) != 0) {
            return PT_REASON_OPEN;
        }
        if (above.st_dev == below.st_dev && above.st_ino == below.st_ino) { /* the root */
            return PT_REASON_NONE;
        }
        if (is_open_to_all(&above)) {
            return PT_REASON_PARENT;
        }
        below = above;
    }
    return PT_REASON_OPEN;
}

enum pt_reason pt_folder_check(const char *folder, struct stat *info)
{
    if (stat(folder, info) != 0) { /* missing, or behind a chroot */
        return PT_REASON_OPEN;
    }
    enum pt_reason reason = check_folder(info);
    return reason == PT_REASON_NONE ? check_parents(folder, *info) : reason;
}
