/* SPDX-License-Identifier: Apache-2.0 */
/* folders.h: the folders of an output that are missing. */
#ifndef PHASETAP_FOLDERS_H
#define PHASETAP_FOLDERS_H

#include <stdbool.h>

/* Makes the folders of a file's path that are missing, with mode 0700, as the original did; not the
 * last part. `path` is changed and restored. False, with errno, where one cannot be made. */
bool pt_folders_make(char *path);

#endif
