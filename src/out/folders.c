/* SPDX-License-Identifier: Apache-2.0 */
#include "out/folders.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

bool pt_folders_make(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) {
            return false;
        }
    }
    return true;
}
