/* SPDX-License-Identifier: Apache-2.0 */
#include "text/shown_path.h"

#include <string.h>

const char *pt_shown_path(const char *path)
{
    size_t length = sizeof PT_UNNAMED_FOLDER - 1;
    return strncmp(path, PT_UNNAMED_FOLDER, length) == 0 ? "standard input" : path;
}
